/** How thorough a validation is. */

import type { Scenario } from '../../scenario/index.ts';

/** What a validation runs; the same settings find the same, on any number of threads. */
export interface ValidationSettings {
  readonly quick: boolean;
  readonly seed: number;
  /** Multiplies every service rate of the theory table: anything but 1 has to make it fail. */
  readonly rateFactor: number;
  /** On which the ranking is played; null leaves it out. */
  readonly scenario: Scenario | null;
  /** Episodes per policy and engine. */
  readonly rankingEpisodes: number;
}
