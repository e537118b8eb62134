/** Reads the text of a scenario file: YAML, then schema, then names and relations, each complaint with its place. */
import { DeeplOpsError } from '../base/index.ts';
import { compileScenario } from './compile-scenario.ts';
import type { ScenarioDocument } from './document.ts';
import { extendedSource, type ReadBase } from './extend-document.ts';
import type { Scenario } from './scenario.ts';
import { invalidField } from './scenario-error.ts';
import { scenarioDocumentSchema } from './schema.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** How to read a scenario. */
export interface ParseOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  /** Reads the files that a scenario extends; left out, it must stand alone. */
  readonly readBase?: ReadBase;
}

/** The scenario in this text. Throws YAML_SYNTAX or SCENARIO_* with file, line and column. */
export function parseScenario(text: string, options: ParseOptions): Scenario {
  const { document, source } = readDocument(text, options);
  return compileScenario(document, source.locate);
}

/** The checked document in this text, as written: units and defaults are left alone. */
export function parseScenarioDocument(text: string, options: ParseOptions): ScenarioDocument {
  return readDocument(text, options).document;
}

/** Compiles a document made by a program, with the same checks as for a file. */
export function compileDocument(document: ScenarioDocument, options: ParseOptions): Scenario {
  const locate = () => ({ file: options.file });
  return compileScenario(checkDocument(document, locate, options.file), locate);
}

function readDocument(text: string, options: ParseOptions): { document: ScenarioDocument; source: YamlSource } {
  const source = extendedSource(parseYaml(text, options), options);
  return { document: checkDocument(source.value, source.locate, options.file), source };
}

function checkDocument(value: unknown, locate: YamlSource['locate'], file: string): ScenarioDocument {
  if (value === null || value === undefined) {
    throw new DeeplOpsError('SCENARIO_INVALID', 'the file is empty', {
      place: { file },
      hint: 'A scenario has at least `name`, `nodes`, `services` and `workloads`.',
    });
  }
  const result = scenarioDocumentSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue?.code === 'unrecognized_keys') {
    throw invalidField(path, issue.message, locate([...path, issue.keys[0] ?? ''], 'key'));
  }
  if (issue?.code === 'invalid_key') {
    throw invalidField(path, issue.issues[0]?.message ?? issue.message, locate(path, 'key'));
  }
  const message = issue?.message ?? 'is not a scenario';
  throw invalidField(path, missing(value, path) ? `is missing; ${message}` : message, locate(path));
}

/** Whether nothing at all is written at this path. */
function missing(value: unknown, path: readonly (string | number)[]): boolean {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return true;
    current = Reflect.get(current, step);
  }
  return false;
}
