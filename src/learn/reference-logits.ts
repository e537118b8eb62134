/** Logits of the policy that a cold start left, on the decisions of a rollout: what the learner is to stay close to. */

import type { PolicyOutput } from '../neural/index.ts';
import { STEP } from './advantages.ts';
import type { BackendCache } from './backend-cache.ts';
import type { SampleArrays } from './gradient-job.ts';
import { type RolloutStorage, slotAt, viewRollout } from './rollout-storage.ts';
import { type RunDimensions, referenceSlot } from './run-dimensions.ts';
import type { SharedRun } from './shared-run.ts';

/** Rows that go through the network at a time. */
const CHUNK = 64;

/** Computes them shard by shard, once per rollout. Scaling does not follow play after a cold start, so rows fit both. */
export class ReferenceLogits {
  readonly #dimensions: RunDimensions;
  readonly #shared: SharedRun;
  readonly #backends: BackendCache;
  readonly #samples: readonly SampleArrays[];
  readonly #storages: readonly RolloutStorage[];
  readonly #out: PolicyOutput;

  constructor(parts: {
    readonly dimensions: RunDimensions;
    readonly shared: SharedRun;
    readonly backends: BackendCache;
    /** The rollout, by role. */
    readonly samples: readonly SampleArrays[];
  }) {
    const { dimensions, shared } = parts;
    const choicesMax = Math.max(...dimensions.roles.map((role) => role.choicesMax));
    this.#dimensions = dimensions;
    this.#shared = shared;
    this.#backends = parts.backends;
    this.#samples = parts.samples;
    this.#storages = dimensions.roles.map((role) => viewRollout(shared.rollout, dimensions, role));
    this.#out = { logits: new Float32Array(CHUNK * choicesMax), values: new Float32Array(CHUNK) };
  }

  /** Writes the logits of one shard's decisions. */
  compute(role: number, shard: number): void {
    const { choicesMax } = this.#dimensions.roles[role]!;
    const backend = this.#backends.get(role, referenceSlot(this.#dimensions));
    const slots = this.#decisions(role, shard);
    for (let start = 0; start < slots.length; start += CHUNK) {
      const selection = slots.subarray(start, start + CHUNK);
      backend.forward({ ...this.#samples[role]!, size: selection.length, selection }, this.#out);
      for (const [position, slot] of selection.entries()) {
        const logits = this.#out.logits.subarray(position * choicesMax, (position + 1) * choicesMax);
        this.#shared.referenceLogits.set(logits, slot * choicesMax);
      }
    }
  }

  #decisions(role: number, shard: number): Int32Array {
    const { kinds } = this.#storages[role]!;
    const first = slotAt(this.#dimensions, shard, 0);
    const end = slotAt(this.#dimensions, shard, this.#dimensions.rolloutSteps);
    const slots: number[] = [];
    for (let slot = first; slot < end; slot++) if (kinds[slot] === STEP.choice) slots.push(slot);
    return Int32Array.from(slots);
  }
}
