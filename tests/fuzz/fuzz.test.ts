/** A seeded share of the nightly fuzz: random scenarios, faults and repairs on both engines, every check at every step. */
import { expect, test } from 'vitest';
import { runFuzz } from '../../src/validation/index.ts';

/** Failures with the command that plays each again and thins it out. */
function failuresOf(engine: 'flow' | 'request', episodes: number): string[] {
  const { failures } = runFuzz({ engine, firstSeed: 1, episodes });
  return failures.map(
    ({ seed, step, check, what }) =>
      `${check} (${what}) at step ${step}: npm run nightly -- --engine ${engine} --seed ${seed}`,
  );
}

test('whatever happens on the flow engine, every check holds in every step', () => {
  expect(failuresOf('flow', 120)).toEqual([]);
});

test('whatever happens on the request engine, every check holds in every step', () => {
  expect(failuresOf('request', 60)).toEqual([]);
});
