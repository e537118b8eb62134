/** An episode as a story: what broke, what the control plane and the engineers did, what users and monitoring saw. */

import type { ContestEnvironment, ControlHappening } from '../environment/index.ts';
import type { LeftOutFault } from './left-out-faults.ts';
import { type MovedComponent, SignalWatch } from './moved-signals.ts';
import { type UsersEntry, UsersWatch } from './users-watch.ts';

interface ActionEntry {
  readonly timeSeconds: number;
  readonly verb: string;
  readonly component: string;
}

/** One line of the story, in order of time. */
export type TimelineEntry =
  | (ActionEntry & { readonly kind: 'faultStarted' | 'repairStarted' })
  | (LeftOutFault & { readonly kind: 'faultSkipped' })
  | (ActionEntry & { readonly kind: 'faultEnded'; readonly cured: boolean })
  | (ActionEntry & { readonly kind: 'repairFinished'; readonly succeeded: boolean })
  | { readonly kind: 'objectiveBroken'; readonly timeSeconds: number; readonly loss: number }
  | { readonly kind: 'objectiveRestored'; readonly timeSeconds: number; readonly brokenSeconds: number }
  | ControlHappening
  | UsersEntry
  | (MovedComponent & { readonly kind: 'signals'; readonly timeSeconds: number });

/** Who is told, and whether entries are also kept (default true); a long run's story need not fit into memory. */
export interface TimelineOptions {
  readonly onEntry?: (entry: TimelineEntry) => void;
  readonly keep?: boolean;
}

/** Follows the coming episodes of an environment. */
export class Timeline {
  /** Those of the last episode, where they are kept. */
  readonly entries: TimelineEntry[] = [];
  readonly #environment: ContestEnvironment;
  readonly #onEntry: (entry: TimelineEntry) => void;
  readonly #keeps: boolean;
  readonly #signals: SignalWatch;
  readonly #users: readonly UsersWatch[];

  constructor(environment: ContestEnvironment, { onEntry = () => {}, keep = true }: TimelineOptions = {}) {
    this.#environment = environment;
    this.#onEntry = onEntry;
    this.#keeps = keep;
    this.#signals = new SignalWatch(environment.cluster);
    this.#users = environment.scenario.cluster.workloads.map((_, index) => new UsersWatch(environment, index));
    this.#listen();
  }

  #begin(): void {
    this.entries.length = 0;
    this.#signals.begin();
    for (const users of this.#users) users.begin();
  }

  #step(timeSeconds: number): void {
    for (const users of this.#users) {
      const entry = users.look(timeSeconds);
      if (entry) this.#add(entry);
    }
    for (const moved of this.#signals.look(timeSeconds)) this.#add({ kind: 'signals', timeSeconds, ...moved });
  }

  #listen(): void {
    const { events } = this.#environment;
    events.on('episodeBegan', () => this.#begin());
    events.on('stepTaken', ({ timeSeconds }) => this.#step(timeSeconds));
    events.on('faultSkipped', (event) => this.#add({ kind: 'faultSkipped', ...event }));
    for (const kind of ['faultStarted', 'repairStarted'] as const) {
      events.on(kind, (event) => this.#add({ kind, ...event }));
    }
    events.on('faultEnded', (event) => this.#add({ kind: 'faultEnded', ...event }));
    events.on('repairFinished', (event) => this.#add({ kind: 'repairFinished', ...event }));
    events.on('objectiveBroken', (event) => this.#add({ kind: 'objectiveBroken', ...event }));
    events.on('objectiveRestored', (event) => this.#add({ kind: 'objectiveRestored', ...event }));
    events.on('controlPlane', (happening) => this.#add(happening));
  }

  #add(entry: TimelineEntry): void {
    if (this.#keeps) this.entries.push(entry);
    this.#onEntry(entry);
  }
}
