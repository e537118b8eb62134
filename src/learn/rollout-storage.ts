/**
 * One role's transitions of an iteration on shared memory. Slot (shard, step, environment) lies at
 * `(shard * (steps + 1) + step) * environmentsPerShard + environment`, so that a shard's step is one contiguous batch;
 * step `steps` holds what was seen after the last decision.
 */

import type { AdvantageArrays } from './advantages.ts';
import type { RoleDimensions, RunDimensions } from './run-dimensions.ts';

/** Views of the shared rollout buffer for one role. */
export interface RolloutStorage extends AdvantageArrays {
  /** Slots x componentsMax x features, scaled. */
  readonly components: Float32Array;
  readonly cluster: Float32Array;
  readonly critic: Float32Array;
  readonly mask: Uint8Array;
  readonly counts: Int32Array;
  /** Number of the environment, which decides who depends on whom. */
  readonly graphOf: Int32Array;
  readonly choices: Int32Array;
  readonly logProbabilities: Float32Array;
  /** Slots x memoryUnits: what was remembered before the decision. This and what follows is empty without a memory. */
  readonly memories: Float32Array;
  /** 1 where a sequence of decisions goes on, over which the gradient of the memory flows back. */
  readonly continues: Uint8Array;
  /** 0 where a decision is only there to hand on the memory, else 1. */
  readonly lossWeights: Float32Array;
}

/** Bytes of one role's rollout. */
export function rolloutBytes(dimensions: RunDimensions, role: RoleDimensions): number {
  const bytes = new Allocator(undefined);
  layOut(bytes, dimensions, role);
  return bytes.used;
}

/** Slots of a rollout, the ones after the last step included. */
export function slotCount(dimensions: RunDimensions): number {
  return dimensions.environments * (dimensions.rolloutSteps + 1);
}

/** Index of a slot. */
export function slotAt(dimensions: RunDimensions, shard: number, step: number): number {
  return (shard * (dimensions.rolloutSteps + 1) + step) * dimensions.environmentsPerShard;
}

/** Views `buffer` as the rollout of one role. */
export function viewRollout(
  buffer: SharedArrayBuffer,
  dimensions: RunDimensions,
  role: RoleDimensions,
): RolloutStorage {
  return layOut(new Allocator(buffer), dimensions, role);
}

function layOut(arrays: Allocator, dimensions: RunDimensions, { shape, choicesMax }: RoleDimensions): RolloutStorage {
  const slots = slotCount(dimensions);
  const { memoryUnits = 0 } = shape;
  const remembering = memoryUnits > 0 ? slots : 0;
  return {
    components: arrays.floats(slots * dimensions.componentsMax * shape.componentFeatures),
    cluster: arrays.floats(slots * shape.clusterFeatures),
    critic: arrays.floats(slots * shape.criticFeatures),
    mask: arrays.bytes(slots * choicesMax),
    counts: arrays.integers(slots),
    graphOf: arrays.integers(slots),
    choices: arrays.integers(slots),
    kinds: arrays.bytes(slots),
    logProbabilities: arrays.floats(slots),
    rewards: arrays.floats(slots),
    values: arrays.floats(slots),
    discounts: arrays.floats(slots),
    finalValues: arrays.floats(slots),
    terminated: arrays.bytes(slots),
    truncated: arrays.bytes(slots),
    advantages: arrays.floats(slots),
    returns: arrays.floats(slots),
    memories: arrays.floats(slots * memoryUnits),
    continues: arrays.bytes(remembering),
    lossWeights: arrays.floats(remembering),
  };
}

/** Places arrays in a buffer one after the other; without a buffer it only counts the bytes. */
class Allocator {
  used = 0;
  readonly #buffer: SharedArrayBuffer | undefined;

  constructor(buffer: SharedArrayBuffer | undefined) {
    this.#buffer = buffer;
  }

  floats(length: number): Float32Array {
    const start = this.#take(length * 4);
    return this.#buffer === undefined ? new Float32Array(0) : new Float32Array(this.#buffer, start, length);
  }

  integers(length: number): Int32Array {
    const start = this.#take(length * 4);
    return this.#buffer === undefined ? new Int32Array(0) : new Int32Array(this.#buffer, start, length);
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#buffer === undefined ? new Uint8Array(0) : new Uint8Array(this.#buffer, start, length);
  }

  #take(bytes: number): number {
    const start = this.used;
    this.used = Math.ceil((start + bytes) / 8) * 8;
    return start;
  }
}
