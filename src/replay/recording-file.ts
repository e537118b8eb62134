/** Recordings on disk: written line by line, so that whatever ends the program leaves a readable file. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DeeplOpsError, readTextFile } from '../base/index.ts';
import { parseRecording } from './parse-recording.ts';
import {
  type RecordedStep,
  type Recording,
  type RecordingEnd,
  type RecordingHeader,
  recordingLine,
} from './recording.ts';

/** The recording in this file; one that was cut off is read up to its last whole line. */
export function readRecording(file: string): Recording {
  return parseRecording(readTextFile(file), { file });
}

/** Appends the lines of one recording to a new file. */
export class RecordingFile {
  readonly #file: string;
  readonly #descriptor: number;

  /** Creates the file, replacing one of that name; OUTPUT_UNWRITABLE when it cannot. */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = orUnwritable(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      return openSync(file, 'w');
    });
  }

  write(part: RecordingHeader | RecordedStep | RecordingEnd): void {
    orUnwritable(this.#file, () => writeSync(this.#descriptor, recordingLine(part)));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function orUnwritable<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write the recording: ${reason}`, { place: { file }, cause });
  }
}
