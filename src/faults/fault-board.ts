/** Starts and ends faults on a cluster, and says which ones the rules of the contest allow. */

import { assert, RandomStreams, type StateLayout, type Table } from '../base/index.ts';
import { type Cluster, componentAt, FAULT_EVENTS_FROM } from '../cluster/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import { type FaultVerb, faultVerbs } from './catalogue.ts';
import { type FaultOptions, modeCount } from './envelope.ts';
import type { FaultContext, Severity } from './fault-kind.ts';
import { type FaultAction, type FaultEnvelope, type FaultInForce, FaultTable } from './fault-table.ts';
import type { FaultObstacle } from './obstacle.ts';
import { Offers, writeAffordable } from './offers.ts';
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

type Place = ReturnType<typeof componentAt>;

const END_EVENT = FAULT_EVENTS_FROM;
const PULSE_EVENT = FAULT_EVENTS_FROM + 1;

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
  readonly #totals: Table<{ budget: 'f64'; spent: 'f64'; started: 'i32' }>;
  /** Effects that no fault exceeds. */
  readonly #effectsMax: number;
  readonly #offers: Offers;

  constructor(layout: StateLayout, cluster: Cluster, rules: FaultRules) {
    const { components, componentNames } = cluster.topology;
    this.#cluster = cluster;
    this.#rules = rules;
    this.#situation = new Situation(cluster, rules.replicaShareMax);
    const streams = componentNames.map((name) => `fault/${name}`);
    this.#streams = new RandomStreams(layout, streams, 'faultRandom');
    this.#faults = new FaultTable(layout);
    this.#history = layout.table('faultHistory', components, { lastStartedMicros: 'f64' });
    this.#totals = layout.table('faultTotals', 1, { budget: 'f64', spent: 'f64', started: 'i32' });
    this.#effectsMax = effectsPerFault(cluster);
    this.#offers = new Offers(cluster, rules);
  }

  /** No fault yet; all draws of the episode come from `seed`. Call after the cluster's reset. */
  reset(seed: number | string, budgetRatio: number = 1): void {
    this.#totals.budget[0] = this.#rules.chaosBudget * budgetRatio;
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

  /** Cost that the faults of this episode may have in all. */
  get budget(): number {
    return this.#totals.budget[0]!;
  }

  /** Cost of the faults started so far. */
  get spent(): number {
    return this.#totals.spent[0]!;
  }

  /** Cost that may still be spent. */
  get budgetLeft(): number {
    return this.budget - this.spent;
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
    const { components } = this.#cluster.topology;
    mask.fill(0, offset, offset + components * faultVerbs.length);
    this.sweep();
    if (!this.#hasRoom() || this.activeCount() >= this.#rules.faultsConcurrentMax) return;
    this.#offers.refresh(this.#situation);
    const left = this.budgetLeft;
    for (let component = 0; component < components; component += 1) {
      const legal = this.#offers.legal(component);
      if (legal.length === 0 || this.cooldownLeftSeconds(component) > 0) continue;
      for (const offer of legal) {
        if (offer.costMin > left || this.#faults.hasKind(component, offer.kind)) continue;
        writeAffordable(offer, left, mask, offset + component * faultVerbs.length);
      }
    }
  }

  /** Whether `obstacle` finds nothing against it: for fault scripts. */
  isPossible(action: FaultAction, options: FaultOptions = {}): boolean {
    return this.obstacle(action, options) === null;
  }

  /**
   * Why a fault would do nothing that repairs can undo, whatever budget and cooldowns say; null = it would. A mode
   * overrules the share of replicas that chaos may touch.
   */
  obstacle(action: FaultAction, { mode = null }: FaultOptions = {}): FaultObstacle | null {
    this.sweep();
    if (!this.#hasRoom()) return 'tableFull';
    this.#situation.refresh();
    const { kind, target } = verbAt(action.verb);
    const place = componentAt(this.#cluster.topology, action.component);
    if (place.kind !== target || !kind.suits(this.#cluster, place.index)) return 'noEffect';
    if (this.#faults.hasKind(action.component, kind)) return 'inForce';
    const unreachable = this.#unreachable(place, kind.scope.replicas ? mode : null);
    return unreachable ?? (kind.legal(this.#situation, place.index) ? null : 'noEffect');
  }

  /** Why chaos may not choose a fault that the mask does not offer; null = it may. */
  choiceObstacle(action: FaultAction): FaultObstacle | null {
    const { kind, severity } = verbAt(action.verb);
    const { protected: spared, faultsAllowed, faultsConcurrentMax } = this.#rules;
    if (spared.includes(action.component) || faultsAllowed?.includes(kind.name) === false) return 'notOffered';
    const obstacle = this.obstacle(action);
    if (obstacle !== null) return obstacle;
    if (this.activeCount() >= faultsConcurrentMax) return 'concurrent';
    if (this.cooldownLeftSeconds(action.component) > 0) return 'cooldown';
    return severity.cost > this.budgetLeft ? 'budget' : null;
  }

  /** Starts a possible fault and charges its cost. */
  start(action: FaultAction, options: FaultOptions = {}): void {
    const { kind, severity, name } = verbAt(action.verb);
    const place = this.#cluster.topology.componentNames[action.component];
    assert(this.isPossible(action, options), `fault ${name} is not possible on ${place}`);
    const row = this.#faults.freeRow();
    const owner = this.started + 1;
    const seconds = options.durationSeconds === undefined ? severity.durationSeconds : options.durationSeconds;
    const startedMicros = this.#cluster.nowMicros;
    const endsMicros = seconds === null ? Infinity : startedMicros + secondsToMicros(seconds);
    this.#faults.fill(row, { ...action, ...envelopeOf(severity, options), owner, startedMicros, endsMicros });
    this.#history.lastStartedMicros[action.component] = startedMicros;
    this.#totals.spent[0]! += severity.cost;
    this.#totals.started[0] = owner;
    const pulseSeconds = kind.apply(this.#context(row));
    assert(this.#cluster.effects.hasOwner(owner), `fault ${name} was possible on ${place}, yet has no effect`);
    this.#schedule(END_EVENT, row, seconds);
    this.#schedule(PULSE_EVENT, row, pulseSeconds);
  }

  /** Whether an event's fault is not over yet; another may be in its row. */
  isCurrent(row: number, owner: number): boolean {
    return this.#faults.isUsed(row) && this.#faults.columns.owner[row] === owner;
  }

  /** Handles an event that `start` scheduled. */
  onEvent(kind: number, row: number, owner: number): void {
    if (!this.isCurrent(row, owner)) return;
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

  #unreachable({ kind, index }: Place, mode: FaultOptions['mode']): FaultObstacle | null {
    if (mode === null) return this.#situation.obstacle(kind, index);
    return this.#situation.liveReplicas(index).length > 0 ? null : 'noReplica';
  }

  #hasRoom(): boolean {
    return this.#faults.freeRow() >= 0 && this.#cluster.effects.room >= this.#effectsMax;
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
    const { component, owner, pulses } = this.#faults.columns;
    const { index } = componentAt(this.#cluster.topology, component[row]!);
    const envelope = this.#faults.envelope(row);
    return {
      cluster: this.#cluster,
      target: index,
      parameters: envelope.parameters,
      peer: envelope.peer,
      direction: envelope.direction,
      owner: owner[row]!,
      pulses: pulses[row]!,
      replicas: (countMax) => this.#chooseReplicas(index, countMax, envelope),
    };
  }

  /** A store's leader, since it takes all requests; else drawn without replacement. */
  #chooseReplicas(service: number, countMax: number, { mode, value }: FaultEnvelope): readonly number[] {
    const { state, topology } = this.#cluster;
    const situation = this.#situation;
    const draw = (bound: number): number => this.#streams.integer(topology.offsets.service + service, bound);
    const candidates = mode === null ? situation.untouchedReplicas(service) : situation.liveReplicas(service);
    const count =
      mode === null
        ? Math.min(countMax, situation.allowance(service), candidates.length)
        : modeCount({ mode, value }, candidates.length, draw);
    const leads = state.services.leader[service] === candidates[0];
    const chosen: number[] = [];
    while (chosen.length < count) {
      const byDraw = !leads || chosen.length > 0;
      chosen.push(...candidates.splice(byDraw ? draw(candidates.length) : 0, 1));
    }
    return chosen;
  }
}

/** The severity's parameters but for those stated otherwise, and what else the fault is narrowed to. */
function envelopeOf({ parameters }: Severity, options: FaultOptions): FaultEnvelope {
  return {
    mode: options.mode ?? null,
    value: options.value ?? 0,
    peer: options.peer ?? -1,
    direction: options.direction ?? 'both',
    parameters: { ...parameters, ...options.parameters },
  };
}

/** Two effects on every end of the calls of one service, or on everything else there is one of; and what repairs add. */
function effectsPerFault({ topology }: Cluster): number {
  const ends = new Int32Array(topology.services);
  for (const replica of topology.portReplica) ends[topology.replicaService[replica]!]! += 1;
  return 64 + 2 * Math.max(...ends) + topology.replicas + topology.calls + topology.services;
}

function verbAt(verb: number): FaultVerb {
  const found = faultVerbs[verb];
  assert(found !== undefined, `there is no fault verb ${verb}`);
  return found;
}
