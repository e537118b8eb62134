/** Advantages of a whole rollout: environment by environment, each with its own row of steps. */

import { estimateAdvantages } from './advantages.ts';
import { type RolloutStorage, slotAt } from './rollout-storage.ts';
import type { RunDimensions } from './run-dimensions.ts';

/** Fills advantages and returns of all environments; rewards are multiplied by `rewardScale` first. */
export function estimateRollout(
  storage: RolloutStorage,
  dimensions: RunDimensions,
  options: { readonly lambda: number; readonly rewardScale: number },
): void {
  const stride = dimensions.environmentsPerShard;
  for (let environment = 0; environment < dimensions.environments; environment++) {
    const shard = Math.floor(environment / stride);
    const start = slotAt(dimensions, shard, 0) + (environment % stride);
    estimateAdvantages(storage, { start, stride, steps: dimensions.rolloutSteps }, options);
  }
}
