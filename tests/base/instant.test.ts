/** Moments in text, against the language's own calendar. */

import { expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../../src/base/index.ts';

test.each([
  '1970-01-01T00:00:00Z',
  '2026-11-22T10:21:09.832Z',
  '2024-02-29T23:59:59+02:00',
  '2000-03-01T00:00:00-05:30',
  '1969-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00Z',
])('%s is read as everybody reads it', (text) => {
  expect(parseInstant(text)).toBe(Date.parse(text));
});

test('moments over two centuries are written as everybody writes them, and read back', () => {
  for (let millis = Date.UTC(1900, 0, 1); millis < Date.UTC(2100, 0, 1); millis += 86_400_000 * 13.37) {
    const whole = Math.round(millis);
    expect(formatInstant(whole)).toBe(new Date(whole).toISOString());
    expect(parseInstant(formatInstant(whole))).toBe(whole);
  }
});

test.each([undefined, '', 'yesterday', '2026-11-22', '2026-11-22 10:21:09', '10:21'])('%s is no moment', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});
