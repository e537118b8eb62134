/** Reads the text of a recording, and says where it is damaged. */

import { z } from 'zod';
import { DeeplOpsError } from '../base/index.ts';
import { engineNames } from '../environment/index.ts';
import { validateScenario } from '../scenario/index.ts';
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedStep,
  type Recording,
  type RecordingEnd,
  type RecordingHeader,
} from './recording.ts';

const hash = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hex digits');
const tables = z.record(z.string(), z.string());
const words = bothRoles(z.string());

const headerSchema: z.ZodType<object> = z.looseObject({
  codeVersion: z.string(),
  nodeVersion: z.string(),
  engine: z.enum(engineNames),
  seed: z.int().min(0),
  script: z.boolean(),
  agents: words,
  specHashes: bothRoles(z.object({ observation: hash, action: hash })),
  hash,
  tables,
});

const stepSchema: z.ZodType<object> = z.looseObject({
  step: z.int(),
  actions: words,
  choices: bothRoles(z.int().min(0)),
  rewards: bothRoles(z.number()),
  info: z.looseObject({}),
  hash,
  tables,
});

const endSchema: z.ZodType<object> = z.looseObject({ verdict: z.looseObject({}), steps: z.int(), hash });

/** Reads a recording's text. A last line that was cut off is left out; damage elsewhere is RECORDING_INVALID. */
export function parseRecording(text: string, options: { readonly file: string }): Recording {
  const { file } = options;
  const lines = text.split('\n');
  const header = parseHeader(lines[0] ?? '', { file, line: 1 });
  const steps: RecordedStep[] = [];
  // Every whole line ends in a line break, so what stands behind the last one is empty or a cut line.
  for (let index = 1; index < lines.length - 1; index += 1) {
    const place = { file, line: index + 1 };
    const value = parseLine(lines[index] ?? '', place);
    if ('verdict' in value) return { header, steps, end: checkEnd(value, steps.length, place) };
    steps.push(checkStep(value, steps.length + 1, place));
  }
  return { header, steps, end: null };
}

interface LinePlace {
  readonly file: string;
  readonly line: number;
}

type Fields = Readonly<Record<string, unknown>>;

function parseLine(line: string, place: LinePlace): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalid('this line is not whole JSON', place);
  }
  if (typeof value !== 'object' || value === null) throw invalid('this line is not a JSON object', place);
  return value as Fields;
}

function parseHeader(line: string, place: LinePlace): RecordingHeader {
  const header = parseLine(line, place);
  const { format, version, codeVersion, scenario } = header;
  if (format !== RECORDING_FORMAT) throw invalid(`the first line does not say ${RECORDING_FORMAT}`, place);
  if (version !== RECORDING_VERSION) {
    const written = `written by ${String(codeVersion)} in format version ${String(version)}`;
    throw new DeeplOpsError('RECORDING_VERSION', `${written}; this program reads version ${RECORDING_VERSION}`, {
      place,
    });
  }
  check(headerSchema, header, place);
  return { ...header, scenario: validateScenario(scenario, place) } as unknown as RecordingHeader;
}

function checkStep(value: Fields, expected: number, place: LinePlace): RecordedStep {
  const { step } = value;
  if (step !== expected) throw invalid(`step ${expected} should stand here`, place);
  check(stepSchema, value, place);
  return value as unknown as RecordedStep;
}

function checkEnd(value: Fields, count: number, place: LinePlace): RecordingEnd {
  check(endSchema, value, place);
  const { steps } = value;
  if (steps !== count) throw invalid(`the end speaks of ${String(steps)} steps, but there are ${count}`, place);
  return value as unknown as RecordingEnd;
}

function check(schema: z.ZodType<object>, value: Fields, place: LinePlace): void {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue) throw invalid(`${issue.path.map(String).join('.')}: ${issue.message}`, place);
}

function bothRoles<T extends z.ZodType>(of: T): z.ZodType<object> {
  return z.object({ chaos: of, order: of });
}

function invalid(message: string, place: LinePlace): DeeplOpsError {
  return new DeeplOpsError('RECORDING_INVALID', message, { place });
}
