/** The scenarios, suites and agents that come with the program, by name, and files of the user's own by path. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeeplOpsError, nearestName } from '../base/index.ts';
import { readScenario, type Scenario } from '../scenario/index.ts';

const scenariosFolder = folderOf('scenarios');
const suitesFolder = join(scenariosFolder, 'suites');
const phenomenaFolder = join(scenariosFolder, 'phenomena');
const outagesFolder = join(scenariosFolder, 'outages');

/** Folder of the agents that come with the program. */
export const agentsFolder: string = folderOf('agents');

/** A file that comes with the program. */
export interface ShippedFile {
  readonly name: string;
  readonly file: string;
}

/** Scenarios by name. */
export function shippedScenarios(): ShippedFile[] {
  return yamlFiles(scenariosFolder);
}

/** Small scenarios that each show one way in which systems fail, by name. */
export function shippedPhenomena(): ShippedFile[] {
  return yamlFiles(phenomenaFolder);
}

/** Outages on the default scenario, by name. */
export function shippedOutages(): ShippedFile[] {
  return yamlFiles(outagesFolder);
}

/** All that the name of a scenario may mean. */
export function namedScenarios(): ShippedFile[] {
  return [...shippedScenarios(), ...shippedPhenomena(), ...shippedOutages()];
}

/** Suites by name. */
export function shippedSuites(): ShippedFile[] {
  return yamlFiles(suitesFolder);
}

/** Trained agents by name. */
export function shippedAgents(): ShippedFile[] {
  if (!existsSync(agentsFolder)) return [];
  return readdirSync(agentsFolder)
    .filter((name) => existsSync(join(agentsFolder, name, 'card.json')))
    .sort()
    .map((name) => ({ name, file: join(agentsFolder, name) }));
}

/** The file meant by a path or by the name of a shipped scenario or suite; FILE_NOT_FOUND, with a guess, if none is. */
export function findFile(reference: string, shipped: readonly ShippedFile[]): string {
  if (existsSync(reference)) return reference;
  const known = shipped.find(({ name }) => name === reference);
  if (known) return known.file;
  const names = shipped.map(({ name }) => name);
  const guess = nearestName(basename(reference, '.yaml'), names);
  const hint = `${guess ? `Did you mean ${guess}? ` : ''}Give the path of a file, or one of ${names.join(', ')}.`;
  throw new DeeplOpsError('FILE_NOT_FOUND', 'there is no such file', { place: { file: reference }, hint });
}

/** The scenario meant by a path or a name. */
export function findScenario(reference: string): Scenario {
  return readScenario(findFile(reference, namedScenarios()));
}

/** How a file at `out` (left out: in the current folder) refers to the JSON Schema of scenarios. */
export function schemaReference(out: string | undefined): string {
  return pathFrom(out, join(scenariosFolder, 'scenario.schema.json'));
}

/** How a scenario at `out` refers to the one it extends: by path, or a shipped one by name. */
export function baseReference(reference: string, out: string | undefined): string {
  return existsSync(reference) ? pathFrom(out, resolve(reference)) : reference;
}

function pathFrom(out: string | undefined, target: string): string {
  const path = relative(out === undefined ? '.' : dirname(out), target);
  const slashed = path.replaceAll('\\', '/');
  return slashed.startsWith('.') ? slashed : `./${slashed}`;
}

function folderOf(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

function yamlFiles(folder: string): ShippedFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ name: basename(file, '.yaml'), file: join(folder, file) }));
}
