/** Draws choices from masked logits: the softmax over legal choices only, in double precision and without allocation. */

import { assert, exp, log } from '../base/index.ts';

/** Samples and scores choices of one decision at a time; holds the scratch space for it. */
export class MaskedCategorical {
  /** Log-probability of the last drawn choice. */
  logProbability = 0;
  readonly #weights: Float64Array;
  readonly #legal: Int32Array;

  constructor(choicesMax: number) {
    this.#weights = new Float64Array(choicesMax);
    this.#legal = new Int32Array(choicesMax);
  }

  /** Draws from the softmax of `logits[start .. start + count)` where the mask is 1; `uniform` lies in [0, 1). */
  sample(logits: Float32Array, mask: Uint8Array, at: ChoiceRange, uniform: number): number {
    const legalCount = this.#collectLegal(mask, at);
    const legal = this.#legal;
    const weights = this.#weights;
    let top = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < legalCount; index++) {
      const logit = logits[at.logitsStart + legal[index]!]!;
      if (logit > top) top = logit;
    }
    let total = 0;
    for (let index = 0; index < legalCount; index++) {
      const weight = exp(logits[at.logitsStart + legal[index]!]! - top);
      weights[index] = weight;
      total += weight;
    }
    assert(total > 0 && total < Number.POSITIVE_INFINITY, 'logits must be finite');
    const chosen = drawIndex(weights, legalCount, uniform * total);
    const choice = legal[chosen]!;
    this.logProbability = logits[at.logitsStart + choice]! - top - log(total);
    return choice;
  }

  #collectLegal(mask: Uint8Array, at: ChoiceRange): number {
    const legal = this.#legal;
    let count = 0;
    for (let choice = 0; choice < at.count; choice++) {
      if (mask[at.maskStart + choice] === 1) legal[count++] = choice;
    }
    assert(count > 0, 'a mask without a legal choice');
    return count;
  }
}

/** Where one decision's logits and mask lie in longer arrays. */
export interface ChoiceRange {
  logitsStart: number;
  maskStart: number;
  count: number;
}

/** The legal choice of the highest logit, the first among equals. */
export function bestChoice(logits: Float32Array, mask: Uint8Array, at: ChoiceRange): number {
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let choice = 0; choice < at.count; choice++) {
    if (mask[at.maskStart + choice] !== 1) continue;
    const logit = logits[at.logitsStart + choice]!;
    if (best < 0 || logit > top) {
      best = choice;
      top = logit;
    }
  }
  assert(best >= 0, 'a mask without a legal choice');
  return best;
}

function drawIndex(weights: Float64Array, count: number, target: number): number {
  let sum = 0;
  let last = 0;
  for (let index = 0; index < count; index++) {
    const weight = weights[index]!;
    if (weight === 0) continue;
    sum += weight;
    last = index;
    if (target < sum) return index;
  }
  return last;
}
