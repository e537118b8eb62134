/** A worker thread of a benchmark: plays the episodes it is sent and answers with their outcomes. */

import { parentPort, workerData } from 'node:worker_threads';
import { assert, DeeplOpsError } from '../base/index.ts';
import { AgentLibrary } from '../replay/index.ts';
import { TaskRunner } from './task-runner.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';
import type { EpisodeTask } from './workload.ts';

const port = parentPort;
assert(port !== null, 'this file runs as a worker thread');
const { suite, agentsFolder } = workerData as WorkerTask;
const runner = new TaskRunner(suite, new AgentLibrary(agentsFolder));
port.on('message', (task: EpisodeTask) => port.postMessage(answer(task)));

/** A user's mistake travels as data, because its class would not survive the journey; a bug ends the thread. */
function answer(task: EpisodeTask): WorkerAnswer {
  try {
    return { outcome: runner.play(task) };
  } catch (error) {
    if (!(error instanceof DeeplOpsError)) throw error;
    const { code, message, hint } = error;
    return { error: { code, message, hint } };
  }
}
