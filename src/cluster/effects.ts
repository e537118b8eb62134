/**
 * What faults and repairs in progress do to the physics of components. Each parameter is computed anew from the effects
 * that are in force, never added to and subtracted from, so that it is bit-identical to a fresh one when all have ended.
 */

import { assert, type StateLayout, type Table } from '../base/index.ts';
import type { ClusterTopology } from './topology.ts';

export type EffectTarget = 'service' | 'call' | 'replica' | 'port' | 'node' | 'link' | 'disk';

export type EffectKind =
  | 'nodeDown'
  | 'nodeCordoned'
  | 'nodeCpuStolen'
  | 'nodeClockSkew'
  | 'replicaHung'
  | 'replicaFrozen'
  | 'replicaSlow'
  | 'replicaErrors'
  | 'replicaLeak'
  | 'replicaCrashing'
  | 'replicaExcluded'
  | 'replicaDelay'
  | 'replicaCpuStolen'
  | 'replicaMemoryTaken'
  | 'replicaUnwanted'
  | 'serviceShed'
  | 'serviceRetriesOff'
  | 'serviceRetryBudgetOff'
  | 'serviceSurge'
  | 'serviceUnresolved'
  | 'serviceMisdirected'
  | 'serviceBreakerOpen'
  | 'serviceMisconfigured'
  | 'callMisconfigured'
  | 'callQuota'
  | 'portRequestLoss'
  | 'portResponseLoss'
  | 'portDelay'
  | 'portJitter'
  | 'portReset'
  | 'portCut'
  | 'portLinger'
  | 'linkBlocked'
  | 'linkInBlocked'
  | 'linkOutBlocked'
  | 'linkLoss'
  | 'linkDelay'
  | 'linkJitter'
  | 'linkDuplicate'
  | 'linkRate'
  | 'linkBuffer'
  | 'linkFlood'
  | 'linkThrottle'
  | 'linkAvoided'
  | 'diskSlow'
  | 'diskErrors'
  | 'diskDelay'
  | 'diskStress'
  | 'diskCorrupt'
  | 'diskPaused'
  | 'diskReadOnly'
  | 'diskHoard'
  | 'diskLost';

/** How several effects of one kind on one target become one number. */
type Combination = 'any' | 'sum' | 'product' | 'union' | 'minimum';

/**
 * What an effect is bound to: a `process` effect ends when the process restarts, a `pod` effect when the replica is
 * started elsewhere, a `device` effect when the disk is replaced, a `config` effect when the configuration is rolled
 * back, a `place` effect only by its owner.
 */
type Bond = 'process' | 'pod' | 'device' | 'config' | 'place';

export interface EffectForm {
  readonly target: EffectTarget;
  readonly combine: Combination;
  readonly bond: Bond;
}

function form(target: EffectTarget, combine: Combination, bond: Bond = 'place'): EffectForm {
  return { target, combine, bond };
}

/** Every kind of effect: its target, how it adds up, what it is bound to. */
export const effectForms: Readonly<Record<EffectKind, EffectForm>> = {
  /** The machine is off. */
  nodeDown: form('node', 'any'),
  /** No new replicas here. */
  nodeCordoned: form('node', 'any'),
  /** Cores taken by something else. */
  nodeCpuStolen: form('node', 'sum'),
  /** Seconds its clock is off. */
  nodeClockSkew: form('node', 'sum'),
  /** Accepts requests and probes, answers neither. */
  replicaHung: form('replica', 'any', 'process'),
  /** Answers probes, not requests. */
  replicaFrozen: form('replica', 'any', 'process'),
  /** Service time, as a multiple. */
  replicaSlow: form('replica', 'product', 'process'),
  /** Share of requests answered with an error. */
  replicaErrors: form('replica', 'union', 'process'),
  /** Bytes a second that are never freed. */
  replicaLeak: form('replica', 'sum', 'process'),
  /** The process dies shortly after every start. */
  replicaCrashing: form('replica', 'any', 'pod'),
  /** Taken out of load balancing. */
  replicaExcluded: form('replica', 'any', 'pod'),
  /** Seconds that a proxy beside the process adds to every request; a worker is held meanwhile. */
  replicaDelay: form('replica', 'sum', 'pod'),
  /** Cores of its limit taken by another process in the container. */
  replicaCpuStolen: form('replica', 'sum', 'process'),
  /** Bytes of its limit taken by another process in the container. */
  replicaMemoryTaken: form('replica', 'sum', 'process'),
  /** Scaled away: the replica is removed, and wanted again when the effect ends. */
  replicaUnwanted: form('replica', 'any'),
  /** Share of users refused at the door. */
  serviceShed: form('service', 'union'),
  /** Callers of this service do not retry. */
  serviceRetriesOff: form('service', 'any'),
  /** Callers of this service retry without a budget. */
  serviceRetryBudgetOff: form('service', 'any'),
  /** Users of the workloads that enter here, as a multiple. */
  serviceSurge: form('service', 'product'),
  /** Share of calls to its name that fail at once: the name does not resolve. */
  serviceUnresolved: form('service', 'union'),
  /** Share of calls to its name that go to an address where nobody answers. */
  serviceMisdirected: form('service', 'union'),
  /** Callers refuse calls to it at once, as an open breaker does. */
  serviceBreakerOpen: form('service', 'any'),
  /** Share of requests it answers with an error since a bad release. */
  serviceMisconfigured: form('service', 'union', 'config'),
  /** Share of calls that fail at once: wrong address, port or credential in the caller's configuration. */
  callMisconfigured: form('call', 'union', 'config'),
  /** Most calls a second of all callers together; the rest is refused at once. */
  callQuota: form('call', 'minimum', 'config'),
  /**
   * A port is one replica's end of a call, as caller or as callee (`ClusterTopology.portReplica`). Share of packets of
   * requests and of responses lost there; 1 = nothing passes that way.
   */
  portRequestLoss: form('port', 'union', 'pod'),
  portResponseLoss: form('port', 'union', 'pod'),
  /** Seconds added to the way there and back together, and their standard deviation. */
  portDelay: form('port', 'sum', 'pod'),
  portJitter: form('port', 'sum', 'pod'),
  /** Share of calls whose connection is reset at once. */
  portReset: form('port', 'union', 'pod'),
  /** Share of answers cut off: the work is done, the caller gets an error. */
  portCut: form('port', 'union', 'pod'),
  /** Seconds a connection stays taken after its answer. */
  portLinger: form('port', 'sum', 'pod'),
  /** Nothing passes. */
  linkBlocked: form('link', 'any'),
  /** Nothing passes towards the machine, or towards the second zone of an interconnect. */
  linkInBlocked: form('link', 'any'),
  /** Nothing passes the other way. */
  linkOutBlocked: form('link', 'any'),
  /** Share of packets lost. */
  linkLoss: form('link', 'union'),
  /** Seconds added one way. */
  linkDelay: form('link', 'sum'),
  /** Standard deviation of the one-way delay, seconds. */
  linkJitter: form('link', 'sum'),
  /** Share of packets sent twice. */
  linkDuplicate: form('link', 'union'),
  /** Most bytes a second it carries, and most bytes it buffers. */
  linkRate: form('link', 'minimum'),
  linkBuffer: form('link', 'minimum'),
  /** Bytes a second of foreign traffic offered. */
  linkFlood: form('link', 'sum'),
  /** Most bytes a second of foreign traffic let through. */
  linkThrottle: form('link', 'minimum'),
  /** Load balancing keeps off this link where there is another way. */
  linkAvoided: form('link', 'any'),
  /** Time of a disk operation, as a multiple. */
  diskSlow: form('disk', 'product', 'device'),
  /** Share of disk operations that fail. */
  diskErrors: form('disk', 'union', 'device'),
  /** Seconds added to every operation. */
  diskDelay: form('disk', 'sum', 'device'),
  /** Operations a second of a foreign process. */
  diskStress: form('disk', 'sum', 'pod'),
  /** Share of what is read that is wrong; checksums notice it, and the request fails. */
  diskCorrupt: form('disk', 'union', 'device'),
  /** Operations hang. */
  diskPaused: form('disk', 'any', 'device'),
  /** Mounted read-only after an error: writes fail until it is mounted anew. */
  diskReadOnly: form('disk', 'any', 'device'),
  /** Bytes that foreign files take. */
  diskHoard: form('disk', 'sum', 'device'),
  /** The device is gone, with its data. */
  diskLost: form('disk', 'any', 'device'),
};

const kinds = Object.keys(effectForms) as EffectKind[];
const neutral: Record<Combination, number> = { any: 0, sum: 0, product: 1, union: 0, minimum: Infinity };

/** The effects in force and, per kind, the combined value on every target. */
export class Effects {
  /** Combined value by kind, one entry per target of the kind. */
  readonly values: Readonly<Record<EffectKind, Float64Array>>;
  /** Counts what was put in force and ended; no part of the state. */
  revision = 0;
  /** Called after the value of a kind on a target has been computed anew. */
  onChange: (kind: EffectKind, target: number) => void = () => {};

  /** Most effects in force at once. */
  readonly #effectsMax: number;
  readonly #topology: ClusterTopology;
  readonly #list: Table<{ kind: 'i32'; target: 'i32'; owner: 'i32'; value: 'f64' }>;
  readonly #count: Table<{ effects: 'i32'; changed: 'u8' }>;
  readonly #tables: ReadonlyMap<EffectKind, Table<{ value: 'f64' }>>;

  constructor(layout: StateLayout, topology: ClusterTopology) {
    const rows = targetCounts(topology);
    this.#topology = topology;
    this.#effectsMax = 1024 + 2 * topology.ports + 4 * topology.replicas;
    this.#list = layout.table('effect', this.#effectsMax, { kind: 'i32', target: 'i32', owner: 'i32', value: 'f64' });
    this.#count = layout.table('effectCount', 1, { effects: 'i32', changed: 'u8' });
    this.#tables = new Map(
      kinds.map((kind) => [kind, layout.table(kind, rows[effectForms[kind].target], { value: 'f64' })]),
    );
    // Made at once, as in `StateLayout.table`: read in every tick, it must not become a dictionary.
    this.values = Object.fromEntries(kinds.map((kind) => [kind, new Float64Array()])) as Record<
      EffectKind,
      Float64Array
    >;
  }

  /** Binds the views; call once the layout is built. */
  bind(): void {
    for (const [kind, table] of this.#tables) (this.values as Record<EffectKind, Float64Array>)[kind] = table.value;
  }

  /** Forgets every effect. */
  reset(): void {
    this.revision += 1;
    this.#count.effects[0] = 0;
    this.#count.changed[0] = 1;
    this.#list.kind.fill(0);
    this.#list.target.fill(0);
    this.#list.owner.fill(0);
    this.#list.value.fill(0);
    for (const kind of kinds) this.values[kind].fill(neutral[effectForms[kind].combine]);
  }

  /** How many more can be put in force. */
  get room(): number {
    return this.#effectsMax - this.#count.effects[0]!;
  }

  /** Whether any value has changed since the last time this was asked; the traffic engine asks at every tick. */
  takeChanged(): boolean {
    const changed = this.#count.changed[0] === 1;
    this.#count.changed[0] = 0;
    return changed;
  }

  /** Puts an effect in force; `owner` is the fault or repair behind it. */
  start(effect: { kind: EffectKind; target: number; value: number; owner: number }): void {
    const index = this.#count.effects[0]!;
    assert(index < this.#effectsMax, 'the number of effects in force is bounded');
    this.#list.kind[index] = kinds.indexOf(effect.kind);
    this.#list.target[index] = effect.target;
    this.#list.owner[index] = effect.owner;
    this.#list.value[index] = effect.value;
    this.#count.effects[0] = index + 1;
    this.revision += 1;
    this.#recompute(effect.kind, effect.target);
  }

  /** Ends everything that `owner` put in force. */
  endOwner(owner: number): void {
    this.#endWhere((index) => this.#list.owner[index] === owner);
  }

  /** Ends what is bound to the process of a replica. */
  endProcess(replica: number): void {
    this.#endBound('replica', replica, (bond) => bond === 'process');
  }

  /** Ends what is bound to a replica where it runs now. */
  endPod(replica: number): void {
    const disk = this.#topology.replicaDisk[replica]!;
    this.#endBound('replica', replica, (bond) => bond === 'process' || bond === 'pod');
    if (disk >= 0) this.#endBound('disk', disk, (bond) => bond === 'pod');
    this.#endWhere((index) => {
      const { target } = effectForms[kinds[this.#list.kind[index]!]!];
      return target === 'port' && this.#topology.portReplica[this.#list.target[index]!] === replica;
    });
  }

  /** Ends what is bound to the configuration of a service: its own, and that of the calls it makes. */
  endConfig(service: number): void {
    this.#endBound('service', service, (bond) => bond === 'config');
    const { starts, items } = this.#topology.callsOut;
    for (let at = starts[service]!; at < starts[service + 1]!; at += 1) {
      this.#endBound('call', items[at]!, (bond) => bond === 'config');
    }
  }

  /** Ends what is bound to a disk device. */
  endDevice(disk: number): void {
    this.#endBound('disk', disk, (bond) => bond === 'device');
  }

  /** Ends the effects of one kind on one target, whoever put them in force. */
  endKind(kind: EffectKind, target: number): void {
    const code = kinds.indexOf(kind);
    this.#endWhere((index) => this.#list.kind[index] === code && this.#list.target[index] === target);
  }

  /** Whether anything that `owner` put in force still is. */
  hasOwner(owner: number): boolean {
    const count = this.#count.effects[0]!;
    for (let index = 0; index < count; index += 1) if (this.#list.owner[index] === owner) return true;
    return false;
  }

  /** Calls `visit` for every effect in force, oldest first. */
  forEach(visit: (kind: EffectKind, target: number, owner: number) => void): void {
    const count = this.#count.effects[0]!;
    for (let index = 0; index < count; index += 1) {
      visit(kinds[this.#list.kind[index]!]!, this.#list.target[index]!, this.#list.owner[index]!);
    }
  }

  #endBound(targetKind: EffectTarget, target: number, ends: (bond: Bond) => boolean): void {
    this.#endWhere((index) => {
      const { target: of, bond } = effectForms[kinds[this.#list.kind[index]!]!];
      return of === targetKind && this.#list.target[index] === target && ends(bond);
    });
  }

  /** Removes one effect at a time, keeping the order of the rest, until none matches. */
  #endWhere(matches: (index: number) => boolean): void {
    for (let index = this.#count.effects[0]! - 1; index >= 0; index -= 1) {
      if (index >= this.#count.effects[0]! || !matches(index)) continue;
      const kind = kinds[this.#list.kind[index]!]!;
      const target = this.#list.target[index]!;
      this.#remove(index);
      this.#recompute(kind, target);
    }
  }

  #remove(index: number): void {
    const last = this.#count.effects[0]! - 1;
    const { kind, target, owner, value } = this.#list;
    for (const column of [kind, target, owner, value]) {
      column.copyWithin(index, index + 1, last + 1);
      column[last] = 0;
    }
    this.#count.effects[0] = last;
    this.revision += 1;
  }

  #recompute(kind: EffectKind, target: number): void {
    const { combine } = effectForms[kind];
    const code = kinds.indexOf(kind);
    let result = neutral[combine];
    const count = this.#count.effects[0]!;
    for (let index = 0; index < count; index += 1) {
      if (this.#list.kind[index] !== code || this.#list.target[index] !== target) continue;
      result = combined(combine, result, this.#list.value[index]!);
    }
    if (this.values[kind][target] === result) return;
    this.values[kind][target] = result;
    this.#count.changed[0] = 1;
    this.onChange(kind, target);
  }
}

function combined(combine: Combination, sofar: number, value: number): number {
  switch (combine) {
    case 'any':
      return value > 0 ? 1 : sofar;
    case 'sum':
      return sofar + value;
    case 'product':
      return sofar * value;
    case 'union':
      return 1 - (1 - sofar) * (1 - value);
    case 'minimum':
      return Math.min(sofar, value);
  }
}

function targetCounts(topology: ClusterTopology): Record<EffectTarget, number> {
  return {
    service: topology.services,
    call: topology.calls,
    port: topology.ports,
    replica: topology.replicas,
    node: topology.nodes,
    link: topology.links,
    disk: topology.disks,
  };
}
