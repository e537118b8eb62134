/** An episode as a story: what broke, what the control plane and the engineers did, what users and monitoring saw. */

import type { ContestEnvironment, ControlHappening } from '../environment/index.ts';
import { type MovedComponent, SignalWatch } from './moved-signals.ts';

interface ActionEntry {
  readonly timeSeconds: number;
  readonly verb: string;
  readonly component: string;
}

/** What users of a workload got during the step that ended. */
export interface UsersEntry {
  readonly kind: 'users';
  readonly timeSeconds: number;
  readonly workload: string;
  readonly offeredPerSecond: number;
  readonly goodPerSecond: number;
  readonly shedPerSecond: number;
  /** Of those that were answered; null = nobody was. */
  readonly latencyP99Seconds: number | null;
}

/** One line of the story, in order of time. */
export type TimelineEntry =
  | (ActionEntry & { readonly kind: 'faultStarted' | 'faultSkipped' | 'repairStarted' })
  | (ActionEntry & { readonly kind: 'faultEnded'; readonly cured: boolean })
  | (ActionEntry & { readonly kind: 'repairFinished'; readonly succeeded: boolean })
  | { readonly kind: 'objectiveBroken'; readonly timeSeconds: number; readonly loss: number }
  | { readonly kind: 'objectiveRestored'; readonly timeSeconds: number; readonly brokenSeconds: number }
  | ControlHappening
  | UsersEntry
  | (MovedComponent & { readonly kind: 'signals'; readonly timeSeconds: number });

/** What users get is told again when the share served moved by this, the p99 by this factor, or after so long. */
const SERVED_STEP = 0.05;
const LATENCY_FACTOR = 2.5;
const USERS_SILENCE_SECONDS = 60;
/** Smaller changes than this are not told again so soon. */
const SERVED_JUMP = 0.3;
const USERS_QUIET_SECONDS = 15;
/** Standard errors of the difference of two shares that chance rarely exceeds. */
const CHANCE_ERRORS = 4;

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
    for (const kind of ['faultStarted', 'faultSkipped', 'repairStarted'] as const) {
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

interface Totals {
  readonly offered: number;
  readonly good: number;
  readonly shed: number;
  readonly answered: number;
  readonly latencyP99Sum: number;
}

/** Follows what the users of one workload get. */
class UsersWatch {
  readonly #environment: ContestEnvironment;
  readonly #workload: number;
  #before: Totals = { offered: 0, good: 0, shed: 0, answered: 0, latencyP99Sum: 0 };
  #beforeSeconds = 0;
  #told: UsersEntry | undefined;

  constructor(environment: ContestEnvironment, workload: number) {
    this.#environment = environment;
    this.#workload = workload;
  }

  begin(): void {
    this.#before = this.#totals();
    this.#beforeSeconds = 0;
    this.#told = undefined;
  }

  /** An entry when what users get has changed, or when nothing has been told of bad times for a while. */
  look(timeSeconds: number): UsersEntry | undefined {
    const now = this.#totals();
    const seconds = timeSeconds - this.#beforeSeconds;
    const answered = now.answered - this.#before.answered;
    const entry: UsersEntry = {
      kind: 'users',
      timeSeconds,
      workload: this.#environment.scenario.cluster.workloads[this.#workload]?.name ?? '',
      offeredPerSecond: (now.offered - this.#before.offered) / seconds,
      goodPerSecond: (now.good - this.#before.good) / seconds,
      shedPerSecond: (now.shed - this.#before.shed) / seconds,
      latencyP99Seconds: answered > 0.5 ? (now.latencyP99Sum - this.#before.latencyP99Sum) / answered : null,
    };
    this.#before = now;
    this.#beforeSeconds = timeSeconds;
    if (this.#told !== undefined && !hasMoved(this.#told, entry, entry.offeredPerSecond * seconds)) return undefined;
    this.#told = entry;
    return entry;
  }

  #totals(): Totals {
    const { offered, good, shed, answered, latencyP99Sum } = this.#environment.cluster.meters.workloads;
    const at = this.#workload;
    return {
      offered: offered[at] ?? 0,
      good: good[at] ?? 0,
      shed: shed[at] ?? 0,
      answered: answered[at] ?? 0,
      latencyP99Sum: latencyP99Sum[at] ?? 0,
    };
  }
}

function hasMoved(told: UsersEntry, now: UsersEntry, requests: number): boolean {
  const [before, after] = [served(told), served(now)];
  const mean = Math.min(1, (before + after) / 2);
  const chance = CHANCE_ERRORS * Math.sqrt((2 * mean * (1 - mean)) / Math.max(1, requests));
  const [change, seconds] = [Math.abs(after - before), now.timeSeconds - told.timeSeconds];
  if (seconds < USERS_QUIET_SECONDS) return change >= SERVED_JUMP;
  if (change >= Math.max(SERVED_STEP, chance)) return true;
  if (after < 1 - SERVED_STEP && seconds >= USERS_SILENCE_SECONDS) return true;
  return latencyFactor(told.latencyP99Seconds, now.latencyP99Seconds) >= LATENCY_FACTOR;
}

/** By how much the p99 changed either way; 1 when it is not known both times. */
function latencyFactor(before: number | null, after: number | null): number {
  if (before === null || after === null) return 1;
  return Math.max(before, after, 0.05) / Math.max(0.05, Math.min(before, after));
}

function served({ goodPerSecond, offeredPerSecond }: UsersEntry): number {
  return offeredPerSecond > 0 ? goodPerSecond / offeredPerSecond : 1;
}
