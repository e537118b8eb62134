/** Starts and ends faults on a cluster, and says which ones the rules of the contest allow. */

import { assert, RandomStreams, type StateLayout, type Table } from '../base/index.ts';
import { type Cluster, type ComponentKind, componentAt, FAULT_EVENTS_FROM } from '../cluster/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import { type FaultVerb, faultKinds, faultVerbs } from './catalogue.ts';
import type { FaultContext, FaultKind } from './fault-kind.ts';
import { type FaultAction, type FaultInForce, FaultTable } from './fault-table.ts';
import { Situation } from './situation.ts';

/** Rules chaos plays by. */
export interface FaultRules {
  readonly chaosBudget: number;
  readonly faultsConcurrentMax: number;
  /** Share of a service's replicas that faults may touch; never less than one replica. */
  readonly replicaShareMax: number;
  /** From the start of a fault to the next on the same component. */
  readonly cooldownSeconds: number;
  /** Ids of components that no fault may target. */
  readonly protected: readonly number[];
  /** Names of kinds; null = all. */
  readonly faultsAllowed: readonly string[] | null;
}

const END_EVENT = FAULT_EVENTS_FROM;
const PULSE_EVENT = FAULT_EVENTS_FROM + 1;

const componentKinds: readonly ComponentKind[] = ['service', 'node', 'link', 'disk'];

/** The faults of an episode. All its state lies in the layout. */
export class FaultBoard {
  /** Called when a fault is over: its time is up, or (`cured`) repairs have undone all its effects. */
  onEnded: (fault: FaultInForce, cured: boolean) => void = () => {};

  readonly #cluster: Cluster;
  readonly #rules: FaultRules;
  readonly #situation: Situation;
  readonly #streams: RandomStreams;
  readonly #faults: FaultTable;
  readonly #history: Table<{ lastStartedMicros: 'f64' }>;
  readonly #totals: Table<{ spent: 'f64'; started: 'i32' }>;
  readonly #isProtected: Uint8Array;
  /** What the rules allow at all, by kind of component. */
  readonly #offers: Readonly<Record<ComponentKind, readonly Offer[]>>;

  constructor(layout: StateLayout, cluster: Cluster, rules: FaultRules) {
    const { components, componentNames } = cluster.topology;
    this.#cluster = cluster;
    this.#rules = rules;
    this.#situation = new Situation(cluster, rules.replicaShareMax);
    const streams = componentNames.map((name) => `fault/${name}`);
    this.#streams = new RandomStreams(layout, streams, 'faultRandom');
    this.#faults = new FaultTable(layout);
    this.#history = layout.table('faultHistory', components, { lastStartedMicros: 'f64' });
    this.#totals = layout.table('faultTotals', 1, { spent: 'f64', started: 'i32' });
    this.#isProtected = new Uint8Array(components);
    for (const component of rules.protected) this.#isProtected[component] = 1;
    this.#offers = offersByTarget(rules.faultsAllowed);
  }

  /** No fault yet; all draws of the episode come from `seed`. Call after the cluster's reset. */
  reset(seed: number | string): void {
    this.#streams.seed(seed);
    this.#faults.clear();
    this.#history.lastStartedMicros.fill(-Infinity);
    this.#totals.spent[0] = 0;
    this.#totals.started[0] = 0;
  }

  /** Other draws from here on. */
  reseed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** Cost of the faults started so far. */
  get spent(): number {
    return this.#totals.spent[0]!;
  }

  /** Cost that may still be spent. */
  get budgetLeft(): number {
    return this.#rules.chaosBudget - this.spent;
  }

  /** Faults started so far. */
  get started(): number {
    return this.#totals.started[0]!;
  }

  /** Faults whose effects are in force. */
  activeCount(): number {
    let count = 0;
    for (let row = 0; row < this.#faults.rowsEnd; row += 1) if (this.#isActive(row)) count += 1;
    return count;
  }

  /** Calls `visit` for every fault whose effects are in force. */
  forEachActive(visit: (fault: FaultInForce) => void): void {
    for (let row = 0; row < this.#faults.rowsEnd; row += 1) if (this.#isActive(row)) visit(this.#faults.record(row));
  }

  /** Seconds since a fault was last started on a component; Infinity = never. */
  secondsSinceStart(component: number): number {
    return (this.#cluster.nowMicros - this.#history.lastStartedMicros[component]!) / 1e6;
  }

  /** Seconds until the rules allow another fault on a component. */
  cooldownLeftSeconds(component: number): number {
    return Math.max(0, this.#rules.cooldownSeconds - this.secondsSinceStart(component));
  }

  /** Writes 1 for every legal choice of components x `faultVerbs`, row major from `mask[offset]` on, else 0. */
  legalInto(mask: Uint8Array, offset = 0): void {
    const { components, counts, offsets } = this.#cluster.topology;
    mask.fill(0, offset, offset + components * faultVerbs.length);
    this.sweep();
    if (this.#faults.freeRow() < 0 || this.activeCount() >= this.#rules.faultsConcurrentMax) return;
    this.#situation.refresh();
    const left = this.budgetLeft;
    for (const kind of componentKinds) {
      for (let target = 0; target < counts[kind]; target += 1) {
        const component = offsets[kind] + target;
        if (this.#isProtected[component] === 1 || this.cooldownLeftSeconds(component) > 0) continue;
        if (!this.#situation.mayTouch(kind, target)) continue;
        for (const offer of this.#offers[kind]) {
          if (offer.costMin > left || this.#faults.hasKind(component, offer.kind)) continue;
          if (!offer.kind.legal(this.#situation, target)) continue;
          writeAffordable(offer, left, mask, offset + component * faultVerbs.length);
        }
      }
    }
  }

  /** Whether a fault would do something that repairs can undo, whatever budget and cooldowns say: for fault scripts. */
  isPossible(action: FaultAction): boolean {
    this.sweep();
    if (this.#faults.freeRow() < 0) return false;
    this.#situation.refresh();
    const { kind, target } = verbAt(action.verb);
    const place = componentAt(this.#cluster.topology, action.component);
    if (place.kind !== target || !this.#situation.mayTouch(place.kind, place.index)) return false;
    return !this.#faults.hasKind(action.component, kind) && kind.legal(this.#situation, place.index);
  }

  /** Starts a possible fault and charges its cost; `durationSeconds` replaces its own, null = until repaired. */
  start(action: FaultAction, options: { readonly durationSeconds?: number | null } = {}): void {
    const { kind, severity, name } = verbAt(action.verb);
    const place = this.#cluster.topology.componentNames[action.component];
    assert(this.isPossible(action), `fault ${name} is not possible on ${place}`);
    const row = this.#faults.freeRow();
    const owner = this.started + 1;
    const seconds = options.durationSeconds === undefined ? severity.durationSeconds : options.durationSeconds;
    const startedMicros = this.#cluster.nowMicros;
    const endsMicros = seconds === null ? Infinity : startedMicros + secondsToMicros(seconds);
    this.#faults.fill(row, { ...action, owner, startedMicros, endsMicros });
    this.#history.lastStartedMicros[action.component] = startedMicros;
    this.#totals.spent[0]! += severity.cost;
    this.#totals.started[0] = owner;
    const pulseSeconds = kind.apply(this.#context(row));
    assert(this.#cluster.effects.hasOwner(owner), `fault ${name} was possible on ${place}, yet has no effect`);
    this.#schedule(END_EVENT, row, seconds);
    this.#schedule(PULSE_EVENT, row, pulseSeconds);
  }

  /** Handles an event that `start` scheduled. */
  onEvent(kind: number, row: number, owner: number): void {
    // The fault it was meant for may be over, and another in its row.
    if (!this.#faults.isUsed(row) || this.#faults.columns.owner[row] !== owner) return;
    if (!this.#isActive(row)) this.#end(row, true);
    else if (kind === END_EVENT) this.#end(row, false);
    else this.#pulse(row);
  }

  /** Notices faults that repairs have undone. */
  sweep(): void {
    for (let row = 0; row < this.#faults.rowsEnd; row += 1) {
      if (this.#faults.isUsed(row) && !this.#isActive(row)) this.#end(row, true);
    }
  }

  #pulse(row: number): void {
    const next = verbAt(this.#faults.columns.verb[row]!).kind.pulse(this.#context(row));
    this.#faults.columns.pulses[row]! += 1;
    this.#schedule(PULSE_EVENT, row, next);
  }

  #end(row: number, cured: boolean): void {
    const fault = this.#faults.record(row);
    this.#cluster.effects.endOwner(this.#faults.columns.owner[row]!);
    this.#faults.free(row);
    this.onEnded(fault, cured);
  }

  #isActive(row: number): boolean {
    return this.#faults.isUsed(row) && this.#cluster.effects.hasOwner(this.#faults.columns.owner[row]!);
  }

  #schedule(kind: number, row: number, afterSeconds: number | null): void {
    if (afterSeconds === null) return;
    this.#cluster.scheduleAction(afterSeconds, { kind, a: row, b: this.#faults.columns.owner[row]! });
  }

  #context(row: number): FaultContext {
    const { verb, component, owner, pulses } = this.#faults.columns;
    const { index } = componentAt(this.#cluster.topology, component[row]!);
    return {
      cluster: this.#cluster,
      target: index,
      severity: verbAt(verb[row]!).severityIndex,
      owner: owner[row]!,
      pulses: pulses[row]!,
      replicas: (countMax) => this.#chooseReplicas(index, countMax),
    };
  }

  /** A store's leader, since it takes all requests; else drawn without replacement. */
  #chooseReplicas(service: number, countMax: number): readonly number[] {
    const { state, topology } = this.#cluster;
    const candidates = this.#situation.untouchedReplicas(service);
    const count = Math.min(countMax, this.#situation.allowance(service), candidates.length);
    const leads = state.services.leader[service] === candidates[0];
    const chosen: number[] = [];
    while (chosen.length < count) {
      const byDraw = !leads || chosen.length > 0;
      const index = byDraw ? this.#streams.integer(topology.offsets.service + service, candidates.length) : 0;
      chosen.push(...candidates.splice(index, 1));
    }
    return chosen;
  }
}

/** A kind of fault that the rules allow. */
interface Offer {
  readonly kind: FaultKind;
  /** Verb of its first severity; the others follow. */
  readonly firstVerb: number;
  readonly costMin: number;
}

/** Writes 1 for the severities of a kind that cost no more than `left`. */
function writeAffordable({ kind, firstVerb }: Offer, left: number, mask: Uint8Array, at: number): void {
  for (let index = 0; index < kind.severities.length; index += 1) {
    if (kind.severities[index]!.cost <= left) mask[at + firstVerb + index] = 1;
  }
}

function verbAt(verb: number): FaultVerb {
  const found = faultVerbs[verb];
  assert(found !== undefined, `there is no fault verb ${verb}`);
  return found;
}

function offersByTarget(allowed: readonly string[] | null): Record<ComponentKind, Offer[]> {
  const offers: Record<ComponentKind, Offer[]> = { service: [], node: [], link: [], disk: [] };
  for (const kind of faultKinds) {
    if (allowed !== null && !allowed.includes(kind.name)) continue;
    const costMin = Math.min(...kind.severities.map((severity) => severity.cost));
    offers[kind.target].push({ kind, firstVerb: faultVerbs.findIndex((verb) => verb.kind === kind), costMin });
  }
  return offers;
}
