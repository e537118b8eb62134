/** The planner's privilege: plays repairs on a copy of the true state, with fresh dice and chaos silent. */

import { assert, type StateArena } from '../base/index.ts';
import { type Cluster, type EffectKind, effectForms, Phase } from '../cluster/index.ts';
import { encodeChoice, type LookAhead, NO_OP } from '../contract/index.ts';
import { type RepairBoard, repairVerbs } from '../repairs/index.ts';

interface LookAheadParts {
  readonly cluster: Cluster;
  readonly arena: StateArena;
  readonly repairs: RepairBoard;
  /** Gives every random stream of the simulation another seed. */
  readonly reseed: (seed: string) => void;
  /** Plays order's choices, one per step and then no-ops; the sum of order's rewards. */
  readonly play: (choices: readonly number[], steps: number) => number;
}

/** Looks ahead from the state of a contest environment. */
export class ContestLookAhead implements LookAhead {
  /** A look-ahead is under way: the steps taken now are imagined. */
  active = false;
  readonly #parts: LookAheadParts;
  readonly #scratch: ArrayBuffer;

  constructor(parts: LookAheadParts) {
    this.#parts = parts;
    this.#scratch = new ArrayBuffer(parts.arena.byteLength);
  }

  /**
   * The no-op, then every repair whose true precondition holds on a component that is touched by an effect in force or
   * has replicas that do not serve, and on the entry services.
   */
  candidates(): readonly number[] {
    const { repairs } = this.#parts;
    const result = [NO_OP];
    for (const component of [...this.#suspects()].sort((a, b) => a - b)) {
      repairVerbs.forEach((_, verb) => {
        if (!repairs.wouldWork({ component, verb })) return;
        result.push(encodeChoice({ component, verb }, repairVerbs.length));
      });
    }
    return result;
  }

  rollout(options: {
    readonly role: string;
    readonly choices: readonly number[];
    readonly steps: number;
    readonly seed: number;
  }): number {
    assert(options.role === 'order', 'only order looks ahead');
    assert(!this.active, 'look-aheads do not nest');
    const { arena, cluster } = this.#parts;
    arena.snapshot(this.#scratch);
    this.active = true;
    this.#parts.reseed(`look-ahead/${options.seed}/${cluster.nowMicros}`);
    const value = this.#parts.play(options.choices, options.steps);
    this.active = false;
    arena.restore(this.#scratch);
    return value;
  }

  #suspects(): Set<number> {
    const { cluster } = this.#parts;
    const { topology, state } = cluster;
    const suspects = new Set<number>(cluster.spec.workloads.map((workload) => workload.service));
    cluster.effects.forEach((kind, target) => {
      for (const component of this.#touched(kind, target)) suspects.add(component);
    });
    for (let replica = 0; replica < topology.replicas; replica += 1) {
      if (state.replicas.phase[replica] === Phase.absent || cluster.isServing(replica)) continue;
      suspects.add(topology.replicaService[replica]!);
    }
    return suspects;
  }

  /** The component an effect is on, and those that a repair around it would act on. */
  #touched(kind: EffectKind, target: number): number[] {
    const { topology } = this.#parts.cluster;
    const { offsets } = topology;
    switch (effectForms[kind].target) {
      case 'service':
        return [target];
      case 'replica':
        return [topology.replicaService[target]!];
      case 'node':
        return [offsets.node + target, ...this.#servicesOn(target)];
      case 'link':
        return target < topology.nodes
          ? [offsets.link + target, offsets.node + target, ...this.#servicesOn(target)]
          : [offsets.link + target];
      case 'disk':
        return [offsets.disk + target, topology.diskService[target]!];
    }
  }

  #servicesOn(node: number): number[] {
    const services: number[] = [];
    this.#parts.cluster.forReplicasOn(node, (replica) => {
      services.push(this.#parts.cluster.topology.replicaService[replica]!);
    });
    return services;
  }
}
