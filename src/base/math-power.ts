/** x to the power y with the same bits on every engine: fdlibm's method, the logarithm carried in two doubles. */
import { highWord, powerOfTwo, scaleByPowerOfTwo, upperPart } from './float-bits.ts';
import { expRational } from './math.ts';

const CP = 9.61796693925975554329e-1;
const CP_HIGH = 9.61796700954437255859e-1;
const CP_LOW = -7.02846165095275826516e-9;
const LOG2_THREE_HALVES_HIGH = 5.84962487220764160156e-1;
const LOG2_THREE_HALVES_LOW = 1.35003920212974897128e-8;
const LN2 = 6.93147180559945286227e-1;
const LN2_HIGH = 6.93147182464599609375e-1;
const LN2_LOW = -1.90465429995776804525e-9;
const EXPONENT_LARGE: number = powerOfTwo(64);

// Result of splitLog2, upper 26 bits and rest, used up by the same call of pow: returning a pair would allocate.
const log2Parts: Float64Array = new Float64Array(2);

/** x to the power y, special cases as Math.pow; error below 1 ulp. */
export function pow(x: number, y: number): number {
  if (x > 0 && x < Number.POSITIVE_INFINITY && Math.abs(y) < EXPONENT_LARGE) {
    splitLog2(x);
    return powerOfSplit(y);
  }
  return specialPower(x, y);
}

/** Bases that are not positive and finite; exponents that are not finite, or so large that they are even. */
function specialPower(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x);
  const positiveExponent = y > 0;
  if (size === 1 && Math.abs(y) === Number.POSITIVE_INFINITY) return Number.NaN;
  const odd = Math.abs(y % 2) === 1;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (size === 0 || size === Number.POSITIVE_INFINITY || (Math.abs(y) >= EXPONENT_LARGE && size !== 1)) {
    const large = size > 1;
    return sign * (large === positiveExponent ? Number.POSITIVE_INFINITY : 0);
  }
  if (Math.floor(y) !== y) return Number.NaN;
  return size === 1 ? sign : sign * pow(size, y);
}

/** Leaves log2 of a positive, finite value in `log2Parts`. */
function splitLog2(value: number): void {
  const subnormal = value < powerOfTwo(-1022);
  const normal = subnormal ? value * powerOfTwo(53) : value;
  const high = highWord(normal);
  let exponent = (high >> 20) - 1023;
  let x = normal * powerOfTwo(-exponent);
  if (subnormal) exponent -= 53;
  const fraction = high & 0xfffff;
  const nearThreeHalves = fraction > 0x3988e && fraction < 0xbb67a;
  if (fraction >= 0xbb67a) {
    exponent += 1;
    x *= 0.5;
  }
  const base = nearThreeHalves ? 1.5 : 1;
  const u = x - base;
  const v = 1 / (x + base);
  const s = u * v;
  const sHigh = upperPart(s);
  const sumHigh = upperPart(x + base);
  const sumLow = x - (sumHigh - base);
  const sLow = v * (u - sHigh * sumHigh - sHigh * sumLow);
  const square = s * s;
  const rest = square * square * logSeries(square) + sLow * (sHigh + s);
  const highSquare = sHigh * sHigh;
  const factorHigh = upperPart(3 + highSquare + rest);
  const factorLow = rest - (factorHigh - 3 - highSquare);
  const productHigh = sHigh * factorHigh;
  const productLow = sLow * factorHigh + factorLow * s;
  const pHigh = upperPart(productHigh + productLow);
  const pLow = productLow - (pHigh - productHigh);
  const zHigh = CP_HIGH * pHigh;
  const zLow = CP_LOW * pHigh + pLow * CP + (nearThreeHalves ? LOG2_THREE_HALVES_LOW : 0);
  const offset = nearThreeHalves ? LOG2_THREE_HALVES_HIGH : 0;
  const log2High = upperPart(zHigh + zLow + offset + exponent);
  log2Parts[0] = log2High;
  log2Parts[1] = zLow - (log2High - exponent - offset - zHigh);
}

/** 2 to the power y * log2 of the base, where `splitLog2` left it. */
function powerOfSplit(y: number): number {
  const yHigh = upperPart(y);
  const low = (y - yHigh) * log2Parts[0]! + y * log2Parts[1]!;
  const high = yHigh * log2Parts[0]!;
  const sum = low + high;
  if (sum >= 1025) return Number.POSITIVE_INFINITY;
  if (sum <= -1076) return 0;
  const k = Math.floor(sum + 0.5);
  const reduced = high - k;
  const t = upperPart(low + reduced);
  const u = t * LN2_HIGH;
  const v = (low - (t - reduced)) * LN2 + t * LN2_LOW;
  const z = u + v;
  const w = v - (z - u);
  const square = z * z;
  const c = z - square * expRational(square);
  const power = 1 - ((z * c) / (c - 2) - (w + z * w) - z);
  return scaleByPowerOfTwo(power, k);
}

function logSeries(square: number): number {
  return (
    5.99999999999994648725e-1 +
    square *
      (4.28571428578550184252e-1 +
        square *
          (3.33333329818377432918e-1 +
            square *
              (2.72728123808534006489e-1 + square * (2.30660745775561754067e-1 + square * 2.06975017800338417784e-1))))
  );
}
