/** Conversions between seconds and the whole microseconds of simulated time. */
import { expect, test } from 'vitest';
import { AssertionFailure } from '../../src/base/index.ts';
import { MICROS_PER_SECOND, microsToSeconds, secondsToMicros } from '../../src/kernel/index.ts';

test('a second is a million microseconds, there and back', () => {
  expect(MICROS_PER_SECOND).toBe(1_000_000);
  expect(secondsToMicros(2.5)).toBe(2_500_000);
  expect(microsToSeconds(2_500_000)).toBe(2.5);
});

test('seconds round to the nearest microsecond', () => {
  expect(secondsToMicros(0.1 + 0.2)).toBe(300_000);
  expect(secondsToMicros(0.0000014)).toBe(1);
  expect(secondsToMicros(0.0000016)).toBe(2);
});

test('times that are not finite, or too large to be exact, are refused', () => {
  for (const seconds of [Number.NaN, Number.POSITIVE_INFINITY, 1e11]) {
    expect(() => secondsToMicros(seconds)).toThrow(AssertionFailure);
  }
});
