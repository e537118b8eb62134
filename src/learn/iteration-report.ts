/** What an iteration of training tells. */

import type { ArchiveStatistics } from './archive/archive-keeper.ts';
import type { EpisodeStatistics } from './episode-statistics.ts';
import type { UpdateReport } from './ppo-update.ts';

/** What an iteration did. */
export interface IterationReport {
  readonly iteration: number;
  readonly turn: number;
  readonly learner: string;
  /** Decisions of learning roles so far, and until the run is complete. */
  readonly steps: number;
  readonly stepsTotal: number;
  /** Decisions of all roles in this iteration. */
  readonly decisions: number;
  readonly learningRate: number;
  readonly rewardScale: number;
  readonly episodes: EpisodeStatistics;
  readonly update: UpdateReport;
  /** By role: how often it succeeds of late against the other as it is now; undefined before they met. */
  readonly successRates: Readonly<Record<string, number | undefined>>;
  /** Undefined in a run without archive of failure scripts. */
  readonly archive: ArchiveStatistics | undefined;
}
