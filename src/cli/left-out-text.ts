/** What an episode lacked of the faults it was to have: those that could not be started, those that were not recorded. */
import { obstacleText } from '../faults/index.ts';
import type { LeftOutFault } from '../replay/index.ts';
import type { CutOff, Performance } from './perform.ts';

/** The same as parts of the document of a command. */
export function lackingPart({ leftOut, cutOff }: Performance): LackingPart {
  return { faultsLeftOut: leftOut.length, leftOut, cutOff };
}

interface LackingPart {
  readonly faultsLeftOut: number;
  readonly leftOut: readonly LeftOutFault[];
  readonly cutOff: CutOff | null;
}

/** A line about the faults that were left out, if there are any; `whose` for instance ` with runbook`. */
export function leftOutLines({ leftOut }: Performance, whose = ''): string[] {
  const [first] = leftOut;
  if (first === undefined) return [];
  const { verb, component, timeSeconds, why } = first;
  const example = `${verb} on ${component} at ${timeSeconds.toFixed(0)} s: ${obstacleText(why)}`;
  return [`Faults left out${whose}: ${leftOut.length}, ${leftOut.length === 1 ? 'namely' : 'the first'} ${example}`];
}

/** A line about a recording that ends before the episode does. */
export function cutOffLines({ cutOff }: Performance): string[] {
  if (cutOff === null) return [];
  const { step, ofSteps } = cutOff;
  return [`The recording ends at step ${step} of ${ofSteps}: recorded faults are known up to there only.`];
}
