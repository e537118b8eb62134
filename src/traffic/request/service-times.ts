/** Draws service times of a mean of 1 by shape and coefficient of variation. */

import { assert, exp, log, pow, type RandomStreams } from '../../base/index.ts';
import type { ServiceTimeShape } from '../../cluster/index.ts';

const Shape = { deterministic: 0, exponential: 1, lognormal: 2, gamma: 3, hyperexponential: 4 } as const;
/** Below this coefficient of variation a gamma time is as good as constant. */
const VARIATION_SMALL = 1e-3;

/** What is drawn: a shape, and its coefficient of variation. */
export interface ServiceTimeForm {
  readonly serviceTimeShape: ServiceTimeShape;
  readonly serviceTimeCv: number;
}

/** Samplers of several kinds of work, each with a random stream of its own. */
export class ServiceTimes {
  readonly #streams: RandomStreams;
  readonly #firstStream: number;
  readonly #shape: Uint8Array;
  /** Lognormal: sigma and mu. Gamma: shape, or shape + 1 below 1, and 1 / shape. Hyperexponential: chance and means. */
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #third: Float64Array;

  /** The stream of form k is `firstStream + k`. */
  constructor(streams: RandomStreams, firstStream: number, forms: readonly ServiceTimeForm[]) {
    this.#streams = streams;
    this.#firstStream = firstStream;
    this.#shape = new Uint8Array(forms.length);
    this.#first = new Float64Array(forms.length);
    this.#second = new Float64Array(forms.length);
    this.#third = new Float64Array(forms.length);
    forms.forEach((form, index) => {
      this.#prepare(index, form);
    });
  }

  /** Draws a time with mean 1. */
  draw(form: number): number {
    switch (this.#shape[form]) {
      case Shape.deterministic:
        return 1;
      case Shape.exponential:
        return this.#streams.exponential(this.#firstStream + form);
      case Shape.lognormal: {
        const normal = this.#streams.normal(this.#firstStream + form);
        return exp(this.#first[form]! * normal + this.#second[form]!);
      }
      case Shape.gamma:
        return this.#drawGamma(form);
      default: {
        const stream = this.#firstStream + form;
        const mean = this.#streams.uniform(stream) < this.#first[form]! ? this.#second[form]! : this.#third[form]!;
        return mean * this.#streams.exponential(stream);
      }
    }
  }

  #prepare(index: number, { serviceTimeShape, serviceTimeCv }: ServiceTimeForm): void {
    const square = serviceTimeCv * serviceTimeCv;
    const constant = serviceTimeShape !== 'exponential' && serviceTimeCv < VARIATION_SMALL;
    this.#shape[index] = constant ? Shape.deterministic : Shape[serviceTimeShape];
    if (constant) return;
    if (serviceTimeShape === 'lognormal') {
      const variance = log(1 + square);
      this.#first[index] = Math.sqrt(variance);
      this.#second[index] = -variance / 2;
    } else if (serviceTimeShape === 'gamma') {
      const shape = 1 / square;
      this.#first[index] = (shape < 1 ? shape + 1 : shape) - 1 / 3;
      this.#second[index] = shape < 1 ? square : 0;
      this.#third[index] = square;
    } else if (serviceTimeShape === 'hyperexponential') {
      assert(serviceTimeCv >= 1, 'a hyperexponential varies at least as much as an exponential');
      // Balanced means: both branches carry half of the work.
      const chance = (1 + Math.sqrt((square - 1) / (square + 1))) / 2;
      this.#first[index] = chance;
      this.#second[index] = 1 / (2 * chance);
      this.#third[index] = 1 / (2 * (1 - chance));
    }
  }

  /** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), with their boost below shape 1. */
  #drawGamma(form: number): number {
    const streams = this.#streams;
    const stream = this.#firstStream + form;
    const d = this.#first[form]!;
    const c = 1 / Math.sqrt(9 * d);
    const boost = this.#second[form]!;
    for (;;) {
      const normal = streams.normal(stream);
      const root = 1 + c * normal;
      if (root <= 0) continue;
      const cube = root * root * root;
      const limit = 0.5 * normal * normal + d - d * cube + d * log(cube);
      // An exponential is minus the logarithm of a uniform.
      if (-streams.exponential(stream) >= limit) continue;
      const gamma = d * cube * this.#third[form]!;
      return boost === 0 ? gamma : gamma * pow(1 - streams.uniform(stream), boost);
    }
  }
}
