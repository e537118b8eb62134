/** Does the jobs of a validation in this thread or on several; what they find is the same either way. */

import { Worker } from 'node:worker_threads';
import { assert, DeeplOpsError } from '../../base/index.ts';
import type { Job, JobResult } from './job.ts';
import { validationJobs } from './validation-jobs.ts';
import type { ValidationSettings } from './validation-settings.ts';

export interface ValidationRun {
  readonly workers: number;
  readonly signal?: AbortSignal;
  onProgress?(done: number, total: number, name: string): void;
}

/** Does every job; results in the order of the jobs. Throws INTERRUPTED when the signal comes before the end. */
export async function runJobs(settings: ValidationSettings, run: ValidationRun): Promise<JobResult[]> {
  const jobs = validationJobs(settings);
  const queue = new JobQueue(jobs, run);
  if (run.workers <= 1) await runHere(queue);
  else await runOnThreads(settings, queue, run);
  if (run.signal?.aborted) throw new DeeplOpsError('INTERRUPTED', 'the validation was stopped; nothing is written');
  return queue.results();
}

/** Jobs to do, the longest first, and results so far. */
class JobQueue {
  readonly #jobs: readonly Job[];
  readonly #order: readonly number[];
  readonly #results: (JobResult | undefined)[];
  readonly #run: ValidationRun;
  #next = 0;
  #done = 0;

  constructor(jobs: readonly Job[], run: ValidationRun) {
    this.#jobs = jobs;
    this.#order = jobs.map((_, index) => index).sort((a, b) => jobs[b]!.seconds - jobs[a]!.seconds || a - b);
    this.#results = jobs.map(() => undefined);
    this.#run = run;
  }

  take(): number | undefined {
    if (this.#run.signal?.aborted) return undefined;
    return this.#order[this.#next++];
  }

  job(index: number): Job {
    const job = this.#jobs[index];
    assert(job !== undefined, `there is no job ${index}`);
    return job;
  }

  put(index: number, result: JobResult): void {
    this.#results[index] = result;
    this.#done += 1;
    this.#run.onProgress?.(this.#done, this.#jobs.length, this.job(index).name);
  }

  results(): JobResult[] {
    return this.#results.map((result) => {
      assert(result !== undefined, 'every job has been done');
      return result;
    });
  }
}

async function runHere(queue: JobQueue): Promise<void> {
  for (let index = queue.take(); index !== undefined; index = queue.take()) {
    queue.put(index, await queue.job(index).run());
    // Lets Ctrl-C and the progress bar through.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runOnThreads(settings: ValidationSettings, queue: JobQueue, run: ValidationRun): Promise<void> {
  const file = new URL('./validation-worker.js', import.meta.url);
  const threads = Array.from({ length: run.workers }, () => new Worker(file, { workerData: settings }));
  const stopped = new Promise<void>((resolve) => {
    run.signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([stopped, Promise.all(threads.map((thread) => feed(thread, queue)))]);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Sends one job after the other until none is left. */
function feed(thread: Worker, queue: JobQueue): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: number | undefined;
    const sendNext = (): void => {
      current = queue.take();
      if (current === undefined) resolve();
      else thread.postMessage(current);
    };
    thread.on('error', reject);
    thread.on('message', (result: JobResult) => {
      if (current !== undefined) queue.put(current, result);
      sendNext();
    });
    sendNext();
  });
}
