/** Suite files on disk, with the scenarios they name. */

import { dirname, resolve } from 'node:path';
import { readTextFile } from '../base/index.ts';
import { readScenario } from '../scenario/index.ts';
import { defaultReference, parseSuite, type Suite } from './suite.ts';

/** The suite in this file. Throws FILE_*, YAML_SYNTAX, SUITE_INVALID or SCENARIO_*. */
export function readSuite(file: string): Suite {
  const document = parseSuite(readTextFile(file), { file });
  return {
    name: document.name,
    scenarios: document.scenarios.map((scenario) => readScenario(resolve(dirname(file), scenario))),
    order: document.order,
    chaos: document.chaos,
    episodes: document.episodes,
    quietRatio: document.quietRatio ?? null,
    seed: document.seed,
    engine: document.engine,
    reference: document.reference ?? defaultReference(document.order),
  };
}
