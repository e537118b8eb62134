/** A piece of a validation that can be done on its own, on any thread. */

import type { CheckLine } from '../check-line.ts';
import type { GridCell, RankingScore } from '../engines/index.ts';

/** What a job found; most find one sort of thing. */
export interface JobResult {
  readonly lines: readonly CheckLine[];
  readonly cells: readonly GridCell[];
  readonly scores: readonly RankingScore[];
}

export interface Job {
  readonly name: string;
  /** About how many seconds of one core it takes: long jobs are started first. */
  readonly seconds: number;
  run(): JobResult | Promise<JobResult>;
}
