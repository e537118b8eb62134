/** A moment of an episode for people: what is broken in truth, what is being repaired, what users get, what monitoring shows. */

import {
  type ContestEnvironment,
  type ContestInfo,
  type ControlHappening,
  ControlWatch,
} from '../environment/index.ts';
import { ActionLog, type PastAction } from './action-log.ts';
import { type MovedComponent, SignalWatch } from './moved-signals.ts';
import { type UsersEntry, UsersWatch } from './users-watch.ts';

/** The moment after a step. */
export interface Situation extends Omit<ContestInfo, 'verdict'> {
  /** Faults in force and repairs in progress; order is told of neither by the simulator. */
  readonly faults: readonly PastAction[];
  readonly repairs: readonly PastAction[];
  /** In what the control plane differs from how it was when the contest began. */
  readonly cluster: readonly ControlHappening[];
  /** What users got during the last step. */
  readonly users: readonly UsersEntry[];
  /** Delivered signals that have moved most since the contest began. */
  readonly signals: readonly MovedComponent[];
}

const COMPONENTS_TOLD = 8;

/** Follows the coming episodes of an environment, to tell of a moment when asked. */
export class SituationWatch {
  readonly #actions: ActionLog;
  readonly #control: ControlWatch;
  readonly #signals: SignalWatch;
  readonly #users: readonly UsersWatch[];
  #lastUsers: readonly UsersEntry[] = [];

  constructor(environment: ContestEnvironment) {
    this.#actions = new ActionLog(environment);
    this.#control = new ControlWatch(environment.cluster);
    this.#signals = new SignalWatch(environment.cluster);
    this.#users = environment.scenario.cluster.workloads.map((_, index) => new UsersWatch(environment, index));
    environment.events.on('episodeBegan', () => this.#begin());
    environment.events.on('stepTaken', ({ timeSeconds }) => {
      this.#lastUsers = this.#users.map((users) => users.measure(timeSeconds));
    });
  }

  /** The moment after the step that this is the info of; once per episode. */
  after({ verdict: _, ...info }: ContestInfo): Situation {
    const open = this.#actions.all.filter(({ outcome }) => outcome === 'open');
    const cluster: ControlHappening[] = [];
    this.#control.look((happening) => cluster.push({ timeSeconds: info.timeSeconds, ...happening }));
    return {
      ...info,
      faults: open.filter(({ sort }) => sort === 'fault'),
      repairs: open.filter(({ sort }) => sort === 'repair'),
      cluster,
      users: this.#lastUsers,
      signals: this.#signals.look(info.timeSeconds, COMPONENTS_TOLD),
    };
  }

  #begin(): void {
    this.#control.forget();
    this.#control.look(() => {});
    this.#signals.begin();
    for (const users of this.#users) users.begin();
    this.#lastUsers = [];
  }
}
