/** Scenario files on disk. */
import { readTextFile } from '../base/index.ts';
import { parseScenario } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';

/** The scenario in this file. Throws FILE_*, YAML_SYNTAX or SCENARIO_*. */
export function readScenario(file: string): Scenario {
  return parseScenario(readTextFile(file), { file });
}
