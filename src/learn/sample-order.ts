/**
 * The order in which an update goes through a rollout: decisions to learn from one by one, or, for an actor with a memory,
 * sequences of decisions of one environment, through which the gradient of the memory flows back.
 */

import type { RandomStream } from '../base/index.ts';
import { STEP } from './advantages.ts';
import { type RolloutStorage, slotAt } from './rollout-storage.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { shuffled } from './shuffle.ts';

/** What is put in order. */
export interface OrderParts {
  readonly dimensions: RunDimensions;
  readonly storage: Pick<RolloutStorage, 'kinds'>;
  /** Decisions of a sequence. */
  readonly sequenceSteps: number;
  /** Where the order is written: slots of the rollout. */
  readonly order: Int32Array;
}

/** Slots in an order that can be shuffled. */
export class SampleOrder {
  readonly #parts: OrderParts;
  /** First slots of the sequences. */
  readonly #starts: Int32Array;
  /** Decisions among them that something is learned from. */
  readonly #learned: number;

  constructor(parts: OrderParts) {
    this.#parts = parts;
    this.#starts = collectStarts(parts);
    this.#write();
    this.#learned = this.countLearned(this.slots);
  }

  /** All slots in their present order. */
  get slots(): Int32Array {
    return this.#parts.order.subarray(0, this.#starts.length * this.#parts.sequenceSteps);
  }

  /** Puts the sequences in random order. */
  shuffle(stream: RandomStream): void {
    shuffled(this.#starts, stream);
    this.#write();
  }

  /** Bounds of minibatches that learn from about `size` decisions each and split no sequence. */
  minibatches(size: number): readonly Bounds[] {
    const count = this.#starts.length;
    const { sequenceSteps } = this.#parts;
    const bounds = minibatchBounds(count, (size * count) / this.#learned);
    return bounds.map(({ start, end }) => ({ start: start * sequenceSteps, end: end * sequenceSteps }));
  }

  /** How many of these decisions are learned from; the others only hand on their memory. */
  countLearned(slots: Int32Array): number {
    const { kinds } = this.#parts.storage;
    return slots.reduce((count, slot) => count + (kinds[slot] === STEP.forced ? 0 : 1), 0);
  }

  #write(): void {
    const { dimensions, order, sequenceSteps } = this.#parts;
    let at = 0;
    for (const start of this.#starts) {
      for (let step = 0; step < sequenceSteps; step++) order[at++] = start + step * dimensions.environmentsPerShard;
    }
  }
}

/** Positions from `start` up to `end`. */
export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** Splits `count` transitions into minibatches of about `size`, none of them much smaller. */
export function minibatchBounds(count: number, size: number): readonly Bounds[] {
  if (count === 0) return [];
  const parts = Math.max(1, Math.round(count / size));
  return Array.from({ length: parts }, (_, part) => ({
    start: Math.floor((count * part) / parts),
    end: Math.floor((count * (part + 1)) / parts),
  }));
}

/** Sequences in which something is learned, by their first slot. */
function collectStarts({ dimensions, storage, sequenceSteps }: OrderParts): Int32Array {
  const { shards, environmentsPerShard, rolloutSteps } = dimensions;
  const starts: number[] = [];
  for (let shard = 0; shard < shards; shard++) {
    for (let step = 0; step < rolloutSteps; step += sequenceSteps) {
      const first = slotAt(dimensions, shard, step);
      for (let start = first; start < first + environmentsPerShard; start++) {
        const end = start + sequenceSteps * environmentsPerShard;
        let slot = start;
        while (slot < end && storage.kinds[slot] === STEP.forced) slot += environmentsPerShard;
        if (slot < end) starts.push(start);
      }
    }
  }
  return Int32Array.from(starts);
}
