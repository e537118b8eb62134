/** How well the learner imitates: its cross-entropy and accuracy on demonstrated decisions, and how well it values them. */

import { exp, log } from '../../base/index.ts';
import { NO_OP } from '../../contract/index.ts';
import { type Backend, choicesPerRow, type PolicyOutput } from '../../neural/index.ts';
import { bestChoice } from '../../policies/index.ts';
import { onlyChoice, SEVERAL } from '../observation-view.ts';
import type { DemonstrationStore } from './demonstration-store.ts';

/** Scores of the decisions that were held out; every decision counts as often as it stands for in the episodes. */
export interface HeldOutScore {
  readonly crossEntropy: number;
  /** Share of decisions in which the learner's best choice is the demonstrator's. */
  readonly accuracy: number;
  /** The same where the demonstrator acted; undefined where it never did. */
  readonly actionCrossEntropy: number | undefined;
  readonly actionAccuracy: number | undefined;
  /** Share of the variance of returns that the values explain. */
  readonly explainedVariance: number;
  readonly decisions: number;
}

/** Sums of one shard of decisions, in order. */
const SUM = {
  weight: 0,
  crossEntropy: 1,
  correct: 2,
  actionWeight: 3,
  actionCrossEntropy: 4,
  actionCorrect: 5,
  returns: 6,
  returnSquares: 7,
  errors: 8,
  errorSquares: 9,
  values: 10,
  decisions: 11,
} as const;

/** Numbers per shard. */
export const SCORE_SUMS: number = Object.keys(SUM).length;

/** Rows that go through the network at a time. */
const CHUNK = 64;

/** Adds up what `HeldOutScore` needs over the given slots of the store; `actionWeight` is taken out of the weights. */
export function sumScores(
  store: DemonstrationStore,
  backend: Backend,
  slots: Int32Array,
  options: { readonly actionWeight: number },
): Float64Array {
  const sums = new Float64Array(SCORE_SUMS);
  const choices = choicesPerRow(store.role.shape, store.componentsMax);
  const out = { logits: new Float32Array(CHUNK * choices), values: new Float32Array(CHUNK) };
  for (let start = 0; start < slots.length; start += CHUNK) {
    const selection = slots.subarray(start, start + CHUNK);
    backend.forward({ ...store.samples, size: selection.length, selection }, out);
    for (let position = 0; position < selection.length; position++) {
      addDecision(sums, store, { slot: selection[position]!, position, ...options }, out);
    }
  }
  return sums;
}

/** The score from all shards' sums, `SCORE_SUMS` numbers each. */
export function scoreOf(shards: Float64Array): HeldOutScore {
  const sums = new Float64Array(SCORE_SUMS);
  for (let index = 0; index < shards.length; index++) {
    const at = index % SCORE_SUMS;
    sums[at] = sums[at]! + shards[index]!;
  }
  const of = (name: keyof typeof SUM): number => sums[SUM[name]]!;
  const count = of('values');
  const acted = of('actionWeight') > 0;
  return {
    crossEntropy: of('crossEntropy') / of('weight'),
    accuracy: of('correct') / of('weight'),
    actionCrossEntropy: acted ? of('actionCrossEntropy') / of('actionWeight') : undefined,
    actionAccuracy: acted ? of('actionCorrect') / of('actionWeight') : undefined,
    explainedVariance:
      1 - variance(of('errors'), of('errorSquares'), count) / variance(of('returns'), of('returnSquares'), count),
    decisions: of('decisions'),
  };
}

function addDecision(
  sums: Float64Array,
  store: DemonstrationStore,
  at: { readonly slot: number; readonly position: number; readonly actionWeight: number },
  { logits, values }: PolicyOutput,
): void {
  const { slot, position } = at;
  const { role, componentsMax, samples } = store;
  const choices = choicesPerRow(role.shape, componentsMax);
  const count = choicesPerRow(role.shape, samples.counts[slot]!);
  const range = { logitsStart: position * choices, maskStart: slot * choices, count };
  const choice = samples.choices[slot]!;
  const acted = choice !== NO_OP;
  const weight = samples.weights[slot]! / (acted ? at.actionWeight : 1);
  const add = (name: keyof typeof SUM, value: number): void => {
    sums[SUM[name]] = sums[SUM[name]]! + value;
  };
  const best = bestChoice(logits, samples.mask, range);
  const top = logits[range.logitsStart + best]!;
  const surprise = logSum(logits, samples.mask, range, top) - logits[range.logitsStart + choice]!;
  const correct = best === choice ? 1 : 0;
  // Where there was nothing to choose, only the value is judged.
  if (onlyChoice(samples.mask.subarray(range.maskStart, range.maskStart + count)) === SEVERAL) {
    add('weight', weight);
    add('crossEntropy', weight * surprise);
    add('correct', weight * correct);
    add('decisions', 1);
  }
  if (acted) {
    add('actionWeight', weight);
    add('actionCrossEntropy', weight * surprise);
    add('actionCorrect', weight * correct);
  }
  const returns = samples.returns[slot]!;
  const error = returns - values[position]!;
  add('returns', returns);
  add('returnSquares', returns * returns);
  add('errors', error);
  add('errorSquares', error * error);
  add('values', 1);
}

/** ln of the sum of exp over the legal logits, of which `top` is the largest. */
function logSum(
  logits: Float32Array,
  mask: Uint8Array,
  {
    logitsStart,
    maskStart,
    count,
  }: { readonly logitsStart: number; readonly maskStart: number; readonly count: number },
  top: number,
): number {
  let sum = 0;
  for (let choice = 0; choice < count; choice++) {
    if (mask[maskStart + choice] === 1) sum += exp(logits[logitsStart + choice]! - top);
  }
  return top + log(sum);
}

function variance(sum: number, squares: number, count: number): number {
  return squares / count - (sum / count) * (sum / count);
}
