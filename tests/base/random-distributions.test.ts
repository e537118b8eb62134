/** Distributions of the draws: moments and quantiles within four standard errors, under fixed seeds. */
import { describe, expect, test } from 'vitest';
import { exp, log, normalQuantile, RandomStream } from '../../src/base/index.ts';

const DRAWS = 200_000;

/** A mean over the sample lies within four of its standard errors of what it should be. */
function expectWithin(sampleMean: number, expected: { mean: number; deviation: number }): void {
  const errors = (sampleMean - expected.mean) / (expected.deviation / Math.sqrt(DRAWS));
  expect(Math.abs(errors)).toBeLessThan(4);
}

/** The mean of f over the sample is right; `deviation` is the true one of f. */
function expectMean(sample: Float64Array, f: (x: number) => number, expected: { mean: number; deviation: number }) {
  let sum = 0;
  for (let index = 0; index < DRAWS; index++) sum += f(sample[index]!);
  expectWithin(sum / DRAWS, expected);
}

/** As many draws as expected lie where `inside` says. */
function expectShare(sample: Float64Array, share: number, inside: (x: number) => boolean): void {
  expectMean(sample, (x) => (inside(x) ? 1 : 0), { mean: share, deviation: Math.sqrt(share * (1 - share)) });
}

function draw(name: string, next: (stream: RandomStream) => number): Float64Array {
  const stream = new RandomStream(2026, name);
  const sample = new Float64Array(DRAWS);
  for (let index = 0; index < DRAWS; index++) sample[index] = next(stream);
  return sample;
}

const levels = [0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999];

describe('uniform', () => {
  const sample = draw('uniform', (stream) => stream.uniform());

  test('lies in [0, 1)', () => {
    expect(sample.every((x) => x >= 0 && x < 1)).toBe(true);
  });

  test('has the right moments and quantiles', () => {
    expectMean(sample, (x) => x, { mean: 1 / 2, deviation: Math.sqrt(1 / 12) });
    expectMean(sample, (x) => x * x, { mean: 1 / 3, deviation: Math.sqrt(4 / 45) });
    for (const level of levels) expectShare(sample, level, (x) => x < level);
  });
});

describe('integer', () => {
  test.each([2, 3, 10, 4096])('falls on each value below %i equally often', (bound) => {
    const sample = draw(`integer ${bound}`, (stream) => stream.integer(bound));
    expect(sample.every((x) => Number.isInteger(x) && x >= 0 && x < bound)).toBe(true);
    for (let value = 0; value < Math.min(bound, 10); value++) expectShare(sample, 1 / bound, (x) => x === value);
  });

  test('is always zero below a bound of 1', () => {
    expect(draw('integer 1', (stream) => stream.integer(1)).every((x) => x === 0)).toBe(true);
  });

  test('has no bias for a bound that does not divide 2^32', () => {
    // Plain scaling would favour every third value by a half here.
    const bound = 3 * 2 ** 30;
    const sample = draw('integer large', (stream) => stream.integer(bound));
    for (const remainder of [0, 1, 2]) expectShare(sample, 1 / 3, (x) => x % 3 === remainder);
    expectShare(sample, 1 / 4, (x) => x < bound / 4);
  });

  test('reaches all 32 bits at the largest bound', () => {
    const sample = draw('integer 2^32', (stream) => stream.integer(2 ** 32));
    expectShare(sample, 1 / 2, (x) => x >= 2 ** 31);
    expectShare(sample, 1 / 2, (x) => x % 2 === 1);
  });
});

describe('exponential', () => {
  const sample = draw('exponential', (stream) => stream.exponential());

  test('is positive', () => {
    expect(sample.every((x) => x > 0)).toBe(true);
  });

  test('has the right first three moments', () => {
    expectMean(sample, (x) => x, { mean: 1, deviation: 1 });
    expectMean(sample, (x) => x * x, { mean: 2, deviation: Math.sqrt(20) });
    expectMean(sample, (x) => x * x * x, { mean: 6, deviation: Math.sqrt(684) });
  });

  test('has the right quantiles, in the tail beyond the last layer too', () => {
    for (const level of levels) {
      const edge = -log(1 - level);
      expectShare(sample, level, (x) => x < edge);
    }
    for (const edge of [7, 7.697117470131, 8, 9]) expectShare(sample, exp(-edge), (x) => x > edge);
  });
});

describe('normal', () => {
  const sample = draw('normal', (stream) => stream.normal());

  test('has the right first four moments', () => {
    expectMean(sample, (x) => x, { mean: 0, deviation: 1 });
    expectMean(sample, (x) => x * x, { mean: 1, deviation: Math.sqrt(2) });
    expectMean(sample, (x) => x * x * x, { mean: 0, deviation: Math.sqrt(15) });
    expectMean(sample, (x) => x * x * x * x, { mean: 3, deviation: Math.sqrt(96) });
  });

  test('has the right quantiles, in both tails beyond the last layer too', () => {
    for (const level of levels) {
      const edge = normalQuantile(level);
      expectShare(sample, level, (x) => x < edge);
    }
    const tail = 0.000129016244;
    expectShare(sample, tail, (x) => x > 3.6541528853610088);
    expectShare(sample, tail, (x) => x < -3.6541528853610088);
    expectShare(sample, 6.33424837e-5, (x) => Math.abs(x) > 4);
  });
});

describe('poisson', () => {
  test.each([0.05, 1, 4.5, 15.9, 16, 23, 100, 12_345])(
    'has mean, variance and probabilities right at mean %d',
    (mean) => {
      const sample = draw(`poisson ${mean}`, (stream) => stream.poisson(mean));
      expect(sample.every((x) => Number.isInteger(x) && x >= 0)).toBe(true);
      expectMean(sample, (x) => x, { mean, deviation: Math.sqrt(mean) });
      expectMean(sample, (x) => (x - mean) ** 2, { mean, deviation: Math.sqrt(mean + 2 * mean * mean) });
      for (const steps of [-3, -2, -1, 0, 1, 2, 3]) {
        const count = Math.round(mean + steps * Math.sqrt(mean));
        if (count >= 0) expectShare(sample, poissonProbability(mean, count), (x) => x === count);
      }
    },
  );

  test('is zero at mean zero, and stays sane at the largest mean', () => {
    const stream = new RandomStream(1, 'poisson');
    for (let index = 0; index < 100; index++) {
      expect(stream.poisson(0)).toBe(0);
      expect(Math.abs(stream.poisson(1e9) - 1e9) / Math.sqrt(1e9)).toBeLessThan(5);
    }
  });
});

function poissonProbability(mean: number, count: number): number {
  let logarithm = -mean;
  for (let factor = 1; factor <= count; factor++) logarithm += log(mean / factor);
  return exp(logarithm);
}
