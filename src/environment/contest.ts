/** One contest as a simulation: cluster, faults, repairs, objectives and rewards in one arena; no observations. */

import { EventEmitter } from 'eventemitter3';
import { assert, RandomStream, type StateArena, StateLayout } from '../base/index.ts';
import { Cluster, FAULT_EVENTS_FROM, type MonitoringGaps, REPAIR_EVENTS_FROM } from '../cluster/index.ts';
import { decodeChoice, NO_OP } from '../contract/index.ts';
import { type FaultAction, FaultBoard, type FaultObstacle, faultVerbIndex, faultVerbs } from '../faults/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import { RepairBoard, repairVerbs } from '../repairs/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { createTraffic, type EngineName } from '../traffic/index.ts';
import type { ContestEvents, Verdict } from './contest-info.ts';
import { EpisodeClock } from './episode-clock.ts';
import { ContestLookAhead } from './look-ahead.ts';
import { ObjectiveTracker } from './objectives.ts';
import { Regret } from './regret.ts';
import { replicaShortage } from './shortage.ts';
import { SignalView } from './signal-view.ts';
import { Tally } from './tally.ts';
import { judge } from './verdict.ts';

export interface ContestOptions {
  readonly engine: EngineName;
  /** Pay chaos only for what good repair could have avoided, estimated by sampled look-aheads; default false. */
  readonly regret?: boolean;
  /** Start the faults of the scenario's script by themselves; default false. */
  readonly script?: boolean;
  /** Draw for each episode how often samples come late or never, evenly from 0 to these; default: as the scenario says. */
  readonly monitoringGapsMax?: MonitoringGaps | null;
}

/** A fault of the scenario's script is due; payload: its index. Behind the kinds of the fault board. */
const SCRIPT_EVENT: number = FAULT_EVENTS_FROM + 50;

/** The simulation behind a contest environment. */
export class Contest {
  readonly scenario: Scenario;
  readonly arena: StateArena;
  readonly cluster: Cluster;
  readonly faults: FaultBoard;
  readonly repairs: RepairBoard;
  readonly clock: EpisodeClock;
  readonly objectives: ObjectiveTracker;
  readonly signals: SignalView;
  readonly regret: Regret;
  readonly lookAhead: ContestLookAhead;
  readonly events: EventEmitter<ContestEvents> = new EventEmitter<ContestEvents>();
  /** Rewards of the last step. */
  readonly rewards: { chaos: number; order: number } = { chaos: 0, order: 0 };

  readonly #tally: Tally;
  readonly #runsScript: boolean;
  readonly #gapsMax: MonitoringGaps | null;

  constructor(scenario: Scenario, options: ContestOptions) {
    const layout = new StateLayout();
    this.scenario = scenario;
    this.cluster = new Cluster(layout, scenario.cluster, createTraffic(options.engine));
    this.faults = new FaultBoard(layout, this.cluster, scenario.contest);
    this.repairs = new RepairBoard(layout, this.cluster, scenario.contest);
    this.clock = new EpisodeClock(layout, scenario.contest);
    this.objectives = new ObjectiveTracker(layout, scenario);
    this.signals = new SignalView(layout, this.cluster);
    this.#tally = new Tally(layout);
    this.regret = new Regret(layout, options.regret ?? false);
    this.#runsScript = options.script ?? false;
    this.#gapsMax = options.monitoringGapsMax ?? null;
    this.arena = layout.build();
    this.cluster.bind();
    this.lookAhead = new ContestLookAhead({
      cluster: this.cluster,
      arena: this.arena,
      repairs: this.repairs,
      clock: this.clock,
      reseed: (seed) => {
        this.#reseed(seed);
      },
      play: (choices, steps) => this.#play(choices, steps),
    });
    this.#connect();
  }

  /** Begins an episode at the end of its warm-up; `difficulty` is the share of the fault budget that chaos has. */
  reset(seed: number, difficulty: number = 1): void {
    this.cluster.reset(seed, this.#gaps(seed));
    this.faults.reset(seed, difficulty);
    this.repairs.reset(seed);
    this.signals.reset();
    this.objectives.reset();
    this.#tally.reset();
    this.regret.reset();
    this.#warmUp();
    this.clock.begin();
    this.objectives.begin(this.cluster);
    if (this.#runsScript) this.#scheduleScripted(0);
  }

  /** Starts both actions, chaos's first, runs to the next decision of either, and pays. Choices must be legal. */
  advance(chaosChoice: number, orderChoice: number): void {
    const from = this.cluster.nowMicros;
    const faultCost = this.#startFault(chaosChoice);
    const repairCost = this.#startRepair(orderChoice);
    this.cluster.runUntil(this.clock.nextMicros(from));
    const seconds = (this.cluster.nowMicros - from) / 1e6;
    const wasHeld = this.objectives.held;
    const restoredAfter = this.objectives.observe(this.cluster, seconds);
    if (restoredAfter > 0) this.#tally.addRepairTime(restoredAfter);
    this.clock.advance(this.cluster.nowMicros);
    this.#pay({ seconds, faultCost, repairCost });
    if (!this.lookAhead.active) this.#tellObjectives(wasHeld, restoredAfter);
  }

  /** Goes back to a snapshot of the arena. */
  restore(state: ArrayBuffer): void {
    this.arena.restore(state);
    this.cluster.restored();
    this.signals.forget();
  }

  /** Tells of a fault that chaos was to choose now, but may not. */
  skipFault(choice: number): void {
    const action = decodeChoice(choice, faultVerbs.length);
    if (action !== undefined) this.#tellSkipped(action, this.faults.choiceObstacle(action) ?? 'notOffered');
  }

  /** The verdict if the episode ended now. */
  judge(): Verdict {
    return judge({
      scenario: this.scenario,
      cluster: this.cluster,
      objectives: this.objectives,
      tally: this.#tally,
      faults: this.faults,
      repairs: this.repairs,
    });
  }

  /** Seconds since the contest began. */
  get timeSeconds(): number {
    return this.clock.elapsed(this.cluster.nowMicros) / 1e6;
  }

  #startFault(choice: number): number {
    const action = decodeChoice(choice, faultVerbs.length);
    if (action === undefined) return 0;
    const before = this.faults.spent;
    this.faults.start(action);
    this.#tellAction('faultStarted', action.component, faultVerbs[action.verb]!.name);
    return this.faults.spent - before;
  }

  #startRepair(choice: number): number {
    const action = decodeChoice(choice, repairVerbs.length);
    if (action === undefined) return 0;
    const before = this.repairs.spent;
    this.#tellAction('repairStarted', action.component, repairVerbs[action.verb]!.name);
    this.repairs.start(action);
    return this.repairs.spent - before;
  }

  #pay(step: { seconds: number; faultCost: number; repairCost: number }): void {
    const { rewards } = this.scenario.contest;
    const loss = rewards.lossWeight * this.objectives.loss * step.seconds;
    const shortage = rewards.shortageWeight * replicaShortage(this.cluster) * step.seconds;
    const avoidable = this.regret.share(this.objectives, this.lookAhead);
    this.rewards.order = 0 - loss - shortage - rewards.repairCostWeight * step.repairCost;
    this.rewards.chaos = rewards.regretWeight * avoidable * loss - rewards.faultCostWeight * step.faultCost;
    if (!this.clock.running && this.judge().repaired) this.rewards.order += rewards.repairedBonus;
    this.#tally.sums.lossSeconds[0]! += this.objectives.loss * step.seconds;
    this.#tally.sums.orderReturn[0]! += this.rewards.order;
    this.#tally.sums.chaosReturn[0]! += this.rewards.chaos;
  }

  /** A look-ahead's rollout: order's choices, then silence. The rewards of the real last step stay as they are. */
  #play(choices: readonly number[], steps: number): number {
    const { chaos, order } = this.rewards;
    let sum = 0;
    for (let step = 0; step < steps && this.clock.running; step += 1) {
      const action = decodeChoice(choices[step] ?? NO_OP, repairVerbs.length);
      const choice = action !== undefined && this.repairs.wouldWork(action) ? choices[step]! : NO_OP;
      this.advance(NO_OP, choice);
      sum += this.rewards.order;
    }
    this.rewards.chaos = chaos;
    this.rewards.order = order;
    return sum;
  }

  #gaps(seed: number): MonitoringGaps {
    if (this.#gapsMax === null) return this.scenario.cluster.monitoring;
    const stream = new RandomStream(seed, 'monitoring gaps');
    const { lateRatio, missingRatio } = this.#gapsMax;
    return { lateRatio: lateRatio * stream.uniform(), missingRatio: missingRatio * stream.uniform() };
  }

  #reseed(seed: string): void {
    this.cluster.reseed(seed);
    this.faults.reseed(seed);
    this.repairs.reseed(seed);
  }

  #warmUp(): void {
    const { scrapeSeconds } = this.scenario.cluster.monitoring;
    const end = this.clock.warmUpMicros;
    for (let seconds = scrapeSeconds; secondsToMicros(seconds) <= end; seconds += scrapeSeconds) {
      this.cluster.runUntil(secondsToMicros(seconds));
      // The first sample has no earlier one to compare with.
      if (seconds > scrapeSeconds) this.signals.learnHealthy(this.cluster);
    }
    this.cluster.runUntil(end);
  }

  #connect(): void {
    this.cluster.onAction = (kind, a, b) => {
      if (kind === SCRIPT_EVENT) this.#startScripted(a);
      else if (kind >= REPAIR_EVENTS_FROM) this.repairs.onEvent(kind, a, b);
      else this.faults.onEvent(kind, a, b);
    };
    this.cluster.isActionCurrent = (kind, a, b) => {
      if (kind === SCRIPT_EVENT) return true;
      return kind >= REPAIR_EVENTS_FROM ? this.repairs.isCurrent(a, b) : this.faults.isCurrent(a, b);
    };
    this.faults.onEnded = ({ component, verb }, cured) => {
      if (this.lookAhead.active) return;
      this.events.emit('faultEnded', { ...this.#place(component), verb: faultVerbs[verb]!.name, cured });
    };
    this.repairs.onEnded = ({ component, verb: index, outcome }) => {
      if (this.lookAhead.active) return;
      const verb = repairVerbs[index]!.name;
      this.events.emit('repairFinished', { ...this.#place(component), verb, succeeded: outcome === 'succeeded' });
    };
  }

  /** One fault of the script waits at a time: there may be more of them than room for events. */
  #scheduleScripted(index: number): void {
    const fault = this.scenario.script[index];
    if (fault === undefined) return;
    const afterSeconds = Math.max(0, fault.startSeconds - this.timeSeconds);
    this.cluster.scheduleAction(afterSeconds, { kind: SCRIPT_EVENT, a: index, b: 0 });
  }

  #startScripted(index: number): void {
    // What the script still holds is the future, of which a look-ahead knows nothing.
    if (this.lookAhead.active) return;
    const { fault, severity, target, peer, durationSeconds, ...narrowed } = this.scenario.script[index]!;
    const { componentNames } = this.cluster.topology;
    const component = componentNames.indexOf(target);
    const verb = faultVerbIndex(fault, severity);
    assert(component >= 0 && verb >= 0, 'a scenario names faults and components that exist');
    const options = {
      ...narrowed,
      peer: peer === null ? null : componentNames.indexOf(peer),
      ...(durationSeconds === null ? {} : { durationSeconds }),
    };
    const why = this.faults.obstacle({ component, verb }, options);
    if (why === null) {
      this.faults.start({ component, verb }, options);
      this.#tellAction('faultStarted', component, faultVerbs[verb]!.name);
    } else this.#tellSkipped({ component, verb }, why);
    this.#scheduleScripted(index + 1);
  }

  #tellAction(event: ActionEvent, component: number, verb: string): void {
    if (this.lookAhead.active || this.events.listenerCount(event) === 0) return;
    this.events.emit(event, { ...this.#place(component), verb });
  }

  #tellSkipped({ component, verb }: FaultAction, why: FaultObstacle): void {
    this.events.emit('faultSkipped', { ...this.#place(component), verb: faultVerbs[verb]!.name, why });
  }

  #tellObjectives(wasHeld: boolean, restoredAfter: number): void {
    const { timeSeconds } = this;
    if (wasHeld && !this.objectives.held) {
      this.events.emit('objectiveBroken', { timeSeconds, loss: this.objectives.loss });
    }
    if (restoredAfter > 0) this.events.emit('objectiveRestored', { timeSeconds, brokenSeconds: restoredAfter });
  }

  #place(component: number): { timeSeconds: number; component: string } {
    return { timeSeconds: this.timeSeconds, component: this.cluster.topology.componentNames[component]! };
  }
}

type ActionEvent = 'faultStarted' | 'repairStarted';
