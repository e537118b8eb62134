/** Many contests stepped together, writing observations, masks and rewards into shared arrays without copying. */

import {
  choiceCount,
  type LookAhead,
  type Observation,
  type PerRole,
  type ResetOptions,
  type RoleBuffers,
  type RoleSpec,
  type Topology,
  type VectorEnvironment,
} from '../contract/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { ContestOptions } from './contest.ts';
import { type ContestEnvironment, contestRoles, createEnvironment } from './contest-environment.ts';

export interface VectorOptions extends ContestOptions {
  /** Number of environments; environment i plays `scenarios[i % scenarios.length]`. */
  readonly size: number;
}

/** Makes a vector of contest environments. */
export function createVectorEnvironment(scenarios: readonly Scenario[], options: VectorOptions): ContestVector {
  return new ContestVector(scenarios, options);
}

/** A vector environment of contests. */
export class ContestVector implements VectorEnvironment {
  readonly size: number;
  readonly roles: readonly string[] = contestRoles;
  readonly specs: { readonly chaos: RoleSpec; readonly order: RoleSpec };
  readonly componentsMax: number;
  readonly counts: Int32Array;
  readonly buffers: { readonly chaos: RoleBuffers; readonly order: RoleBuffers };
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly elapsedSeconds: Float64Array;
  readonly #environments: readonly ContestEnvironment[];

  constructor(scenarios: readonly Scenario[], options: VectorOptions) {
    this.size = options.size;
    this.#environments = Array.from({ length: options.size }, (_, index) =>
      createEnvironment(scenarios[index % scenarios.length]!, options),
    );
    const first = this.#environments[0]!;
    this.specs = first.specs;
    this.counts = Int32Array.from(this.#environments, (each) => each.topology.components.length);
    this.componentsMax = Math.max(...this.counts);
    this.buffers = { chaos: this.#roleBuffers('chaos'), order: this.#roleBuffers('order') };
    this.terminated = new Uint8Array(options.size);
    this.truncated = new Uint8Array(options.size);
    this.elapsedSeconds = new Float64Array(options.size);
    this.#environments.forEach((environment, index) => {
      environment.observeInto({ chaos: this.#rows('chaos', index), order: this.#rows('order', index) });
    });
  }

  topologyOf(index: number): Topology {
    return this.#environments[index]!.topology;
  }

  /** For privileged policies only: looks ahead from the true state of one environment. */
  lookAheadOf(index: number): LookAhead {
    return this.#environments[index]!.lookAhead;
  }

  /** Whether chaos is paid by sampled regret from now on; see `ContestOptions.regret`. */
  set regret(sampled: boolean) {
    for (const environment of this.#environments) environment.regretSampled = sampled;
  }

  resetOne(index: number, seed: number, options?: Omit<ResetOptions, 'seed'>): void {
    this.#environments[index]!.reset({ ...options, seed });
    this.terminated[index] = 0;
    this.truncated[index] = 0;
    this.elapsedSeconds[index] = 0;
  }

  step(choices: PerRole<Int32Array>): void {
    const chaos = choices.chaos!;
    const order = choices.order!;
    for (let index = 0; index < this.size; index += 1) {
      const environment = this.#environments[index]!;
      const before = environment.cluster.nowMicros;
      environment.advance(chaos[index]!, order[index]!);
      this.elapsedSeconds[index] = (environment.cluster.nowMicros - before) / 1e6;
      this.buffers.chaos.rewards[index] = environment.rewards.chaos;
      this.buffers.order.rewards[index] = environment.rewards.order;
      this.terminated[index] = environment.running ? 0 : 1;
    }
  }

  snapshotOne(index: number): ArrayBuffer {
    return this.#environments[index]!.snapshot().state;
  }

  restoreOne(index: number, state: ArrayBuffer): void {
    this.#environments[index]!.restore({ state });
    this.terminated[index] = this.#environments[index]!.running ? 0 : 1;
    this.truncated[index] = 0;
  }

  episodeSummary(index: number): Readonly<Record<string, number>> {
    const verdict = this.#environments[index]!.verdict;
    if (verdict === undefined) return {};
    const { stillBroken: _words, timesToRepairSeconds, repaired, quiet, ...numbers } = verdict;
    return {
      ...numbers,
      repaired: repaired ? 1 : 0,
      quiet: quiet ? 1 : 0,
      timesToRepair: timesToRepairSeconds.length,
    };
  }

  #roleBuffers(role: 'chaos' | 'order'): RoleBuffers {
    const { size, componentsMax } = this;
    const { observation, action } = this.specs[role];
    return {
      components: new Float32Array(size * componentsMax * observation.componentFeatures.length),
      cluster: new Float32Array(size * observation.clusterFeatures.length),
      critic: new Float32Array(size * observation.criticFeatures.length),
      mask: new Uint8Array(size * choiceCount(componentsMax, action.verbs.length)),
      rewards: new Float32Array(size),
    };
  }

  /** One environment's part of a role's arrays: as long as its own components need. */
  #rows(role: 'chaos' | 'order', index: number): Observation {
    const { observation, action } = this.specs[role];
    const count = this.counts[index]!;
    const { components, cluster, critic, mask } = this.buffers[role];
    return {
      components: rowOf(components, index, {
        stride: this.componentsMax * observation.componentFeatures.length,
        length: count * observation.componentFeatures.length,
      }),
      cluster: rowOf(cluster, index, whole(observation.clusterFeatures.length)),
      critic: rowOf(critic, index, whole(observation.criticFeatures.length)),
      mask: rowOf(mask, index, {
        stride: choiceCount(this.componentsMax, action.verbs.length),
        length: choiceCount(count, action.verbs.length),
      }),
    };
  }
}

interface RowExtent {
  readonly stride: number;
  readonly length: number;
}

function whole(length: number): RowExtent {
  return { stride: length, length };
}

function rowOf<T extends Float32Array | Uint8Array>(array: T, index: number, extent: RowExtent): T {
  return array.subarray(index * extent.stride, index * extent.stride + extent.length) as T;
}
