/**
 * What faults and repairs in progress do to the physics of components. Each parameter is computed anew from the effects
 * that are in force, never added to and subtracted from, so that it is bit-identical to a fresh one when all have ended.
 */

import { assert, type StateLayout, type Table } from '../base/index.ts';
import { type Bond, type Combination, type EffectKind, type EffectTarget, effectForms } from './effect-forms.ts';
import type { ClusterTopology } from './topology.ts';

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
