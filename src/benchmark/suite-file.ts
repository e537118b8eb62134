/** Suite files on disk, with the scenarios they name. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readTextFile } from '../base/index.ts';
import { readScenario } from '../scenario/index.ts';
import { defaultReference, parseSuite, type Suite } from './suite.ts';

/** The suite in this file. Throws FILE_*, YAML_SYNTAX, SUITE_INVALID or SCENARIO_*. */
export function readSuite(file: string): Suite {
  const document = parseSuite(readTextFile(file), { file });
  return {
    name: document.name,
    scenarios: document.scenarios
      .flatMap((path) => scenarioFiles(resolve(dirname(file), path)))
      .map((path) => readScenario(path)),
    order: document.order,
    chaos: document.chaos,
    episodes: document.episodes,
    fewerEpisodes: document.fewerEpisodes,
    quietRatio: document.quietRatio ?? null,
    seed: document.seed,
    engine: document.engine,
    reference: document.reference ?? defaultReference(document.order),
  };
}

/** A file itself; of a folder the scenarios in it, by name. */
function scenarioFiles(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => join(path, name));
}
