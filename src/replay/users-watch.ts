/** What the users of a workload get, step by step, and when it has changed enough to be told again. */

import type { ContestEnvironment } from '../environment/index.ts';

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

/** What users get is told again when the share served moved by this, the p99 by this factor, or after so long. */
const SERVED_STEP = 0.05;
const LATENCY_FACTOR = 2.5;
const USERS_SILENCE_SECONDS = 60;
/** Smaller changes than this are not told again so soon. */
const SERVED_JUMP = 0.3;
const USERS_QUIET_SECONDS = 15;
/** Standard errors of the difference of two shares that chance rarely exceeds. */
const CHANCE_ERRORS = 4;

interface Totals {
  readonly offered: number;
  readonly good: number;
  readonly shed: number;
  readonly answered: number;
  readonly latencyP99Sum: number;
}

/** Follows what the users of one workload get. */
export class UsersWatch {
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
    const requestsBefore = this.#before.offered;
    const entry = this.measure(timeSeconds);
    const requests = this.#before.offered - requestsBefore;
    if (this.#told !== undefined && !hasMoved(this.#told, entry, requests)) return undefined;
    this.#told = entry;
    return entry;
  }

  /** What they got since the last time this was asked. */
  measure(timeSeconds: number): UsersEntry {
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
