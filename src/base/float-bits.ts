/** What the deterministic functions need of a double's bits: its exponent, powers of two and a short upper part. */

const scratch: Float64Array = new Float64Array(1);
const scratchWords: Int32Array = new Int32Array(scratch.buffer);
scratch[0] = 1;
const HIGH_WORD = scratchWords[0] === 0 ? 1 : 0;

const SMALLEST_EXPONENT = -1074;
const LARGEST_EXPONENT = 1023;
const SPLIT_FACTOR = 134217729;

const powersOfTwo: Float64Array = new Float64Array(LARGEST_EXPONENT - SMALLEST_EXPONENT + 1);
for (let index = 0, power = Number.MIN_VALUE; index < powersOfTwo.length; index++, power *= 2)
  powersOfTwo[index] = power;

/** Sign, exponent and the upper 20 bits of the fraction, as a signed 32-bit integer. */
export function highWord(value: number): number {
  scratch[0] = value;
  return scratchWords[HIGH_WORD]!;
}

/** 2 to an integer exponent from -1074 to 1023; a table, because writing bits and reading them back stalls. */
export function powerOfTwo(exponent: number): number {
  return powersOfTwo[exponent - SMALLEST_EXPONENT]!;
}

/** `value` times 2 to an integer exponent from -1100 to 1100, for values near 1. */
export function scaleByPowerOfTwo(value: number, exponent: number): number {
  if (exponent > LARGEST_EXPONENT)
    return value * powerOfTwo(LARGEST_EXPONENT) * powerOfTwo(exponent - LARGEST_EXPONENT);
  if (exponent >= SMALLEST_EXPONENT) return value * powerOfTwo(exponent);
  return value * powerOfTwo(exponent + 1000) * powerOfTwo(-1000);
}

/** The upper 26 bits of a value below 2^996, so that products of two such parts are exact (Veltkamp's split). */
export function upperPart(value: number): number {
  const scaled = value * SPLIT_FACTOR;
  return scaled - (scaled - value);
}
