/** Summary statistics of results, summed in a fixed order so that they repeat to the last bit. */
import { assert } from './assert.ts';

/** A range that holds the true value with the stated confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const Z_95 = 1.96;

/** Arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/** Unbiased sample variance (divisor n - 1); NaN below two values. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    const deviation = values[index]! - centre;
    sum += deviation * deviation;
  }
  return sum / (values.length - 1);
}

/** Standard error of the mean; NaN below two values. */
export function standardError(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values) / values.length);
}

/** Quantile from 0 to 1 with linear interpolation between the order statistics (type 7); NaN for no values. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), fraction);
}

/** As `quantile`, for values already in ascending order. */
export function quantileOfSorted(sorted: Float64Array, fraction: number): number {
  assert(fraction >= 0 && fraction <= 1, 'a quantile lies between 0 and 1');
  const position = (sorted.length - 1) * fraction;
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[below + 1] ?? lower;
  return position === below ? lower : lower + (upper - lower) * (position - below);
}

/** Wilson's score interval of a success probability; 0 to 1 when nothing was tried. */
export function wilsonInterval(successes: number, trials: number, z: number = Z_95): Interval {
  assert(successes >= 0 && successes <= trials, 'successes lie between 0 and the number of trials');
  if (trials === 0) return { low: 0, high: 1 };
  const ratio = successes / trials;
  const square = z * z;
  const scale = 1 + square / trials;
  const centre = (ratio + square / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((ratio * (1 - ratio) + square / (4 * trials)) / trials);
  return { low: successes === 0 ? 0 : centre - half, high: successes === trials ? 1 : centre + half };
}

/** Spearman's rank correlation, ties at their mean rank; NaN when either side is constant. */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number {
  assert(first.length === second.length, 'paired values come in pairs');
  const ranksFirst = ranks(first);
  const ranksSecond = ranks(second);
  const centre = (first.length + 1) / 2;
  let covariance = 0;
  let squaresFirst = 0;
  let squaresSecond = 0;
  for (let index = 0; index < first.length; index++) {
    const x = ranksFirst[index]! - centre;
    const y = ranksSecond[index]! - centre;
    covariance += x * y;
    squaresFirst += x * x;
    squaresSecond += y * y;
  }
  return covariance / Math.sqrt(squaresFirst * squaresSecond);
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, index) => index).sort((x, y) => values[x]! - values[y]! || x - y);
  const result = new Float64Array(order.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let place = start; place < end; place++) result[order[place]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}
