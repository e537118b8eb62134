/** Statistics against values computed by hand or taken from tables, and the bootstrap against what it promises. */
import { describe, expect, test } from 'vitest';
import {
  AssertionFailure,
  bootstrapInterval,
  mean,
  normalQuantile,
  pairedDifferenceInterval,
  quantile,
  RandomStream,
  spearman,
  standardError,
  variance,
  wilsonInterval,
} from '../../src/base/index.ts';

describe('moments', () => {
  test('mean, variance and standard error of four numbers', () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(variance([1, 2, 3, 6])).toBeCloseTo(14 / 3, 14);
    expect(standardError([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 12), 14);
  });

  test('the variance keeps its digits beside a large mean', () => {
    expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
  });

  test('too few values give NaN', () => {
    expect([mean([]), variance([1]), standardError([1]), quantile([], 0.5)]).toEqual(Array(4).fill(Number.NaN));
  });
});

describe('quantile', () => {
  test('interpolates between the order statistics and leaves the values alone', () => {
    const values = [40, 10, 30, 20];
    const quantiles = [0, 0.25, 0.5, 0.9, 1].map((fraction) => quantile(values, fraction));
    expect(quantiles).toEqual([10, 17.5, 25, 37, 40]);
    expect(values).toEqual([40, 10, 30, 20]);
  });

  test('sorts by value, not by text, and refuses fractions beyond 1', () => {
    expect(quantile([10, 9, -1], 0.5)).toBe(9);
    expect(() => quantile([1], 1.5)).toThrow(AssertionFailure);
  });
});

describe('wilsonInterval', () => {
  test('matches the textbook for 8 of 10, 0 of 10 and 10 of 10', () => {
    expect(wilsonInterval(8, 10).low).toBeCloseTo(0.4902, 4);
    expect(wilsonInterval(8, 10).high).toBeCloseTo(0.9433, 4);
    expect(wilsonInterval(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.2775, 4) });
    expect(wilsonInterval(10, 10)).toEqual({ low: expect.closeTo(0.7225, 4), high: 1 });
  });

  test('widens with z, and knows nothing without trials', () => {
    const narrow = wilsonInterval(30, 60, 1);
    const wide = wilsonInterval(30, 60, 2.576);
    expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low);
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(2, 1)).toThrow(AssertionFailure);
  });
});

describe('normalQuantile', () => {
  test('matches tables from the middle to the far tails', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.8413447460685429)).toBeCloseTo(1, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 13);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 13);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.26234008979841, 13);
  });

  test('refuses 0, 1 and beyond', () => {
    for (const probability of [0, 1, -1, 2, Number.NaN]) {
      expect(() => normalQuantile(probability)).toThrow(AssertionFailure);
    }
  });
});

describe('bootstrapInterval', () => {
  const random = new RandomStream(5, 'sample');
  const values = Float64Array.from({ length: 200 }, () => random.normal());

  test('is close to the normal interval for a mean, and around the value of the sample', () => {
    const { value, low, high } = bootstrapInterval(values, mean);
    expect(value).toBe(mean(values));
    const half = 1.96 * standardError(values);
    expect(Math.abs(low - (value - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (value + half))).toBeLessThan(0.1 * half);
  });

  test('repeats with the same seed, moves with another, and widens with confidence', () => {
    const first = bootstrapInterval(values, mean, { seed: 1 });
    expect(bootstrapInterval(values, mean, { seed: 1 })).toEqual(first);
    expect(bootstrapInterval(values, mean, { seed: 2 })).not.toEqual(first);
    const wide = bootstrapInterval(values, mean, { seed: 1, confidence: 0.99 });
    expect(wide.low).toBeLessThan(first.low);
    expect(wide.high).toBeGreaterThan(first.high);
  });

  test('holds the true mean about as often as it says', () => {
    const samples = 300;
    let held = 0;
    for (let index = 0; index < samples; index++) {
      const sample = Float64Array.from({ length: 40 }, () => random.normal());
      const { low, high } = bootstrapInterval(sample, mean, { seed: index, resamples: 200, confidence: 0.9 });
      if (low <= 0 && high >= 0) held++;
    }
    expect(held / samples).toBeGreaterThan(0.82);
    expect(held / samples).toBeLessThan(0.96);
  });

  test('refuses an empty sample and a confidence of 1', () => {
    expect(() => bootstrapInterval([], mean)).toThrow(AssertionFailure);
    expect(() => bootstrapInterval([1], mean, { confidence: 1 })).toThrow(AssertionFailure);
  });
});

describe('pairedDifferenceInterval', () => {
  test('sees a constant difference that the spread of the values would hide', () => {
    const second = [1, 100, 3, 1000];
    const first = second.map((value) => value + 2);
    expect(pairedDifferenceInterval(first, second)).toEqual({ value: 2, low: 2, high: 2 });
  });

  test('is negative when the first is smaller, and refuses unequal lengths', () => {
    const { value, high } = pairedDifferenceInterval([1, 2, 3, 4], [3, 3, 5, 6]);
    expect(value).toBe(-1.75);
    expect(high).toBeLessThan(0);
    expect(() => pairedDifferenceInterval([1], [1, 2])).toThrow(AssertionFailure);
  });
});

describe('spearman', () => {
  test('is 1 for any increasing relation and -1 for any decreasing one', () => {
    expect(spearman([1, 2, 3, 4], [1, 8, 27, 1000])).toBe(1);
    expect(spearman([4, 3, 2, 1], [1, 8, 27, 1000])).toBe(-1);
  });

  test('gives ties their mean rank', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5, squares 4.5 and 5.
    expect(spearman([10, 20, 20, 40], [1, 3, 2, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 14);
  });

  test('is NaN when one side is constant', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  });
});
