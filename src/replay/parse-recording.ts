/** Reads the lines of a recording, and says where it is damaged. */

import type { z } from 'zod';
import { DeeplOpsError } from '../base/index.ts';
import { validateScenario } from '../scenario/index.ts';
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedStep,
  type Recording,
  type RecordingEnd,
  type RecordingHeader,
} from './recording.ts';
import { recordingLineSchemas } from './recording-schema.ts';

/** Reads a recording's text. A last line that was cut off is left out; damage elsewhere is RECORDING_INVALID. */
export function parseRecording(text: string, options: { readonly file: string }): Recording {
  // Every whole line ends in a line break, so what stands behind the last one is empty or a cut line.
  const lines = text.split('\n').slice(0, -1);
  const parser = new RecordingParser(options.file);
  const header = parser.header(lines[0]);
  const steps: RecordedStep[] = [];
  for (const line of lines.slice(1)) {
    const step = parser.step(line);
    if (step === undefined) break;
    steps.push(step);
  }
  return { header, steps, end: parser.end };
}

interface LinePlace {
  readonly file: string;
  readonly line: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes whole lines one after the other: one header, then steps. Throws RECORDING_INVALID or RECORDING_VERSION. */
export class RecordingParser {
  /** The last line of a complete recording, once it has been read. */
  end: RecordingEnd | null = null;
  readonly #file: string;
  #lines = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The first line; undefined = there is not even one whole line. */
  header(line: string | undefined): RecordingHeader {
    const place = this.#next();
    if (line === undefined) throw invalid('it ends within its first line', place);
    const header = parseLine(line, place);
    checkFormat(header, place);
    check(recordingLineSchemas.header, header, place);
    return { ...header, scenario: scenarioOf(header, place) } as unknown as RecordingHeader;
  }

  /** A further line; undefined where it says that the episode is over. */
  step(line: string): RecordedStep | undefined {
    const place = this.#next();
    const value = parseLine(line, place);
    // The header is not a step.
    const steps = this.#lines - 2;
    if ('verdict' in value) {
      this.end = checkEnd(value, steps, place);
      return undefined;
    }
    return checkStep(value, steps + 1, place);
  }

  #next(): LinePlace {
    this.#lines += 1;
    return { file: this.#file, line: this.#lines };
  }
}

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

function checkFormat({ format, version, codeVersion }: Fields, place: LinePlace): void {
  if (format !== RECORDING_FORMAT) throw invalid(`the first line does not say ${RECORDING_FORMAT}`, place);
  if (version === RECORDING_VERSION) return;
  const message = `this recording has format version ${String(version)}, written by ${String(codeVersion)}; this program reads version ${RECORDING_VERSION}`;
  const newer = typeof version === 'number' && version > RECORDING_VERSION;
  const hint = newer
    ? 'Replay it with the version that wrote it or a later one.'
    : 'Replay it with the version that wrote it, or record the episode again with this one.';
  throw new DeeplOpsError('RECORDING_VERSION', message, { place, hint });
}

/** A scenario that is not valid here may have been so for the program that wrote it. */
function scenarioOf({ scenario, codeVersion }: Fields, place: LinePlace): object {
  try {
    return validateScenario(scenario, place);
  } catch (error) {
    if (!(error instanceof DeeplOpsError)) throw error;
    const hint = `The recording was written by ${String(codeVersion)}; where nobody has changed it since, replay it with that version.`;
    throw new DeeplOpsError(error.code, error.message, { place, hint, cause: error });
  }
}

function checkStep(value: Fields, expected: number, place: LinePlace): RecordedStep {
  const { step } = value;
  if (step !== expected) throw invalid(`step ${expected} should stand here`, place);
  check(recordingLineSchemas.step, value, place);
  return value as unknown as RecordedStep;
}

function checkEnd(value: Fields, count: number, place: LinePlace): RecordingEnd {
  check(recordingLineSchemas.end, value, place);
  const { steps } = value;
  if (steps !== count) throw invalid(`the end speaks of ${String(steps)} steps, but there are ${count}`, place);
  return value as unknown as RecordingEnd;
}

function check(schema: z.ZodType<object>, value: Fields, place: LinePlace): void {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue) throw invalid(`${issue.path.map(String).join('.')}: ${issue.message}`, place);
}

function invalid(message: string, place: LinePlace): DeeplOpsError {
  return new DeeplOpsError('RECORDING_INVALID', message, { place });
}
