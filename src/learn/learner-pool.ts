/** The team of a run: this thread as its first member, and worker threads for the others. */

import { Worker } from 'node:worker_threads';
import { AssertionFailure, DeeplOpsError, type ErrorCode, errorCatalogue } from '../base/index.ts';
import type { PreparedBackend } from '../neural/index.ts';
import { createMember, type Member } from './create-member.ts';
import type { WorkerFailure } from './learner-worker.ts';
import { CONTROL } from './shared-run.ts';
import { COMMAND, type MemberParts } from './team-member.ts';

/** How long this thread sleeps before it lets its event loop turn, where news of a dead worker arrives. */
const WAIT_MILLISECONDS = 50;

/** Runs commands on all members at once. */
export class LearnerTeam {
  readonly #control: Int32Array;
  readonly #own: Member;
  readonly #threads: readonly Worker[];
  #failure: Error | undefined;

  constructor(
    shared: Omit<MemberParts, 'member' | 'members' | 'library'>,
    { members, backend }: { readonly members: number; readonly backend: PreparedBackend },
  ) {
    const parts = { ...shared, library: backend.library };
    this.#control = parts.shared.control;
    this.#threads = Array.from({ length: members - 1 }, (_, index) => {
      const workerData: MemberParts = { ...parts, member: index + 1, members };
      const thread = new Worker(new URL('./learner-worker.js', import.meta.url), { workerData });
      thread.on('message', (failure: WorkerFailure) => this.#fail(failureOf(failure)));
      thread.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
      thread.on('exit', () => this.#fail(new AssertionFailure('a learner thread ended by itself')));
      return thread;
    });
    this.#own = createMember({ ...parts, member: 0, members }, backend);
  }

  /** Has every member do its part of a command; the command's arguments stand in `control` already. */
  async run(command: number): Promise<void> {
    const control = this.#control;
    control[CONTROL.command] = command;
    Atomics.store(control, CONTROL.finished, 0);
    Atomics.add(control, CONTROL.generation, 1);
    Atomics.notify(control, CONTROL.generation);
    this.#own.execute();
    for (;;) {
      const finished = Atomics.load(control, CONTROL.finished);
      if (finished === this.#threads.length) return;
      const result = Atomics.wait(control, CONTROL.finished, finished, WAIT_MILLISECONDS);
      if (result === 'timed-out' || Atomics.load(control, CONTROL.failed) === 1) await this.#checkHealth();
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    for (const thread of this.#threads) thread.removeAllListeners('exit');
    this.#control[CONTROL.command] = COMMAND.exit;
    Atomics.add(this.#control, CONTROL.generation, 1);
    Atomics.notify(this.#control, CONTROL.generation);
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  async #checkHealth(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
  }
}

function failureOf({ message, stack, code }: WorkerFailure): Error {
  if (code !== undefined && code in errorCatalogue) return new DeeplOpsError(code as ErrorCode, message);
  const error = new AssertionFailure(`in a learner thread: ${message}`);
  if (stack !== undefined) error.stack = stack;
  return error;
}
