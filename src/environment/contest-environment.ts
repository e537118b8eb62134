/** The contest between chaos and order on one scenario, behind the environment interface. */

import type { EventEmitter } from 'eventemitter3';
import { DeeplOpsError } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import {
  actionSpec,
  choiceCount,
  type Environment,
  type EnvironmentSnapshot,
  type LookAhead,
  NO_OP,
  type Observation,
  type PerRole,
  type ResetOptions,
  type ResetResult,
  type RoleSpec,
  type StepResult,
  type Topology,
} from '../contract/index.ts';
import { faultVerbs } from '../faults/index.ts';
import { repairVerbs } from '../repairs/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { Contest, type ContestOptions } from './contest.ts';
import type { ContestEvents, ContestInfo, Verdict } from './contest-info.ts';
import { ControlWatch } from './control-watch.ts';
import { chaosObservationSpec, orderObservationSpec } from './features.ts';
import { ObservationWriter } from './observation-writer.ts';
import { reportSituation, type SituationReport } from './situation-report.ts';
import { topologyView } from './topology-view.ts';

/** Listeners hear of a component whose anomaly score crosses this line. */
const ANOMALY_CROSSED = 0.3;

export const contestRoles: readonly ['chaos', 'order'] = ['chaos', 'order'];

/** Specs of both roles; the same for every scenario. */
export function contestSpecs(): { readonly chaos: RoleSpec; readonly order: RoleSpec } {
  const repairNames = repairVerbs.map((verb) => verb.name);
  return {
    chaos: { observation: chaosObservationSpec(repairNames), action: actionSpec(faultVerbs) },
    order: { observation: orderObservationSpec(repairNames), action: actionSpec(repairVerbs) },
  };
}

/** Makes the contest environment of a scenario. */
export function createEnvironment(scenario: Scenario, options: ContestOptions): ContestEnvironment {
  return new ContestEnvironment(scenario, options);
}

/** Two roles, simultaneous moves. A role that does not decide at a moment has only the no-op. */
export class ContestEnvironment implements Environment<ContestInfo> {
  readonly name: string;
  readonly roles: readonly string[] = contestRoles;
  readonly specs: { readonly chaos: RoleSpec; readonly order: RoleSpec };
  readonly topology: Topology;

  readonly #contest: Contest;
  #writer: ObservationWriter;
  #verdict: Verdict | undefined;
  /** Components whose anomaly was above the line at the last step; only for listeners. */
  readonly #crossed: Uint8Array;
  readonly #controlWatch: ControlWatch;

  constructor(scenario: Scenario, options: ContestOptions) {
    this.name = scenario.name;
    this.specs = contestSpecs();
    this.#contest = new Contest(scenario, options);
    this.topology = topologyView(scenario.cluster, this.cluster.topology, declaredNodes(this.cluster));
    this.#writer = this.#writerInto(ownObservations(this.specs, this.topology));
    this.#crossed = new Uint8Array(this.topology.components.length);
    this.#controlWatch = new ControlWatch(this.cluster);
  }

  get scenario(): Scenario {
    return this.#contest.scenario;
  }

  get cluster(): Cluster {
    return this.#contest.cluster;
  }

  get events(): EventEmitter<ContestEvents> {
    return this.#contest.events;
  }

  /** What both roles see now; see `Observation`. */
  get observations(): { readonly chaos: Observation; readonly order: Observation } {
    return this.#writer.observations;
  }

  /** Rewards of the last step. */
  get rewards(): { readonly chaos: number; readonly order: number } {
    return this.#contest.rewards;
  }

  /** Whether an episode is in progress. */
  get running(): boolean {
    return this.#contest.clock.running;
  }

  /** The verdict on the episode, once it is over. */
  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** For privileged policies only: looks ahead from the true state. */
  get lookAhead(): LookAhead {
    return this.#contest.lookAhead;
  }

  /** See `ContestOptions.regret`. */
  set regretSampled(sampled: boolean) {
    this.#contest.regret.sampled = sampled;
  }

  /** Lets observations be written into other arrays from now on; a vector of environments shares its own. */
  observeInto(observations: { readonly chaos: Observation; readonly order: Observation }): void {
    this.#writer = this.#writerInto(observations);
  }

  reset(options: ResetOptions): ResetResult<ContestInfo> {
    this.#contest.reset(options.seed, options.difficulty);
    this.#verdict = undefined;
    this.#crossed.fill(0);
    this.#controlWatch.forget();
    if (this.events.listenerCount('controlPlane') > 0) this.#tellControlPlane();
    this.#writer.write();
    this.events.emit('episodeBegan', { seed: options.seed });
    return { observations: this.#writer.observations, info: this.#info() };
  }

  step(choices: PerRole<number>): StepResult<ContestInfo> {
    const before = this.cluster.nowMicros;
    this.advance(choices.chaos ?? NO_OP, choices.order ?? NO_OP);
    return {
      observations: this.#writer.observations,
      rewards: { ...this.rewards },
      terminated: !this.running,
      truncated: false,
      elapsedSeconds: (this.cluster.nowMicros - before) / 1e6,
      info: this.#info(),
    };
  }

  /** `step` without a result: `rewards`, `running` and the observations tell the rest. */
  advance(chaosChoice: number, orderChoice: number): void {
    if (!this.running) throw resetNeeded();
    this.#check('chaos', chaosChoice);
    this.#check('order', orderChoice);
    this.#contest.advance(chaosChoice, orderChoice);
    this.#writer.write();
    if (this.events.listenerCount('signalCrossed') > 0) this.#tellCrossings();
    if (this.events.listenerCount('controlPlane') > 0) this.#tellControlPlane();
    if (this.events.listenerCount('stepTaken') > 0) {
      this.events.emit('stepTaken', { timeSeconds: this.#contest.timeSeconds });
    }
    if (!this.running) this.#end();
  }

  snapshot(): EnvironmentSnapshot {
    return { state: this.#contest.arena.snapshot() };
  }

  restore(snapshot: EnvironmentSnapshot): ResetResult<ContestInfo> {
    this.#contest.restore(snapshot.state);
    this.#controlWatch.forget();
    this.#verdict = this.running ? undefined : this.#contest.judge();
    this.#writer.write();
    return { observations: this.#writer.observations, info: this.#info() };
  }

  stateHash(): string {
    return this.#contest.arena.hash();
  }

  /** How far a component looks from healthy, 0 to 1, as of the last observation. */
  anomaly(component: number): number {
    return this.#writer.anomaly(component);
  }

  /** What monitoring shows now, and the public facts beside it, in natural units: see `SituationReport`. */
  situation(options: { readonly beganMillis?: number } = {}): SituationReport {
    return reportSituation(this.#contest, { topology: this.topology, beganMillis: options.beganMillis ?? 0 });
  }

  /** Tells listeners that a fault was to be chosen now, but is not legal, and why. */
  skipFault(choice: number): void {
    this.#contest.skipFault(choice);
  }

  /** How many steps an episode has, and how long they take. */
  get length(): { readonly steps: number; readonly seconds: number } {
    const { steps, totalMicros } = this.#contest.clock;
    return { steps, seconds: totalMicros / 1e6 };
  }

  /** Hash of each table of the state, to name the part in which two runs differ. */
  stateHashes(): Record<string, string> {
    return this.#contest.arena.tableHashes();
  }

  /** See `StateArena.firstNotANumber`. */
  firstNotANumber(): string | null {
    return this.#contest.arena.firstNotANumber();
  }

  #check(role: 'chaos' | 'order', choice: number): void {
    if (this.#writer.observations[role].mask[choice] === 1) return;
    const step = this.#contest.clock.step;
    throw new DeeplOpsError('ACTION_INVALID', `${role} may not choose ${choice} at step ${step}`);
  }

  #end(): void {
    this.#verdict = this.#contest.judge();
    this.events.emit('episodeOver', { timeSeconds: this.#contest.timeSeconds, verdict: this.#verdict });
  }

  #info(): ContestInfo {
    const { clock, objectives, timeSeconds } = this.#contest;
    const base = {
      step: clock.step,
      timeSeconds,
      phase: clock.phase(this.cluster.nowMicros),
      objectivesHeld: objectives.held,
      loss: objectives.loss,
    };
    return this.#verdict === undefined ? base : { ...base, verdict: this.#verdict };
  }

  #tellControlPlane(): void {
    const { timeSeconds } = this.#contest;
    this.#controlWatch.look((happening) => this.events.emit('controlPlane', { timeSeconds, ...happening }));
  }

  /** Tells which components look much worse, or well again, than at the step before. */
  #tellCrossings(): void {
    const { timeSeconds } = this.#contest;
    this.topology.components.forEach(({ name }, component) => {
      const score = this.#writer.anomaly(component);
      const crossed = score >= ANOMALY_CROSSED ? 1 : 0;
      if (crossed === this.#crossed[component]) return;
      this.#crossed[component] = crossed;
      this.events.emit('signalCrossed', { timeSeconds, component: name, score });
    });
  }

  #writerInto(observations: { readonly chaos: Observation; readonly order: Observation }): ObservationWriter {
    return new ObservationWriter(this.#contest, { topology: this.topology, observations });
  }
}

/** Where a fresh cluster puts its replicas: what runs where by declaration. */
function declaredNodes(cluster: Cluster): Int32Array {
  cluster.reset(0);
  return cluster.state.replicas.node.slice();
}

function ownObservations(specs: PerRole<RoleSpec>, topology: Topology): { chaos: Observation; order: Observation } {
  const make = (spec: RoleSpec): Observation => ({
    components: new Float32Array(topology.components.length * spec.observation.componentFeatures.length),
    cluster: new Float32Array(spec.observation.clusterFeatures.length),
    critic: new Float32Array(spec.observation.criticFeatures.length),
    mask: new Uint8Array(choiceCount(topology.components.length, spec.action.verbs.length)),
  });
  return { chaos: make(specs.chaos!), order: make(specs.order!) };
}

function resetNeeded(): DeeplOpsError {
  return new DeeplOpsError('RESET_NEEDED', 'step was called before reset or after the end of the episode');
}
