/**
 * Elementary functions that give the same bits on every engine, which Math.exp and its kin do not promise.
 * Ports of the fdlibm algorithms (Sun Microsystems, 1993, freely usable) with + - * / only.
 */
import { highWord, powerOfTwo, scaleByPowerOfTwo } from './float-bits.ts';

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.442695040888963387;
const HALF_LN2 = 0.34657359027997264;
const EXP_OVERFLOW = 7.09782712893383973096e2;
const EXP_UNDERFLOW = -7.4513321910194110842e2;
const EXPM1_SATURATED = 38.816242113569373;
const SQRT_HALF_HIGH = 0x3fe6a09e;
const ONE_HIGH = 0x3ff00000;

/** The square root, which IEEE 754 makes exact on every engine. */
export function sqrt(x: number): number {
  return Math.sqrt(x);
}

/** e to the power x; error below 1 ulp. */
export function exp(x: number): number {
  if (!(x <= EXP_OVERFLOW)) return x > EXP_OVERFLOW ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < EXP_UNDERFLOW) return 0;
  const k = x > HALF_LN2 || x < -HALF_LN2 ? Math.floor(INVERSE_LN2 * x + 0.5) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const rest = high - low;
  const square = rest * rest;
  const c = rest - square * expRational(square);
  const y = 1 - (low - (rest * c) / (2 - c) - high);
  return k === 0 ? y : scaleByPowerOfTwo(y, k);
}

/** The natural logarithm; error below 1 ulp. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let normal = x;
  let subnormalShift = 0;
  if (x < powerOfTwo(-1022)) {
    normal = x * powerOfTwo(54);
    subnormalShift = 54;
  }
  const k = (highWord(normal) + (ONE_HIGH - SQRT_HALF_HIGH)) >> 20;
  const f = normal * powerOfTwo(1023 - k) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const halfSquare = 0.5 * f * f;
  const exponent = k - 1023 - subnormalShift;
  return s * (halfSquare + (odd + even)) + exponent * LN2_LOW - halfSquare + f + exponent * LN2_HIGH;
}

/** e to the power x, minus 1, accurate for small x too; error below 1.1 ulp. */
export function expm1(x: number): number {
  if (!(x < EXPM1_SATURATED)) return x > EXP_OVERFLOW ? Number.POSITIVE_INFINITY : exp(x) - 1;
  if (x < -EXPM1_SATURATED) return -1;
  if (x === 0) return x;
  const k = x > HALF_LN2 || x < -HALF_LN2 ? Math.floor(INVERSE_LN2 * x + 0.5) : 0;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const rest = high - low;
  const lost = high - rest - low;
  const half = 0.5 * rest;
  const square = rest * half;
  const r1 = 1 + square * expm1Rational(square);
  const t = 3 - r1 * half;
  const e = square * ((r1 - t) / (6 - rest * t));
  if (k === 0) return rest - (rest * e - square);
  const correction = rest * (e - lost) - lost - square;
  if (k === -1) return 0.5 * (rest - correction) - 0.5;
  if (k === 1) return rest < -0.25 ? -2 * (correction - (rest + 0.5)) : 1 + 2 * (rest - correction);
  if (k < 0) return (1 - (correction - rest)) * powerOfTwo(k) - 1;
  return (rest - correction + (1 - powerOfTwo(-k))) * powerOfTwo(k);
}

/** The hyperbolic tangent; error below 2 ulp. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 22) return x > 0 ? 1 : -1;
  if (size > 0.5493061443340548) {
    const value = 1 - 2 / (expm1(2 * size) + 2);
    return x > 0 ? value : -value;
  }
  if (size < 1e-300) return x;
  const t = expm1(-2 * size);
  const value = -t / (t + 2);
  return x < 0 ? -value : value;
}

/** fdlibm's polynomial P in r(exp(r) + 1) / (exp(r) - 1) = 2 + r^2 P(r^2), for reduced arguments. */
export function expRational(square: number): number {
  return (
    1.66666666666666019037e-1 +
    square *
      (-2.77777777770155933842e-3 +
        square *
          (6.61375632143793436117e-5 + square * (-1.6533902205465251539e-6 + square * 4.13813679705723846039e-8)))
  );
}

function expm1Rational(square: number): number {
  return (
    -3.33333333333331316428e-2 +
    square *
      (1.58730158725481460165e-3 +
        square *
          (-7.93650757867487942473e-5 + square * (4.00821782732936239552e-6 + square * -2.01099218183624371326e-7)))
  );
}
