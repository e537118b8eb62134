/**
 * Makes a child of a failure script by one small edit (as ACCEL edits levels, Parker-Holder et al. 2022): shift a fault
 * in time, aim it at another component, turn it into a neighbouring one, add one, drop one, or splice two scripts.
 */

import type { RandomStream } from '../../base/index.ts';
import { decodeChoice } from '../../contract/index.ts';
import type { FailureScript, ScriptedChoice } from './failure-script.ts';

/** What faults a script may consist of. */
export interface MutationSpace {
  /** Choices that are legal when an episode begins, ascending. */
  readonly choices: readonly number[];
  /** Verbs of the breaking role. */
  readonly verbs: number;
  /** Steps at which the breaking role decides, ascending. */
  readonly steps: readonly number[];
  readonly faultsMax: number;
}

/** A shift moves a fault by at most so many decisions. */
const SHIFT_MAX = 12;

type Edit = (parents: Parents, space: MutationSpace, stream: RandomStream) => FailureScript | undefined;

interface Parents {
  readonly script: FailureScript;
  /** The script that a splice takes the end from. */
  readonly partner: FailureScript;
}

const edits: readonly Edit[] = [shift, retarget, turn, add, drop, splice];

/** A child that differs from its parent; undefined where no edit is possible. */
export function mutateScript(parents: Parents, space: MutationSpace, stream: RandomStream): FailureScript | undefined {
  const left = [...edits];
  while (left.length > 0) {
    const [edit] = left.splice(stream.integer(left.length), 1);
    const child = edit?.(parents, space, stream)?.slice(0, space.faultsMax);
    if (child !== undefined && child.length > 0 && scriptKey(child) !== scriptKey(parents.script)) return child;
  }
  return undefined;
}

/** Equal for equal scripts only. */
export function scriptKey(script: FailureScript): string {
  return script.map(({ step, choice }) => `${step}:${choice}`).join(' ');
}

function shift({ script }: Parents, { steps }: MutationSpace, stream: RandomStream): FailureScript {
  const index = stream.integer(script.length);
  const moment = steps.findIndex((step) => step >= script[index]!.step);
  const distance = 1 + stream.integer(SHIFT_MAX);
  const wanted = (moment < 0 ? steps.length : moment) + (stream.integer(2) === 0 ? -distance : distance);
  const step = steps[Math.max(0, Math.min(steps.length - 1, wanted))]!;
  return replaced(script, index, { ...script[index]!, step });
}

/** The same verb on another component, which is then of the same kind. */
function retarget({ script }: Parents, space: MutationSpace, stream: RandomStream): FailureScript | undefined {
  const index = stream.integer(script.length);
  const { verb } = parts(script[index]!.choice, space);
  const others = space.choices.filter(
    (choice) => choice !== script[index]!.choice && parts(choice, space).verb === verb,
  );
  return withChoice(script, index, others, stream);
}

/** The verb before or after among those of the component: mostly another severity, else a related fault. */
function turn({ script }: Parents, space: MutationSpace, stream: RandomStream): FailureScript | undefined {
  const index = stream.integer(script.length);
  const { choice } = script[index]!;
  const { component } = parts(choice, space);
  const own = space.choices.filter((other) => parts(other, space).component === component);
  const before = own.findLast((other) => other < choice);
  const after = own.find((other) => other > choice);
  const neighbours = [before, after].filter((other) => other !== undefined);
  return withChoice(script, index, neighbours, stream);
}

function add({ script }: Parents, { choices, steps }: MutationSpace, stream: RandomStream): FailureScript | undefined {
  if (choices.length === 0) return undefined;
  const choice = choices[stream.integer(choices.length)]!;
  return ordered([...script, { step: steps[stream.integer(steps.length)]!, choice }]);
}

function drop({ script }: Parents, _space: MutationSpace, stream: RandomStream): FailureScript {
  const index = stream.integer(script.length);
  return script.filter((_, position) => position !== index);
}

/** The beginning of one and the end of the other. */
function splice({ script, partner }: Parents, { steps }: MutationSpace, stream: RandomStream): FailureScript {
  const border = steps[stream.integer(steps.length)]!;
  return [...script.filter(({ step }) => step < border), ...partner.filter(({ step }) => step >= border)];
}

function withChoice(
  script: FailureScript,
  index: number,
  choices: readonly number[],
  stream: RandomStream,
): FailureScript | undefined {
  if (choices.length === 0) return undefined;
  return replaced(script, index, { ...script[index]!, choice: choices[stream.integer(choices.length)]! });
}

function replaced(script: FailureScript, index: number, fault: ScriptedChoice): FailureScript {
  return ordered(script.map((other, position) => (position === index ? fault : other)));
}

/** By step; faults of one step keep their order, and the later ones wait for the next. */
function ordered(script: FailureScript): FailureScript {
  return [...script].sort((a, b) => a.step - b.step);
}

function parts(choice: number, { verbs }: MutationSpace): { readonly component: number; readonly verb: number } {
  return decodeChoice(choice, verbs) ?? { component: -1, verb: -1 };
}
