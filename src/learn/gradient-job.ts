/** A worker's part in a gradient step: the gradients of whichever shards of the minibatch it can get hold of. */

import type { PpoBatch } from '../neural/index.ts';
import type { BackendCache } from './backend-cache.ts';
import { type RolloutStorage, viewRollout } from './rollout-storage.ts';
import type { RoleDimensions, RunDimensions } from './run-dimensions.ts';
import { CONTROL, LOSS_SETTINGS, LOSS_SUMS, type SharedRun } from './shared-run.ts';

/** Samples to learn from, wherever they lie; a minibatch selects among their rows. */
export type SampleArrays = Omit<PpoBatch, 'size' | 'selection'>;

/** The samples of a rollout. */
export function rolloutSamples(shared: SharedRun, dimensions: RunDimensions, role: RoleDimensions): SampleArrays {
  const storage = viewRollout(shared.rollout, dimensions, role);
  return {
    componentsMax: dimensions.componentsMax,
    counts: storage.counts,
    components: storage.components,
    cluster: storage.cluster,
    critic: storage.critic,
    mask: storage.mask,
    graphOf: storage.graphOf,
    choices: storage.choices,
    oldLogProbabilities: storage.logProbabilities,
    advantages: shared.advantages,
    returns: storage.returns,
    oldValues: storage.values,
    ...(role.shape.memoryUnits === undefined ? {} : memorySamples(storage)),
  };
}

/** Decisions that only hand on their memory have no weight in the loss. */
function memorySamples({ memories, continues, lossWeights }: RolloutStorage): Partial<SampleArrays> {
  return { memories, continues, weights: lossWeights };
}

/** Computes gradient shards of one run on this thread. */
export class GradientJob {
  readonly #dimensions: RunDimensions;
  readonly #shared: SharedRun;
  readonly #backends: BackendCache;
  /** By role. */
  readonly #samples: readonly SampleArrays[];

  constructor(parts: {
    readonly dimensions: RunDimensions;
    readonly shared: SharedRun;
    readonly backends: BackendCache;
    readonly samples: readonly SampleArrays[];
  }) {
    this.#dimensions = parts.dimensions;
    this.#shared = parts.shared;
    this.#backends = parts.backends;
    this.#samples = parts.samples;
  }

  /** Takes shards of the minibatch that `control` describes until none is left. */
  run(learner: number): void {
    const { control } = this.#shared;
    for (;;) {
      // Which worker computes a shard does not matter: each has its own place, and the trainer adds them up in order.
      const shard = Atomics.add(control, CONTROL.nextGradientShard, 1);
      if (shard >= this.#dimensions.gradientShards) return;
      this.#computeShard(learner, shard);
    }
  }

  #computeShard(learner: number, shard: number): void {
    const { control, order, gradients, losses, lossSettings, referenceLogits } = this.#shared;
    const { gradientShards } = this.#dimensions;
    const start = control[CONTROL.minibatchStart]!;
    const steps = control[CONTROL.sequenceSteps]!;
    const sequences = (control[CONTROL.minibatchEnd]! - start) / steps;
    const selection = order.subarray(
      start + steps * Math.floor((sequences * shard) / gradientShards),
      start + steps * Math.floor((sequences * (shard + 1)) / gradientShards),
    );
    const referenceWeight = lossSettings[LOSS_SETTINGS.referenceWeight]!;
    const reference = referenceWeight > 0 ? { referenceLogits } : {};
    const batch: PpoBatch = { ...this.#samples[learner]!, ...reference, size: selection.length, selection };
    const backend = this.#backends.get(learner, 0);
    const gradientStart = shard * (gradients.length / gradientShards);
    const out = gradients.subarray(gradientStart, gradientStart + backend.parameterCount);
    const valueClipRange = lossSettings[LOSS_SETTINGS.valueClipRange]!;
    const loss = {
      clipRange: lossSettings[LOSS_SETTINGS.clipRange]!,
      valueClipRange: valueClipRange > 0 ? valueClipRange : null,
      entropyWeight: lossSettings[LOSS_SETTINGS.entropyWeight]!,
      valueWeight: lossSettings[LOSS_SETTINGS.valueWeight]!,
      referenceWeight,
      imitationWeight: lossSettings[LOSS_SETTINGS.imitationWeight]!,
    };
    const sums = backend.gradients(batch, loss, lossSettings[LOSS_SETTINGS.divisor]!, out);
    const { policyLoss, valueLoss, entropy, approximateKl, clippedCount, referenceLoss, imitationLoss } = sums;
    const numbers = [policyLoss, valueLoss, entropy, approximateKl, clippedCount, referenceLoss, imitationLoss];
    losses.set(numbers, shard * LOSS_SUMS);
  }
}
