/** The code version: the package's version and the hash of the sources it was built from. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTextFile } from '../base/index.ts';

/** For instance `0.1.0+3f2a9c81b004`; the same sources have the same version wherever they are built. */
export function codeVersion(): string {
  const sources = readField('../build.json', 'sources');
  return `${readField('../../package.json', 'version')}+${sources ?? 'unbuilt'}`;
}

function readField(path: string, field: string): string | undefined {
  const file = fileURLToPath(new URL(path, import.meta.url));
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readTextFile(file)) as Record<string, string>)[field];
}
