/**
 * The diagnostics of an update. What is about the policy is averaged over choices: a step without a choice, from which
 * only its value is learned, has neither entropy nor divergence and would make both look smaller.
 */

import type { LossSums } from '../neural/index.ts';

/** Means over an update, in the terms of the usual logs. */
export interface UpdateMeans {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  /** Of the last epoch alone, so that it tells how far the update went in all. */
  readonly approximateKl: number;
  readonly clipFraction: number;
  /** Divergence from the policy that a cold start left; 0 where nothing pulls towards it. */
  readonly referenceKl: number;
  /** Before clipping, over the steps that were taken. */
  readonly gradientNorm: number;
  readonly gradientSteps: number;
}

/** Adds up minibatches. */
export class UpdateTotals {
  #policyLoss = 0;
  #valueLoss = 0;
  #entropy = 0;
  #clipFraction = 0;
  #referenceKl = 0;
  #minibatches = 0;
  #epochKl = 0;
  #epochMinibatches = 0;
  #gradientNorm = 0;
  #steps = 0;

  beginEpoch(): void {
    this.#epochKl = 0;
    this.#epochMinibatches = 0;
  }

  /** Adds the losses of a minibatch with so many choices; returns its divergence. */
  addMinibatch(sums: LossSums, choices: number): number {
    const perChoice = choices === 0 ? 0 : 1 / choices;
    const divergence = sums.approximateKl * perChoice;
    this.#policyLoss += sums.policyLoss * perChoice;
    this.#valueLoss += sums.valueLoss / sums.samples;
    this.#entropy += sums.entropy * perChoice;
    this.#clipFraction += sums.clippedCount * perChoice;
    this.#referenceKl += sums.referenceLoss * perChoice;
    this.#minibatches++;
    this.#epochKl += divergence;
    this.#epochMinibatches++;
    return divergence;
  }

  /** Adds a gradient step, by the length its gradient had. */
  addStep(gradientNorm: number): void {
    this.#gradientNorm += gradientNorm;
    this.#steps++;
  }

  means(): UpdateMeans {
    const minibatches = Math.max(1, this.#minibatches);
    return {
      policyLoss: this.#policyLoss / minibatches,
      valueLoss: this.#valueLoss / minibatches,
      entropy: this.#entropy / minibatches,
      approximateKl: this.#epochKl / Math.max(1, this.#epochMinibatches),
      clipFraction: this.#clipFraction / minibatches,
      referenceKl: this.#referenceKl / minibatches,
      gradientNorm: this.#gradientNorm / Math.max(1, this.#steps),
      gradientSteps: this.#steps,
    };
  }
}
