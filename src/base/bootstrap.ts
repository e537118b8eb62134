/** Percentile bootstrap intervals, from a stream of their own so that the same results give the same interval. */
import { assert } from './assert.ts';
import { RandomStream } from './random-stream.ts';
import type { Interval } from './statistics.ts';
import { mean, quantileOfSorted } from './statistics.ts';

/** A value with its interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** How to bootstrap; the same seed gives the same interval. */
export interface BootstrapOptions {
  readonly seed?: number | string;
  /** Default 2000. */
  readonly resamples?: number;
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number;
}

const RESAMPLES = 2000;
const CONFIDENCE = 0.95;

/** Percentile bootstrap of a statistic over values drawn with replacement; the statistic must not keep its argument. */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions = {},
): Estimate {
  const { seed = 0, resamples = RESAMPLES, confidence = CONFIDENCE } = options;
  assert(values.length > 0 && resamples > 0, 'a bootstrap needs values and resamples');
  assert(confidence > 0 && confidence < 1, 'a confidence lies between 0 and 1');
  const original = Float64Array.from(values);
  const sample = new Float64Array(original.length);
  const results = new Float64Array(resamples);
  const random = new RandomStream(seed, 'bootstrap');
  for (let resample = 0; resample < resamples; resample++) {
    for (let index = 0; index < sample.length; index++) sample[index] = original[random.integer(original.length)]!;
    results[resample] = statistic(sample);
  }
  results.sort();
  const tail = (1 - confidence) / 2;
  return {
    value: statistic(original),
    low: quantileOfSorted(results, tail),
    high: quantileOfSorted(results, 1 - tail),
  };
}

/** Bootstrap of the mean of `first[i] - second[i]`, for two agents on the same seeds. */
export function pairedDifferenceInterval(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions = {},
): Estimate {
  assert(first.length === second.length, 'paired values come in pairs');
  const differences = Float64Array.from(first, (value, index) => value - second[index]!);
  return bootstrapInterval(differences, mean, options);
}
