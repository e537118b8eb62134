/** The upper tail of the gamma distribution, for tables that are built once. */

import { exp, log } from '../../base/index.ts';

const TERMS_MAX = 5000;
const PRECISION = 1e-11;
/** Stirling's series is exact to rounding from here on. */
const STIRLING_FROM = 12;

/** Chance that a gamma variable of this shape (and scale 1) exceeds x. */
export function gammaTail(shape: number, x: number): number {
  if (x <= 0) return 1;
  const front = exp(shape * log(x) - x - logGamma(shape));
  return x < shape + 1 ? 1 - front * series(shape, x) : front * continuedFraction(shape, x);
}

function series(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let index = 1; index < TERMS_MAX && term > PRECISION * sum; index += 1) {
    term *= x / (shape + index);
    sum += term;
  }
  return sum;
}

/** Lentz's method for the continued fraction of the upper tail. */
function continuedFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let result = d;
  for (let index = 1; index < TERMS_MAX; index += 1) {
    const a = index * (shape - index);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    result *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return result;
}

function logGamma(x: number): number {
  let shift = 0;
  let value = x;
  while (value < STIRLING_FROM) {
    shift += log(value);
    value += 1;
  }
  const inverse = 1 / value;
  const square = inverse * inverse;
  const correction = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (value - 0.5) * log(value) - value + 0.9189385332046727 + correction - shift;
}
