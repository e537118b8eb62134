/** Resumes a run from its newest checkpoint that is whole. */

import { DeeplOpsError } from '../base/index.ts';
import { restoreCheckpoint } from './checkpoint.ts';
import type { RunFolder } from './run-folder-file.ts';
import type { Trainer } from './trainer.ts';

/**
 * Puts the state of the newest whole checkpoint into a fresh trainer; without any the run begins anew. A damaged one is
 * set aside and told of by `warn`; when all are damaged, the error is that of the newest.
 */
export async function restoreNewest(trainer: Trainer, folder: RunFolder, warn: (text: string) => void): Promise<void> {
  const { checkpoints } = folder;
  const failures: DeeplOpsError[] = [];
  for (const checkpoint of checkpoints) {
    try {
      await restoreCheckpoint(trainer, folder.task, { bytes: checkpoint.read(), file: checkpoint.file });
    } catch (error) {
      if (!(error instanceof DeeplOpsError)) throw error;
      failures.push(error);
      continue;
    }
    for (const [index, { code, message }] of failures.entries()) {
      checkpoints[index]?.setAside();
      warn(
        `${code}: ${message} (${checkpoints[index]?.file}); going on from the checkpoint before it, iteration ${trainer.iteration}`,
      );
    }
    return;
  }
  if (failures[0] !== undefined) throw failures[0];
}
