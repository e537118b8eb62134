/** The metrics of a run as an event file for TensorBoard: `tensorboard --logdir RUN/tensorboard`. */

import { join } from 'node:path';
import { appendToFile, writeWholeFile } from '../base/index.ts';
import { type ScalarEvent, scalarRecord, versionRecord } from './event-record.ts';
import type { MetricRow } from './metrics.ts';

/** TensorBoard knows event files by this part of their names. */
const FILE_NAME = 'events.out.tfevents.0.deepl-ops';

/** Names of what is about the run as a whole, or names its role itself. */
const ABOUT_THE_RUN = ['iteration', 'time/', 'league/success_rate/', 'evaluation/'];

/** Appends rows; the file is whole after each one. */
export class TensorboardFile {
  readonly #path: string;

  /** Writes the file anew with the rows there are; what a killed run wrote beyond them is dropped. */
  constructor(folder: string, rows: readonly MetricRow[]) {
    this.#path = join(folder, 'tensorboard', FILE_NAME);
    const records = [versionRecord(), ...rows.map((row) => scalarRecord(eventOf(row)))];
    writeWholeFile(this.#path, Buffer.concat(records));
  }

  append(row: MetricRow): void {
    appendToFile(this.#path, scalarRecord(eventOf(row)));
  }
}

/** Roles learn in turns: what is about the learning one has its name in front, so that each has its own curves. */
function eventOf(row: MetricRow): ScalarEvent {
  const scalars: [string, number][] = [];
  for (const [name, value] of Object.entries(row)) {
    if (typeof value !== 'number') continue;
    const aboutLearner = !ABOUT_THE_RUN.some((start) => name.startsWith(start));
    scalars.push([aboutLearner ? `${row.learner}/${name}` : name, value]);
  }
  return {
    wallSeconds: Number(row['time/elapsed_seconds']),
    step: Number(row['time/total_timesteps']),
    scalars,
  };
}
