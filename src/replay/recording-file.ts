/**
 * Recordings on disk. They are written as the episode goes on, so that whatever ends the program leaves a readable file,
 * and read line by line, so that they may be longer than memory.
 */

import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream';
import { constants, createGunzip, gzipSync } from 'node:zlib';
import { DeeplOpsError, readBeginning } from '../base/index.ts';
import { RecordingParser } from './parse-recording.ts';
import {
  looksLikeRecording,
  type RecordedStep,
  type Recording,
  type RecordingEnd,
  type RecordingHeader,
  type RecordingSource,
  recordingLine,
} from './recording.ts';

/** Compressed lines reach the file in groups of so many: a group is all that a killed program can lose. */
const LINES_PER_GROUP = 16;

/** No line of ours is nearly as long; without a bound, a file without line breaks would be read into memory. */
const LINE_LENGTH_MAX = 2 ** 26;

/** Whether the file begins as a recording does, compressed or not. */
export function isRecordingFile(file: string): boolean {
  return isCompressed(file) || looksLikeRecording(new TextDecoder().decode(readBeginning(file, 256)));
}

/** The recording in this file, in memory; one that was cut off is read up to its last whole line. */
export async function readRecording(file: string): Promise<Recording> {
  const source = await openRecording(file);
  const steps: RecordedStep[] = [];
  for await (const step of source.steps) steps.push(step);
  return { header: source.header, steps, end: source.end };
}

/** Begins to read a recording: its header, and steps that are read as they are asked for. */
export async function openRecording(file: string): Promise<RecordingSource> {
  const parser = new RecordingParser(file);
  const lines = wholeLines(file);
  const first = await lines.next();
  const header = parser.header(first.done ? undefined : first.value);
  return {
    header,
    steps: stepsOf(lines, parser),
    get end() {
      return parser.end;
    },
  };
}

async function* stepsOf(lines: AsyncIterable<string>, parser: RecordingParser): AsyncGenerator<RecordedStep> {
  for await (const line of lines) {
    const step = parser.step(line);
    if (step === undefined) return;
    yield step;
  }
}

/** Lines that end in a line break; what stands behind the last one was cut off. */
async function* wholeLines(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for await (const bytes of contentOf(file)) {
      const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > LINE_LENGTH_MAX) throw new Error('a line is too long');
    }
  } catch (cause) {
    if (cause instanceof DeeplOpsError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeeplOpsError('RECORDING_INVALID', `this file cannot be read on: ${reason}`, { place: { file }, cause });
  }
}

/** The file's bytes, unpacked where it is compressed, as far as it goes. */
function contentOf(file: string): AsyncIterable<unknown> {
  const packed = isCompressed(file);
  const bytes = createReadStream(file);
  if (!packed) return bytes;
  // What a killed program left behind may end anywhere; the last group then gives what there is of it.
  const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  pipeline(bytes, unpacked, () => {});
  return unpacked;
}

/** By its first bytes: a file may have been renamed. */
function isCompressed(file: string): boolean {
  const [first, second] = readBeginning(file, 2);
  return first === 0x1f && second === 0x8b;
}

/** Writes the lines of one recording to a new file, compressed where its name ends in `.gz`. */
export class RecordingFile {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #compressed: boolean;
  /** Lines that wait for their group to be full. */
  #waiting: string[] = [];

  /** Creates the file, replacing one of that name; OUTPUT_UNWRITABLE when it cannot. */
  constructor(file: string) {
    this.#file = file;
    this.#compressed = file.endsWith('.gz');
    this.#descriptor = orUnwritable(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      return openSync(file, 'w');
    });
  }

  write(part: RecordingHeader | RecordedStep | RecordingEnd): void {
    this.#waiting.push(recordingLine(part));
    // The header goes first and alone: whatever happens later, it tells what was played.
    const isFull = !this.#compressed || 'format' in part || this.#waiting.length >= LINES_PER_GROUP;
    if (isFull) this.#flush();
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  /** A group is a gzip member of its own, which any program that reads gzip puts together again. */
  #flush(): void {
    if (this.#waiting.length === 0) return;
    const text = this.#waiting.join('');
    this.#waiting = [];
    const bytes = this.#compressed ? gzipSync(text) : Buffer.from(text);
    orUnwritable(this.#file, () => writeAll(this.#descriptor, bytes));
  }
}

/** One call may write less than it was given, for instance when the disk fills up. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

function orUnwritable<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write the recording: ${reason}`, { place: { file }, cause });
  }
}
