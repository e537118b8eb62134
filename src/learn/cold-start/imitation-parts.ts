/** What a cold start hands to its workers. */

import type { ColdStartSettings } from './cold-start-settings.ts';
import type { DemonstrationStore } from './demonstration-store.ts';
import type { Demonstrations } from './demonstrations.ts';

/** Plain data and shared memory. */
export interface ImitationParts {
  /** Index of the role that is shown how. */
  readonly role: number;
  readonly coldStart: ColdStartSettings;
  readonly sources: readonly Demonstrations[];
  readonly store: DemonstrationStore;
  /** Gradient shards x `SCORE_SUMS`. */
  readonly scores: Float64Array;
}
