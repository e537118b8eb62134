/** Plays all blocks of a suite, in this thread or on several; the outcomes are the same either way. */

import { Worker } from 'node:worker_threads';
import { DeeplOpsError } from '../base/index.ts';
import { AgentLibrary } from '../replay/index.ts';
import { BlockRunner, type EpisodeOutcome } from './block-runner.ts';
import type { Suite } from './suite.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';
import { type Block, blocksOf, type Cell, cellsOf } from './workload.ts';

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
  const runner = new BlockRunner(suite, new AgentLibrary(options.agentsFolder));
  runner.rehearse();
  const cells = cellsOf(suite);
  const blocks = blocksOf(cells);
  const queue = new BlockQueue(blocks, cells, options);
  if (options.workers <= 1) await runHere(runner, queue);
  else await runOnThreads(suite, queue, options);
  if (options.signal?.aborted) throw new DeeplOpsError('INTERRUPTED', 'the benchmark was stopped; nothing is written');
  return cells.map((cell, index) => ({ cell, episodes: queue.outcomesOf(index) }));
}

/** Blocks to do and outcomes so far. */
class BlockQueue {
  readonly #blocks: readonly Block[];
  readonly #outcomes: (EpisodeOutcome[] | undefined)[];
  readonly #episodes: number;
  readonly #options: RunOptions;
  #next = 0;
  #episodesDone = 0;

  constructor(blocks: readonly Block[], cells: readonly Cell[], options: RunOptions) {
    this.#blocks = blocks;
    this.#outcomes = blocks.map(() => undefined);
    this.#episodes = cells.reduce((sum, cell) => sum + cell.episodes, 0);
    this.#options = options;
  }

  take(): { readonly index: number; readonly block: Block } | undefined {
    const index = this.#next;
    const block = this.#blocks[index];
    if (block === undefined || this.#options.signal?.aborted) return undefined;
    this.#next += 1;
    return { index, block };
  }

  put(index: number, outcomes: EpisodeOutcome[]): void {
    this.#outcomes[index] = outcomes;
    this.#episodesDone += outcomes.length;
    this.#options.onProgress?.(this.#episodesDone, this.#episodes);
  }

  outcomesOf(cell: number): EpisodeOutcome[] {
    return this.#outcomes.flatMap((outcomes, index) => (this.#blocks[index]?.cell === cell ? (outcomes ?? []) : []));
  }
}

async function runHere(runner: BlockRunner, queue: BlockQueue): Promise<void> {
  for (let task = queue.take(); task; task = queue.take()) {
    queue.put(task.index, runner.run(task.block));
    // Lets Ctrl-C and the progress bar through.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runOnThreads(suite: Suite, queue: BlockQueue, { workers, agentsFolder }: RunOptions): Promise<void> {
  const file = new URL('./benchmark-worker.js', import.meta.url);
  const workerData: WorkerTask = { suite, agentsFolder };
  const threads = Array.from({ length: workers }, () => new Worker(file, { workerData }));
  try {
    await Promise.all(threads.map((thread) => feed(thread, queue)));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Sends one block after the other until none is left. */
function feed(thread: Worker, queue: BlockQueue): Promise<void> {
  return new Promise((resolve, reject) => {
    let task = queue.take();
    if (task === undefined) return resolve();
    thread.on('error', reject);
    thread.on('message', (answer: WorkerAnswer) => {
      if ('error' in answer) return reject(new DeeplOpsError(answer.error.code, answer.error.message, answer.error));
      if (task) queue.put(task.index, answer.outcomes);
      task = queue.take();
      if (task === undefined) resolve();
      else thread.postMessage(task.block);
    });
    thread.postMessage(task.block);
  });
}
