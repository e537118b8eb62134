/** Scenario files on disk, and those they extend. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeeplOpsError, nearestName, readTextFile } from '../base/index.ts';
import type { BaseFile } from './extend-document.ts';
import { parseScenario, parseScenarioDocument } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';
import { scenarioToYaml } from './scenario-to-yaml.ts';
import { parseYaml } from './yaml-source.ts';

/** The scenario in this file. Throws FILE_*, YAML_SYNTAX or SCENARIO_*. */
export function readScenario(file: string): Scenario {
  return parseScenario(readTextFile(file), { file, readBase });
}

/** The text of a scenario file that stands alone: as it is, or put together with the files it extends. */
export function readScenarioText(file: string): string {
  const text = readTextFile(file);
  const { value } = parseYaml(text, { file });
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'extends')) return text;
  const document = parseScenarioDocument(text, { file, readBase });
  return scenarioToYaml(document, { header: `${basename(file)}, put together with the files it extends` });
}

/** A path relative to the file that says it, or the name of a scenario that comes with the program. */
function readBase(reference: string, from: string): BaseFile {
  const path = isAbsolute(reference) ? reference : join(dirname(from), reference);
  const file = existsSync(path) ? path : shippedFile(reference);
  if (file !== undefined) return { file, identity: realpathSync(file), text: readTextFile(file) };
  const guess = nearestName(reference, shippedFiles().keys());
  const hint = `${guess === undefined ? '' : `Did you mean ${guess}? `}A path counts from the file that says it.`;
  throw new DeeplOpsError('FILE_NOT_FOUND', 'there is no such file', { place: { file: path }, hint });
}

function shippedFile(name: string): string | undefined {
  return shippedFiles().get(name);
}

/** Those in the folder of shipped scenarios and the folders in it, by name. */
function shippedFiles(): ReadonlyMap<string, string> {
  const root = fileURLToPath(new URL('../../scenarios', import.meta.url));
  if (!existsSync(root)) return new Map();
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = [root, ...folders.map(({ name }) => join(root, name))].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => [name.slice(0, -'.yaml'.length), join(folder, name)] as const),
  );
  return new Map(files.reverse());
}
