/** Entry of a learner thread: sleeps on the shared control words, does its part of each command, and says so. */

import { parentPort, workerData } from 'node:worker_threads';
import { DeeplOpsError } from '../base/index.ts';
import { prepareBackend } from '../neural/index.ts';
import { createMember } from './create-member.ts';
import { CONTROL } from './shared-run.ts';
import { COMMAND, type MemberParts } from './team-member.ts';

/** What a failing worker posts before it ends. */
export interface WorkerFailure {
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
}

const parts = workerData as MemberParts;
const { control } = parts.shared;

try {
  await serve();
} catch (error) {
  const failure: WorkerFailure = {
    message: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? error.stack : undefined,
    code: error instanceof DeeplOpsError ? error.code : undefined,
  };
  parentPort?.postMessage(failure);
  Atomics.store(control, CONTROL.failed, 1);
  Atomics.notify(control, CONTROL.finished);
}

async function serve(): Promise<void> {
  const member = createMember(parts, await prepareBackend(parts.settings.backend, parts.library));
  for (let seen = 0; ; ) {
    Atomics.wait(control, CONTROL.generation, seen);
    seen = Atomics.load(control, CONTROL.generation);
    if (control[CONTROL.command] === COMMAND.exit) return;
    member.execute();
    Atomics.add(control, CONTROL.finished, 1);
    Atomics.notify(control, CONTROL.finished);
  }
}
