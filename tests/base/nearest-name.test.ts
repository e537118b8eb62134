/** Which mistyped names find what was meant. */
import { expect, test } from 'vitest';
import { nearestName } from '../../src/base/index.ts';

const names = ['train', 'run', 'replay', 'benchmark', 'recommendation'];

test.each([
  ['trian', 'train'],
  ['rpelay', 'replay'],
  ['bench-mark', 'benchmark'],
  ['Recomendations', 'recommendation'],
  ['ru', 'run'],
])('%s is taken for %s', (typed, meant) => {
  expect(nearestName(typed, names)).toBe(meant);
});

test('a name unlike all others has no nearest one', () => {
  expect(nearestName('xyz', names)).toBeUndefined();
  expect(nearestName('kubernetes', names)).toBeUndefined();
});

test('two letters swapped count as one mistake', () => {
  expect(nearestName('urn', ['urban', 'run'])).toBe('run');
});
