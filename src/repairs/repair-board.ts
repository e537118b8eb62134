/** Starts repairs on a cluster, takes them through their steps, and remembers how the last one on each component ended. */

import { assert, RandomStreams, type StateLayout, type Table } from '../base/index.ts';
import { type Cluster, type ComponentKind, componentAt, REPAIR_EVENTS_FROM } from '../cluster/index.ts';
import { repairKinds } from './catalogue.ts';
import { isOffered, type OfferPlace, offerPlace, suits } from './offer.ts';
import { RepairHistory, type RepairOutcome } from './repair-history.ts';
import type { RepairKind, RepairStep, RepairView } from './repair-kind.ts';
import { RepairRun, RepairTable, RowUse } from './repair-table.ts';
import { createRepairView } from './repair-view.ts';

/** Rules order plays by. */
export interface RepairRules {
  readonly repairBudget: number;
}

/** A repair on a component. */
export interface RepairAction {
  /** Component id. */
  readonly component: number;
  /** Index into `repairVerbs`. */
  readonly verb: number;
}

const STEP_EVENT = REPAIR_EVENTS_FROM;
const HOLD_OVER_EVENT = REPAIR_EVENTS_FROM + 1;
/** An attempt that is not possible at all is noticed within this. */
const REFUSED_SECONDS_MAX = 10;
const STEPS_MAX = 100_000;

const componentKinds: readonly ComponentKind[] = ['service', 'node', 'link', 'disk'];

/** The repairs of an episode. All its state lies in the layout. */
export class RepairBoard {
  /** Called when a repair has ended; its effects may still hold. */
  onEnded: (repair: RepairAction & { readonly outcome: 'succeeded' | 'failed' }) => void = () => {};
  /** While true no attempt fails by chance; draws stay what they would be. */
  fortunate = false;

  readonly #cluster: Cluster;
  readonly #rules: RepairRules;
  readonly #view: RepairView;
  /** What makes sense by how the cluster was declared, by component. */
  readonly #offers: readonly (readonly Offer[])[];
  readonly #streams: RandomStreams;
  readonly #repairs: RepairTable;
  readonly #history: RepairHistory;
  readonly #totals: Table<{ spent: 'f64'; started: 'i32'; failed: 'i32'; running: 'i32' }>;

  constructor(layout: StateLayout, cluster: Cluster, rules: RepairRules) {
    const { components, componentNames } = cluster.topology;
    this.#cluster = cluster;
    this.#rules = rules;
    this.#view = createRepairView(cluster);
    this.#offers = componentNames.map((_, component) => offersOn(cluster, component));
    const streams = componentNames.map((name) => `repair/${name}`);
    this.#streams = new RandomStreams(layout, streams, 'repairRandom');
    this.#repairs = new RepairTable(layout, components);
    this.#history = new RepairHistory(layout, { components, verbs: repairKinds.length });
    this.#totals = layout.table('repairTotals', 1, { spent: 'f64', started: 'i32', failed: 'i32', running: 'i32' });
  }

  /** No repair yet; all draws of the episode come from `seed`. Call after the cluster's reset. */
  reset(seed: number | string): void {
    this.#streams.seed(seed);
    this.#repairs.clear();
    this.#history.clear();
    for (const column of Object.values(this.#totals)) column.fill(0);
  }

  /** Other draws from here on. */
  reseed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** Cost of the repairs started so far. */
  get spent(): number {
    return this.#totals.spent[0]!;
  }

  /** Cost that may still be spent. */
  get budgetLeft(): number {
    return this.#rules.repairBudget - this.spent;
  }

  /** Repairs started so far. */
  get started(): number {
    return this.#totals.started[0]!;
  }

  /** Repairs that failed so far. */
  get failed(): number {
    return this.#totals.failed[0]!;
  }

  /** Repairs in progress, on all components. */
  inProgressCount(): number {
    return this.#totals.running[0]!;
  }

  /** Whether a repair is in progress on a component. */
  inProgress(component: number): boolean {
    return this.#history.inProgress(component);
  }

  /** The repair started last on a component, -1 = none ever. */
  lastVerb(component: number): number {
    return this.#history.lastVerb(component);
  }

  /** How it ended. */
  lastOutcome(component: number): RepairOutcome {
    return this.#history.lastOutcome(component);
  }

  /** -Infinity = never. */
  lastStartedMicros(component: number): number {
    return this.#history.lastStartedMicros(component);
  }

  /** -Infinity = never. */
  verbStartedMicros({ component, verb }: RepairAction): number {
    return this.#history.verbStartedMicros(component, verb);
  }

  /** End of the last repair that has ended; -Infinity = none has. */
  lastEndedMicros(component: number): number {
    return this.#history.lastEndedMicros(component);
  }

  /** Whether effects of a finished repair still hold on a component. */
  isHolding(action: RepairAction): boolean {
    return this.#repairs.holdingRow(action) >= 0;
  }

  /** Writes 1 for every choice of components x `repairVerbs` on offer, row major from `mask[offset]` on, else 0. */
  offeredInto(mask: Uint8Array, offset = 0): void {
    const { components, counts, offsets } = this.#cluster.topology;
    mask.fill(0, offset, offset + components * repairKinds.length);
    const left = this.budgetLeft;
    for (const kind of componentKinds) {
      for (let target = 0; target < counts[kind]; target += 1) {
        const component = offsets[kind] + target;
        if (this.inProgress(component)) continue;
        const at = offset + component * repairKinds.length;
        for (const { verb, repair, place } of this.#offers[component]!) {
          if (repair.cost > left) continue;
          if (repair.offer === undefined || isOffered(repair.offer, this.#view, place)) mask[at + verb] = 1;
        }
      }
    }
  }

  /** Whether a repair could be started now and its true precondition holds: privileged knowledge. */
  wouldWork({ component, verb }: RepairAction): boolean {
    const repair = verbAt(verb);
    const { kind, index } = componentAt(this.#cluster.topology, component);
    if (repair.target !== kind || repair.cost > this.budgetLeft || this.inProgress(component)) return false;
    const place = offerPlace(this.#cluster.topology, kind, index);
    const { offer } = repair;
    if (offer && !(suits(offer, this.#cluster, place) && isOffered(offer, this.#view, place))) return false;
    return repair.precondition(this.#cluster, index);
  }

  /** Starts a repair and charges its cost. There must be none in progress on the component. */
  start(action: RepairAction): void {
    const repair = verbAt(action.verb);
    const { kind, index } = componentAt(this.#cluster.topology, action.component);
    const place = this.#cluster.topology.componentNames[action.component];
    assert(repair.target === kind, `repair ${repair.name} does not apply to ${place}`);
    assert(!this.inProgress(action.component), `a repair is in progress on ${place}`);
    const possible = repair.precondition(this.#cluster, index);
    // Always one draw, so that preconditions do not shift later draws of the stream.
    const drawn = this.#streams.uniform(action.component);
    const unlucky = drawn < repair.failureRatio && !this.fortunate;
    const row = this.#enter(action, !possible || unlucky);
    if (!possible) this.#scheduleStep(row, Math.min(repair.durationSeconds, REFUSED_SECONDS_MAX));
    else if (unlucky) {
      repair.spoil?.(this.#run(row));
      this.#scheduleStep(row, repair.durationSeconds);
    } else this.#advance(row);
  }

  /** Whether an event's repair has not been renewed; another may be in its row. */
  isCurrent(row: number, owner: number): boolean {
    return this.#repairs.columns.owner[row] === owner;
  }

  /** Handles an event that the board scheduled. */
  onEvent(kind: number, row: number, owner: number): void {
    if (!this.isCurrent(row, owner)) return;
    if (kind === HOLD_OVER_EVENT) this.#release(row);
    else if (this.#repairs.columns.doomed[row] === 1) this.#finish(row, false);
    else this.#advance(row);
  }

  #enter(action: RepairAction, doomed: boolean): number {
    const started = this.started + 1;
    const startedMicros = this.#cluster.nowMicros;
    const row = this.#repairs.freeRow();
    assert(row >= 0, 'there is a row for every repair that may run');
    // Faults own their effects by positive numbers.
    this.#repairs.fill(row, { ...action, owner: -started, startedMicros, doomed });
    this.#totals.started[0] = started;
    this.#totals.running[0]! += 1;
    this.#totals.spent[0]! += verbAt(action.verb).cost;
    this.#history.started(action.component, { verb: action.verb, atMicros: startedMicros });
    return row;
  }

  #advance(row: number): void {
    const { step, verb } = this.#repairs.columns;
    assert(step[row]! < STEPS_MAX, 'a repair has a bounded number of steps');
    const next: RepairStep = verbAt(verb[row]!).advance(this.#run(row));
    step[row]! += 1;
    if (typeof next === 'number') this.#scheduleStep(row, next);
    else this.#finish(row, next === 'succeeded');
  }

  #finish(row: number, succeeded: boolean): void {
    const { component: components, verb: verbs } = this.#repairs.columns;
    const action = { component: components[row]!, verb: verbs[row]! };
    this.#totals.running[0]! -= 1;
    if (!succeeded) this.#totals.failed[0]! += 1;
    const outcome = succeeded ? 'succeeded' : 'failed';
    this.#history.ended(action.component, { outcome, atMicros: this.#cluster.nowMicros });
    if (succeeded) this.#hold(row, action);
    else this.#release(row);
    this.onEnded({ ...action, outcome });
  }

  /** Keeps the effects for a while, in place of those of an earlier repair of the kind. */
  #hold(row: number, action: RepairAction): void {
    const { holdSeconds } = verbAt(action.verb);
    if (holdSeconds === 0) {
      this.#release(row);
      return;
    }
    const earlier = this.#repairs.holdingRow(action);
    if (earlier >= 0) this.#release(earlier);
    this.#repairs.columns.use[row] = RowUse.holding;
    const owner = this.#repairs.columns.owner[row]!;
    this.#cluster.scheduleAction(holdSeconds, { kind: HOLD_OVER_EVENT, a: row, b: owner });
  }

  #release(row: number): void {
    this.#cluster.effects.endOwner(this.#repairs.columns.owner[row]!);
    this.#repairs.free(row);
  }

  #scheduleStep(row: number, afterSeconds: number): void {
    this.#cluster.scheduleAction(afterSeconds, { kind: STEP_EVENT, a: row, b: this.#repairs.columns.owner[row]! });
  }

  #run(row: number): RepairRun {
    const { index } = componentAt(this.#cluster.topology, this.#repairs.columns.component[row]!);
    return new RepairRun({ cluster: this.#cluster, target: index, table: this.#repairs, row });
  }
}

function verbAt(verb: number): RepairKind {
  const found = repairKinds[verb];
  assert(found !== undefined, `there is no repair verb ${verb}`);
  return found;
}

/** A kind of repair that makes sense on a component. */
interface Offer {
  readonly verb: number;
  readonly repair: RepairKind;
  readonly place: OfferPlace;
}

function offersOn({ spec, topology }: Cluster, component: number): Offer[] {
  const { kind, index } = componentAt(topology, component);
  const place = offerPlace(topology, kind, index);
  return repairKinds
    .map((repair, verb) => ({ verb, repair, place }))
    .filter(({ repair: { target, offer } }) => target === kind && (!offer || suits(offer, { spec, topology }, place)));
}
