/** A worker's part in a gradient step: the gradients of whichever shards of the minibatch it can get hold of. */

import type { PpoBatch } from '../neural/index.ts';
import type { BackendCache } from './backend-cache.ts';
import { type RolloutStorage, viewRollout } from './rollout-storage.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { CONTROL, LOSS_SETTINGS, LOSS_SUMS, type SharedRun } from './shared-run.ts';

/** A shard of the minibatch: samples of the rollout chosen by `selection`. */
class ShardBatch implements PpoBatch {
  readonly componentsMax: number;
  readonly counts: Int32Array;
  readonly components: Float32Array;
  readonly cluster: Float32Array;
  readonly critic: Float32Array;
  readonly mask: Uint8Array;
  readonly choices: Int32Array;
  readonly oldLogProbabilities: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly oldValues: Float32Array;
  selection: Int32Array = new Int32Array(0);

  constructor(storage: RolloutStorage, componentsMax: number, advantages: Float32Array) {
    this.componentsMax = componentsMax;
    this.counts = storage.counts;
    this.components = storage.components;
    this.cluster = storage.cluster;
    this.critic = storage.critic;
    this.mask = storage.mask;
    this.choices = storage.choices;
    this.oldLogProbabilities = storage.logProbabilities;
    this.advantages = advantages;
    this.returns = storage.returns;
    this.oldValues = storage.values;
  }

  get size(): number {
    return this.selection.length;
  }
}

/** Computes gradient shards of one run on this thread. */
export class GradientJob {
  readonly #dimensions: RunDimensions;
  readonly #shared: SharedRun;
  readonly #backends: BackendCache;
  readonly #batches: readonly ShardBatch[];

  constructor(dimensions: RunDimensions, shared: SharedRun, backends: BackendCache) {
    this.#dimensions = dimensions;
    this.#shared = shared;
    this.#backends = backends;
    this.#batches = dimensions.roles.map((role) => {
      const storage = viewRollout(shared.rollout, dimensions, role);
      return new ShardBatch(storage, dimensions.componentsMax, shared.advantages);
    });
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
    const { control, order, gradients, losses, lossSettings } = this.#shared;
    const { gradientShards } = this.#dimensions;
    const start = control[CONTROL.minibatchStart]!;
    const count = control[CONTROL.minibatchEnd]! - start;
    const batch = this.#batches[learner]!;
    batch.selection = order.subarray(
      start + Math.floor((count * shard) / gradientShards),
      start + Math.floor((count * (shard + 1)) / gradientShards),
    );
    const backend = this.#backends.get(learner, 0);
    const gradientStart = shard * (gradients.length / gradientShards);
    const out = gradients.subarray(gradientStart, gradientStart + backend.parameterCount);
    const valueClipRange = lossSettings[LOSS_SETTINGS.valueClipRange]!;
    const loss = {
      clipRange: lossSettings[LOSS_SETTINGS.clipRange]!,
      valueClipRange: valueClipRange > 0 ? valueClipRange : null,
      entropyWeight: lossSettings[LOSS_SETTINGS.entropyWeight]!,
      valueWeight: lossSettings[LOSS_SETTINGS.valueWeight]!,
    };
    const sums = backend.gradients(batch, loss, lossSettings[LOSS_SETTINGS.divisor]!, out);
    const { policyLoss, valueLoss, entropy, approximateKl, clippedCount, samples } = sums;
    losses.set([policyLoss, valueLoss, entropy, approximateKl, clippedCount, samples], shard * LOSS_SUMS);
  }
}
