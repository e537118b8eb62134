/** What happened in a recorded run, found by running it again: faults and repairs with their ends, and what users got. */

import { DeeplOpsError } from '../base/index.ts';
import { type ContestEnvironment, createEnvironment } from '../environment/index.ts';
import { ActionLog, type PastAction } from './action-log.ts';
import type { RecordedStep, RecordingSource } from './recording.ts';
import { verifyRecording } from './verification.ts';

/** What the users of a workload got over some time. */
export interface PastService {
  readonly workload: string;
  readonly successRatio: number;
  /** Null = nobody was answered. */
  readonly latencyP99Seconds: number | null;
}

/** A run. */
export interface RunHistory {
  readonly actions: readonly PastAction[];
  /** Before the contest, and over the time at the end in which objectives must hold. */
  readonly before: readonly PastService[];
  readonly after: readonly PastService[];
  /** When the recording ended, counted from the beginning of the contest. */
  readonly endSeconds: number;
}

/** Yields after each step and returns the history. Throws REPLAY_DIVERGED where the run does not come out as recorded. */
export async function* runHistory(recording: RecordingSource): AsyncGenerator<RecordedStep, RunHistory> {
  const { scenario, engine, script } = recording.header;
  const environment = createEnvironment(scenario, { engine, script });
  const actions = new ActionLog(environment);
  const users = new UserLog(environment);
  const run = verifyRecording(recording, environment);
  for (;;) {
    const next = await run.next();
    if (!next.done) {
      yield next.value;
      continue;
    }
    if (!next.value.same) {
      const { step, part } = next.value.divergence;
      throw new DeeplOpsError('REPLAY_DIVERGED', `step ${step}: the ${part} differs from what was recorded`);
    }
    return {
      actions: actions.all,
      before: users.over(0, 0),
      after: users.over(users.endSeconds - scenario.contest.holdSeconds, users.endSeconds),
      endSeconds: users.endSeconds,
    };
  }
}

interface Totals {
  readonly offered: number;
  readonly good: number;
  readonly answered: number;
  readonly latencyP99Sum: number;
}

const NOTHING: Totals = { offered: 0, good: 0, answered: 0, latencyP99Sum: 0 };

/** Totals per workload after each step; before the first stands the warm-up. */
class UserLog {
  readonly #environment: ContestEnvironment;
  readonly #times: number[] = [];
  readonly #totals: Totals[][] = [];

  constructor(environment: ContestEnvironment) {
    this.#environment = environment;
    environment.events.on('episodeBegan', () => {
      this.#times.length = 0;
      this.#totals.length = 0;
      this.#note(0);
    });
    environment.events.on('stepTaken', ({ timeSeconds }) => this.#note(timeSeconds));
  }

  get endSeconds(): number {
    return this.#times.at(-1) ?? 0;
  }

  /** What users got from one time to another; up to 0, in the warm-up. */
  over(fromSeconds: number, untilSeconds: number): PastService[] {
    const last = this.#lastAt(untilSeconds);
    const first = untilSeconds > 0 ? Math.min(this.#lastAt(fromSeconds), last) : -1;
    return this.#environment.scenario.cluster.workloads.map(({ name }, workload) => {
      const now = this.#totals[last]?.[workload] ?? NOTHING;
      const then = this.#totals[first]?.[workload] ?? NOTHING;
      const offered = now.offered - then.offered;
      const answered = now.answered - then.answered;
      return {
        workload: name,
        successRatio: offered > 0 ? (now.good - then.good) / offered : 1,
        latencyP99Seconds: answered > 0 ? (now.latencyP99Sum - then.latencyP99Sum) / answered : null,
      };
    });
  }

  #lastAt(timeSeconds: number): number {
    return Math.max(
      0,
      this.#times.findLastIndex((time) => time <= timeSeconds),
    );
  }

  #note(timeSeconds: number): void {
    const { cluster, scenario } = this.#environment;
    const { offered, good, answered, latencyP99Sum } = cluster.meters.workloads;
    this.#times.push(timeSeconds);
    this.#totals.push(
      scenario.cluster.workloads.map((_, at) => ({
        offered: offered[at] ?? 0,
        good: good[at] ?? 0,
        answered: answered[at] ?? 0,
        latencyP99Sum: latencyP99Sum[at] ?? 0,
      })),
    );
  }
}
