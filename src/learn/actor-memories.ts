/** What the networks of one role remember in the running episodes of a shard; nothing where its network has no memory. */

import type { RunDimensions } from './run-dimensions.ts';
import type { SharedRun } from './shared-run.ts';

/** A memory per environment of the shard. */
export class ActorMemories {
  readonly #values: Float32Array;
  readonly #units: number;

  /** `values` holds `units` numbers per environment. */
  constructor(values: Float32Array, units: number) {
    this.#values = values;
    this.#units = units;
  }

  /** Whether there is anything to remember: then every decision has to go through the network, also one without a choice. */
  get exist(): boolean {
    return this.#units > 0;
  }

  /** Writes what is remembered in an environment to a row of `target`. */
  read(index: number, target: Float32Array, row: number): void {
    const units = this.#units;
    target.set(this.#values.subarray(index * units, (index + 1) * units), row * units);
  }

  /** Remembers a row of `source` from now on. */
  keep(index: number, source: Float32Array, row: number): void {
    const units = this.#units;
    this.#values.set(source.subarray(row * units, (row + 1) * units), index * units);
  }

  /** Remembers nothing any more, as at the beginning of an episode. */
  forget(index: number): void {
    this.#values.fill(0, index * this.#units, (index + 1) * this.#units);
  }
}

/** Memories in the ledger, so that they outlive a change of sides and a resume. */
export function ledgerMemories({ dimensions, shared, shard }: ShardPlace, role: number): ActorMemories {
  const { environments, environmentsPerShard, memoryUnitsMax } = dimensions;
  const first = (role * environments + shard * environmentsPerShard) * memoryUnitsMax;
  const values = shared.ledger.memories.subarray(first, first + environmentsPerShard * memoryUnitsMax);
  return new ActorMemories(values, dimensions.roles[role]!.shape.memoryUnits ?? 0);
}

interface ShardPlace {
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly shard: number;
}
