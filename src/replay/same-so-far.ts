/** Holds a branch of a recording against it as far as both must be the same: the beginning, and the steps before the branch. */

import { DeeplOpsError } from '../base/index.ts';
import type { RecordedStep, Recording, RecordingEnd, RecordingHeader } from './recording.ts';

/** Throws REPLAY_DIVERGED where a part of the branch, up to this step, has led to another state than was recorded. */
export function checkSameSoFar(
  { header, steps }: Recording,
  part: RecordingHeader | RecordedStep | RecordingEnd,
  untilStep: number,
): void {
  const step = stepOf(part);
  if (step > untilStep) return;
  const recorded = step === 0 ? header : steps[step - 1];
  if (part.hash === recorded?.hash) return;
  const message = `step ${step}: the state is another one than was recorded, so there is nothing to branch from`;
  const hint = 'Run `deepl-ops replay` on the recording alone to see what differs.';
  throw new DeeplOpsError('REPLAY_DIVERGED', message, { hint });
}

function stepOf(part: RecordingHeader | RecordedStep | RecordingEnd): number {
  if ('format' in part) return 0;
  return 'step' in part ? part.step : part.steps;
}
