/** Data that is handed to the project but is not part of it: found by DEEPL_OPS_DATA, else beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = process.env.DEEPL_OPS_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** The text of a provided file, or null when it is not there. */
export function providedText(path: string): string | null {
  const file = `${folder}/${path}`;
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
