/** Plays all episodes of a suite, in this thread or on several; the outcomes are the same either way. */

import { Worker } from 'node:worker_threads';
import { DeeplOpsError } from '../base/index.ts';
import { AgentLibrary } from '../replay/index.ts';
import type { Suite } from './suite.ts';
import { type EpisodeOutcome, TaskRunner } from './task-runner.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';
import { type Cell, cellsOf, type EpisodeTask, tasksOf } from './workload.ts';

/** How to run a suite. */
export interface RunOptions {
  readonly workers: number;
  /** Folder of the agents that have names; undefined = only scripted policies have. */
  readonly agentsFolder?: string | undefined;
  readonly signal?: AbortSignal;
  onProgress?(episodesDone: number, episodes: number): void;
}

/** A cell and its episodes in order. */
export interface CellOutcomes {
  readonly cell: Cell;
  readonly episodes: readonly EpisodeOutcome[];
}

/** Plays a suite. Throws AGENT_* and SPEC_MISMATCH before anything is played, and INTERRUPTED when the signal comes before the end. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<CellOutcomes[]> {
  const runner = new TaskRunner(suite, new AgentLibrary(options.agentsFolder));
  runner.rehearse();
  const cells = cellsOf(suite);
  const queue = new TaskQueue(tasksOf(cells), options);
  if (options.workers <= 1) await runHere(runner, queue);
  else await runOnThreads(suite, queue, options);
  if (options.signal?.aborted) throw new DeeplOpsError('INTERRUPTED', 'the benchmark was stopped; nothing is written');
  return cells.map((cell, index) => ({ cell, episodes: queue.outcomesOf(index) }));
}

/** Episodes to play and outcomes so far. */
class TaskQueue {
  readonly #tasks: readonly EpisodeTask[];
  readonly #outcomes: (EpisodeOutcome | undefined)[];
  readonly #options: RunOptions;
  #next = 0;
  #done = 0;

  constructor(tasks: readonly EpisodeTask[], options: RunOptions) {
    this.#tasks = tasks;
    this.#outcomes = tasks.map(() => undefined);
    this.#options = options;
  }

  take(): { readonly index: number; readonly task: EpisodeTask } | undefined {
    const index = this.#next;
    const task = this.#tasks[index];
    if (task === undefined || this.#options.signal?.aborted) return undefined;
    this.#next += 1;
    return { index, task };
  }

  put(index: number, outcome: EpisodeOutcome): void {
    this.#outcomes[index] = outcome;
    this.#done += 1;
    this.#options.onProgress?.(this.#done, this.#tasks.length);
  }

  outcomesOf(cell: number): EpisodeOutcome[] {
    return this.#outcomes.flatMap((outcome, index) => (outcome && this.#tasks[index]?.cell === cell ? [outcome] : []));
  }
}

async function runHere(runner: TaskRunner, queue: TaskQueue): Promise<void> {
  for (let next = queue.take(); next; next = queue.take()) {
    queue.put(next.index, runner.play(next.task));
    // Lets Ctrl-C and the progress bar through.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runOnThreads(suite: Suite, queue: TaskQueue, options: RunOptions): Promise<void> {
  const { workers, agentsFolder, signal } = options;
  const file = new URL('./benchmark-worker.js', import.meta.url);
  const workerData: WorkerTask = { suite, agentsFolder };
  const threads = Array.from({ length: workers }, () => new Worker(file, { workerData }));
  const stopped = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  try {
    await Promise.race([stopped, Promise.all(threads.map((thread) => feed(thread, queue)))]);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Sends one episode after the other until none is left. */
function feed(thread: Worker, queue: TaskQueue): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: ReturnType<TaskQueue['take']>;
    const sendNext = (): void => {
      current = queue.take();
      if (current) thread.postMessage(current.task);
      else resolve();
    };
    thread.on('error', reject);
    thread.on('message', (answer: WorkerAnswer) => {
      if ('error' in answer) return reject(new DeeplOpsError(answer.error.code, answer.error.message, answer.error));
      if (current) queue.put(current.index, answer.outcome);
      sendNext();
    });
    sendNext();
  });
}
