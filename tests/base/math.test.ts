/** The deterministic functions against the engine's, which are right to about one unit in the last place. */
import { describe, expect, test } from 'vitest';
import { exp, expm1, log, pow, RandomStream, sqrt, tanh } from '../../src/base/index.ts';

const INPUTS = 100_000;
const specials = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2,
  -2,
  3,
  -3,
  0.1,
  710,
  -746,
  1e300,
  -1e300,
  1e-300,
  1 + Number.EPSILON,
  1 - Number.EPSILON / 2,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 70,
  -(2 ** 70),
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** Distance in units in the last place of the expected value; 0 for equal special values, signs of zero included. */
function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0;
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(expected))));
  const distance = Math.abs(actual - expected) / 2 ** (exponent - 52);
  return Number.isFinite(distance) && expected !== 0 ? distance : Number.POSITIVE_INFINITY;
}

function worst(draw: (random: RandomStream) => number, ours: (x: number) => number, engine: (x: number) => number) {
  const random = new RandomStream(1, 'math');
  let largest = { ulps: 0, x: 0 };
  for (let index = 0; index < INPUTS; index++) {
    const x = draw(random);
    const distance = ulps(ours(x), engine(x));
    if (!(distance <= largest.ulps)) largest = { ulps: distance, x };
  }
  return largest;
}

/** A number of either sign and any magnitude between 2 to the minus and plus `range`. */
function anyMagnitude(random: RandomStream, range: number): number {
  const size = 2 ** ((2 * random.uniform() - 1) * range);
  return random.uniform() < 0.5 ? -size : size;
}

describe.each([
  { name: 'exp', ours: exp, engine: Math.exp, bound: 2, draw: (r: RandomStream) => (r.uniform() - 0.5) * 1490 },
  { name: 'exp', ours: exp, engine: Math.exp, bound: 2, draw: (r: RandomStream) => anyMagnitude(r, 9) },
  { name: 'log', ours: log, engine: Math.log, bound: 2, draw: (r: RandomStream) => Math.abs(anyMagnitude(r, 1074)) },
  { name: 'log', ours: log, engine: Math.log, bound: 2, draw: (r: RandomStream) => 0.5 + 1.5 * r.uniform() },
  { name: 'expm1', ours: expm1, engine: Math.expm1, bound: 2, draw: (r: RandomStream) => anyMagnitude(r, 9.4) },
  { name: 'expm1', ours: expm1, engine: Math.expm1, bound: 2, draw: (r: RandomStream) => 4 * r.uniform() - 2 },
  { name: 'tanh', ours: tanh, engine: Math.tanh, bound: 3, draw: (r: RandomStream) => anyMagnitude(r, 5) },
  { name: 'tanh', ours: tanh, engine: Math.tanh, bound: 3, draw: (r: RandomStream) => 4 * r.uniform() - 2 },
])('$name', ({ ours, engine, bound, draw }) => {
  test(`is within ${bound} ulp of the engine's`, () => {
    expect(worst(draw, ours, engine)).toSatisfy((largest: { ulps: number }) => largest.ulps <= bound);
  });

  test('agrees on zeros, infinities, NaN, the smallest and the largest', () => {
    for (const x of specials) expect({ x, distance: ulps(ours(x), engine(x)) <= bound }).toEqual({ x, distance: true });
  });
});

describe('pow', () => {
  test.each([
    { what: 'moderate powers', base: 30, exponent: 4 },
    { what: 'bases of any magnitude', base: 1074, exponent: -1 },
    { what: 'bases next to 1', base: 0.001, exponent: 16 },
  ])("is within 2 ulp of the engine's for $what", ({ base, exponent }) => {
    const random = new RandomStream(2, 'pow');
    let largest = 0;
    for (let index = 0; index < INPUTS; index++) {
      const x = Math.abs(anyMagnitude(random, base));
      const y = anyMagnitude(random, 1) * 2 ** exponent;
      largest = Math.max(largest, ulps(pow(x, y), x ** y));
    }
    expect(largest).toBeLessThanOrEqual(2);
  });

  test('agrees on every pair of special values', () => {
    for (const x of specials) {
      for (const y of specials) {
        expect({ x, y, close: ulps(pow(x, y), x ** y) <= 2 }).toEqual({ x, y, close: true });
      }
    }
  });

  test('is exact for small whole powers', () => {
    for (let base = 1; base <= 20; base++) {
      for (let exponent = 0; exponent <= 10; exponent++) {
        let product = 1;
        for (let factor = 0; factor < exponent; factor++) product *= base;
        expect(pow(base, exponent)).toBe(product);
        expect(pow(-base, exponent)).toBe(exponent % 2 === 1 ? -product : product);
      }
    }
  });
});

describe('all functions', () => {
  test('give the bits they gave before, whatever the engine', () => {
    const inputs = [0.2, 0.7, 1.3, 2.9, 17.5];
    expect(inputs.map((x) => [exp(x), log(x), expm1(-x), tanh(x), pow(x, 2.5), sqrt(x)])).toEqual([
      [
        1.2214027581601699, -1.6094379124341003, -0.18126924692201815, 0.197375320224904, 0.01788854381999832,
        0.4472135954999579,
      ],
      [
        2.0137527074704766, -0.35667494393873245, -0.5034146962085905, 0.6043677771171634, 0.4099634130016969,
        0.8366600265340756,
      ],
      [
        3.6692966676192444, 0.26236426446749106, -0.7274682069659875, 0.8617231593133063, 1.9268964684175434,
        1.140175425099138,
      ],
      [
        18.17414536944306, 1.0647107369924282, -0.9449767799435927, 0.9939631673505831, 14.321713933744102,
        1.70293863659264,
      ],
      [
        39824784.39757623, 2.8622008809294686, -0.9999999748900085, 0.9999999999999988, 1281.1356656303033,
        4.183300132670378,
      ],
    ]);
  });
});
