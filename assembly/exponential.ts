/** e to the power of four lanes (Cephes' expf): split off the power of two, a polynomial for the rest. */
import { multiplyAdd } from './arithmetic';

/** Relative error 1e-7; inputs below -87 give about 1e-38 instead of a denormal number. */
export function exponentialLanes(value: v128): v128 {
  const x = f32x4.pmax(f32x4.splat(-87), f32x4.pmin(f32x4.splat(87), value));
  const exponent = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // ln 2 in two parts, the first of few bits, so that the subtraction is exact.
  let rest = multiplyAdd(exponent, f32x4.splat(-0.693359375), x);
  rest = multiplyAdd(exponent, f32x4.splat(2.12194440e-4), rest);
  let series = multiplyAdd(rest, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  series = multiplyAdd(series, rest, f32x4.splat(8.3334519073e-3));
  series = multiplyAdd(series, rest, f32x4.splat(4.1665795894e-2));
  series = multiplyAdd(series, rest, f32x4.splat(1.6666665459e-1));
  series = multiplyAdd(series, rest, f32x4.splat(5.0000001201e-1));
  series = multiplyAdd(series, f32x4.mul(rest, rest), f32x4.add(rest, f32x4.splat(1)));
  const powerOfTwo = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(exponent), i32x4.splat(127)), 23);
  return f32x4.mul(series, powerOfTwo);
}
