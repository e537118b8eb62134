/** Hyperbolic tangent of four lanes at a time, and its derivative. */
import { multiplyAdd } from './arithmetic';

/** Where tanh is 1 to within one unit of a float. */
const TANH_LIMIT: f32 = 7.9;

/**
 * tanh(x) = x P(x²) / Q(x²), the rational function of these degrees with the smallest largest error (1.7e-7) on the
 * interval within the limit; found by a Lawson-weighted least-squares fit.
 */
export function tanhLanes(value: v128): v128 {
  const x = f32x4.pmax(f32x4.splat(-TANH_LIMIT), f32x4.pmin(f32x4.splat(TANH_LIMIT), value));
  const square = f32x4.mul(x, x);
  let numerator = multiplyAdd(square, f32x4.splat(-6.140216779e-9), f32x4.splat(7.150787951e-6));
  numerator = multiplyAdd(numerator, square, f32x4.splat(2.693536691e-3));
  numerator = multiplyAdd(numerator, square, f32x4.splat(0.1270872056));
  numerator = multiplyAdd(numerator, square, f32x4.splat(0.9999991655));
  let denominator = multiplyAdd(square, f32x4.splat(1.964557159e-4), f32x4.splat(2.283602022e-2));
  denominator = multiplyAdd(denominator, square, f32x4.splat(0.4604174495));
  denominator = multiplyAdd(denominator, square, f32x4.splat(1));
  return f32x4.div(f32x4.mul(x, numerator), denominator);
}

/** Replaces `count` floats, rounded up to a multiple of 4, by their tanh. */
export function tanhInPlace(values: usize, count: i32): void {
  const end = values + (<usize>count << 2);
  for (; values < end; values += 16) v128.store(values, tanhLanes(v128.load(values)));
}

/** Multiplies `count` gradients, rounded up to a multiple of 4, by 1 - y² of the activations y they belong to. */
export function multiplyTanhDerivative(gradients: usize, activations: usize, count: i32): void {
  const end = gradients + (<usize>count << 2);
  for (; gradients < end; gradients += 16) {
    const y = v128.load(activations);
    const slope = f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
    v128.store(gradients, f32x4.mul(v128.load(gradients), slope));
    activations += 16;
  }
}
