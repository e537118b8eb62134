/** A worker thread of a benchmark: plays the blocks it is sent and answers with their outcomes. */

import { parentPort, workerData } from 'node:worker_threads';
import { assert, DeeplOpsError } from '../base/index.ts';
import { AgentLibrary } from '../replay/index.ts';
import { BlockRunner } from './block-runner.ts';
import type { WorkerAnswer, WorkerTask } from './worker-messages.ts';
import type { Block } from './workload.ts';

const port = parentPort;
assert(port !== null, 'this file runs as a worker thread');
const { suite, agentsFolder } = workerData as WorkerTask;
const runner = new BlockRunner(suite, new AgentLibrary(agentsFolder));
port.on('message', (block: Block) => port.postMessage(answer(block)));

/** A user's mistake travels as data, because its class would not survive the journey; a bug ends the thread. */
function answer(block: Block): WorkerAnswer {
  try {
    return { outcomes: runner.run(block) };
  } catch (error) {
    if (!(error instanceof DeeplOpsError)) throw error;
    const { code, message, hint } = error;
    return { error: { code, message, hint } };
  }
}
