/** A worker thread of a validation: does the jobs whose numbers it is sent. */

import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../base/index.ts';
import { validationJobs } from './validation-jobs.ts';
import type { ValidationSettings } from './validation-settings.ts';

const port = parentPort;
assert(port !== null, 'this file runs as a worker thread');
const jobs = validationJobs(workerData as ValidationSettings);
port.on('message', async (index: number) => {
  const job = jobs[index];
  assert(job !== undefined, `there is no job ${index}`);
  port.postMessage(await job.run());
});
