/** The planner's privilege: plays repairs on a copy of the true state, with fresh but lucky dice and chaos silent. */

import { assert, type StateArena } from '../base/index.ts';
import { type Cluster, type EffectKind, effectForms, Phase } from '../cluster/index.ts';
import { encodeChoice, type LookAhead, NO_OP } from '../contract/index.ts';
import { type RepairBoard, repairVerbs } from '../repairs/index.ts';
import type { EpisodeClock } from './episode-clock.ts';

interface LookAheadParts {
  readonly cluster: Cluster;
  readonly arena: StateArena;
  readonly repairs: RepairBoard;
  readonly clock: EpisodeClock;
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

  get stepsLeft(): number {
    const { clock } = this.#parts;
    return clock.steps - clock.step;
  }

  /**
   * The no-op, then every repair that would work: first on components that an effect is on, then on services with
   * replicas that do not serve, then on what stands close to them and on the entry services.
   */
  candidates(): readonly number[] {
    const { repairs } = this.#parts;
    const result = [NO_OP];
    for (const component of this.#suspects()) {
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
    const { arena, cluster, repairs } = this.#parts;
    arena.snapshot(this.#scratch);
    this.active = true;
    // Every repair fails now and then; which of them does so in a few futures says nothing of which one is right.
    repairs.fortunate = true;
    this.#parts.reseed(`look-ahead/${options.seed}/${cluster.nowMicros}`);
    const value = this.#parts.play(options.choices, options.steps);
    this.active = false;
    repairs.fortunate = false;
    arena.restore(this.#scratch);
    cluster.restored();
    return value;
  }

  #suspects(): Set<number> {
    const { cluster } = this.#parts;
    const { topology, state } = cluster;
    const suspects = new Set<number>();
    const nearby: number[] = [];
    cluster.effects.forEach((kind, target) => {
      suspects.add(this.#componentOf(kind, target));
      nearby.push(...this.#around(kind, target));
    });
    for (let replica = 0; replica < topology.replicas; replica += 1) {
      if (state.replicas.phase[replica] === Phase.absent || cluster.isServing(replica)) continue;
      suspects.add(topology.replicaService[replica]!);
    }
    for (const component of nearby) suspects.add(component);
    for (const { service } of cluster.spec.workloads) suspects.add(service);
    return suspects;
  }

  /** The component an effect is on; a replica and its ports belong to its service, a call to its caller. */
  #componentOf(kind: EffectKind, target: number): number {
    const { topology, spec } = this.#parts.cluster;
    const { target: on } = effectForms[kind];
    if (on === 'call') return spec.calls[target]!.caller;
    if (on === 'port') return topology.replicaService[topology.portReplica[target]!]!;
    return on === 'replica' ? topology.replicaService[target]! : topology.offsets[on] + target;
  }

  /** Components beside the one an effect is on, which a repair around it would act on. */
  #around(kind: EffectKind, target: number): number[] {
    const { topology } = this.#parts.cluster;
    const { target: on } = effectForms[kind];
    if (on === 'disk') return [topology.diskService[target]!];
    if (on === 'node') return this.#servicesOn(target);
    if (on !== 'link') return [];
    if (target >= topology.nodes) return this.#servicesAcross(target);
    return [topology.offsets.node + target, ...this.#servicesOn(target)];
  }

  /** Services whose calls still cross an interconnect although callers keep off it: they have no other way. */
  #servicesAcross(link: number): number[] {
    const { spec, effects } = this.#parts.cluster;
    if (effects.values.linkAvoided[link] === 0) return [];
    const stuck = spec.calls.filter((_, call) => this.#crosses(call, link));
    return stuck.flatMap(({ caller, callee }) => [caller, callee]);
  }

  /** Whether load balancing sends a call over an interconnect, from any replica of its caller. */
  #crosses(call: number, link: number): boolean {
    const { topology, spec, routes } = this.#parts.cluster;
    const { caller, callee } = spec.calls[call]!;
    const slots = routes.slots(callee);
    for (let pair = 0; pair < routes.slots(caller) * slots; pair += 1) {
      if (routes.pairWeights[routes.pairStart[call]! + pair] === 0) continue;
      const from = this.#zoneOf(topology.replicaStart[caller]! + Math.floor(pair / slots));
      const to = this.#zoneOf(topology.replicaStart[callee]! + (pair % slots));
      if (from >= 0 && to >= 0 && topology.interconnect[from * spec.zones.length + to] === link) return true;
    }
    return false;
  }

  /** -1 = nowhere. */
  #zoneOf(replica: number): number {
    const { topology, state } = this.#parts.cluster;
    const node = state.replicas.node[replica]!;
    return node < 0 ? -1 : topology.nodeZone[node]!;
  }

  #servicesOn(node: number): number[] {
    const services: number[] = [];
    this.#parts.cluster.forReplicasOn(node, (replica) => {
      services.push(this.#parts.cluster.topology.replicaService[replica]!);
    });
    return services;
  }
}
