/** Moments of an episode, as people name them: the end of a step, or a time. */

import { DeeplOpsError } from '../base/index.ts';
import type { ContestInfo } from '../environment/index.ts';
import { parseQuantity } from '../scenario/index.ts';
import type { RecordedStep } from './recording.ts';

/** The end of a step, or of the first one that ends at or after a time since the contest began. */
export type Moment = { readonly step: number } | { readonly timeSeconds: number };

/** Reads `40`, a step, or `2m30s`, a time. Throws USAGE. */
export function parseMoment(text: string, flag: string): Moment {
  if (/^\s*\d{1,9}\s*$/.test(text)) return { step: Number(text) };
  const timeSeconds = parseQuantity('duration', text);
  // A number without a unit is no time: it would be taken for a step, and the other way round.
  if (timeSeconds !== null && Number.isNaN(Number(text)) && timeSeconds >= 0) return { timeSeconds };
  throw new DeeplOpsError('USAGE', `${flag} ${text} is no moment`, {
    hint: 'Give the number of a step, for instance 40, or a time since the contest began, for instance 2m30s.',
  });
}

/** Whether an episode that has come this far has come to the moment. */
export function hasCome(moment: Moment, { step, timeSeconds }: Pick<ContestInfo, 'step' | 'timeSeconds'>): boolean {
  return 'step' in moment ? step >= moment.step : timeSeconds >= moment.timeSeconds;
}

/** The step that ends at the moment, 0 = the beginning; USAGE where the recording does not come so far. */
export function stepOfMoment(moment: Moment, steps: readonly RecordedStep[]): number {
  if (hasCome(moment, { step: 0, timeSeconds: 0 })) return 0;
  const found = steps.find(({ info }) => hasCome(moment, info));
  if (found) return found.step;
  throw endsBefore('recording', { steps: steps.length, seconds: steps.at(-1)?.info.timeSeconds ?? 0 });
}

interface Length {
  readonly steps: number;
  readonly seconds: number;
}

/** Throws USAGE for a moment at which there is nothing to show: before the first step has ended, or behind the last. */
export function checkWithin(moment: Moment, length: Length): void {
  if (hasCome(moment, { step: 0, timeSeconds: 0 })) {
    const range = `steps 1 to ${length.steps}, up to ${length.seconds} s`;
    throw new DeeplOpsError('USAGE', `at the beginning there is nothing to show yet: the episode has ${range}`);
  }
  if (!hasCome(moment, { step: length.steps, timeSeconds: length.seconds })) throw endsBefore('episode', length);
}

/** USAGE: something is asked for that comes after the end. */
export function endsBefore(what: 'episode' | 'recording', { steps, seconds }: Length): DeeplOpsError {
  return new DeeplOpsError('USAGE', `the ${what} ends before that, after ${steps} steps (${seconds} s)`);
}
