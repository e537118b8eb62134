/** Reserves the shared memory of a run: how large each part is follows from what is learned. */

import { recordWidth } from './episode-book.ts';
import { featureSumsLength } from './feature-sums.ts';
import { featureWidth, roleVectorLength } from './role-vector.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { createSharedRun, type SharedRun } from './shared-run.ts';
import { hasReference, type TrainSettings } from './train-settings.ts';

interface RunNeeds {
  /** Parameters of each role's network. */
  readonly counts: readonly number[];
  /** Numbers in the summary of an episode. */
  readonly summaryKeys: number;
  readonly settings: TrainSettings;
}

/** The memory of a run; CONFIG_INVALID when it would be more than the machine can address. */
export function reserveRun(dimensions: RunDimensions, { counts, summaryKeys, settings }: RunNeeds): SharedRun {
  const { roles } = dimensions;
  return createSharedRun(dimensions, {
    weights: [...counts],
    vectors: roles.map(({ shape }, role) => roleVectorLength(shape, counts[role]!)),
    featureSums: Math.max(...roles.map(({ shape }) => featureSumsLength(featureWidth(shape)))),
    recordWidth: recordWidth(roles.length, summaryKeys),
    hasReference: roles.some(({ role }) => hasReference(settings, role)),
  });
}
