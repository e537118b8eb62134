/** How a seat plays a failure script. */
import { expect, test } from 'vitest';
import { ScriptPolicy } from '../../../src/learn/index.ts';

/** Choices over the steps, when in each step only these are legal. */
function choices(policy: ScriptPolicy, legal: readonly (readonly number[])[]): number[] {
  const none = new Float32Array(0);
  return legal.map((allowed) => {
    const mask = Uint8Array.from({ length: 6 }, (_, choice) => (choice === 0 || allowed.includes(choice) ? 1 : 0));
    return policy.act({ components: none, cluster: none, critic: none, mask });
  });
}

const all = [1, 2, 3, 4, 5];

test('a script plays each fault at its step', () => {
  const policy = new ScriptPolicy([
    { step: 1, stepMax: 3, choice: 4 },
    { step: 3, stepMax: 5, choice: 2 },
  ]);
  expect(choices(policy, [all, all, all, all, all])).toEqual([0, 4, 0, 2, 0]);
});

test('a fault that is not legal is tried again, while others have their turn, and skipped in the end', () => {
  const policy = new ScriptPolicy([
    { step: 0, stepMax: 3, choice: 5 },
    { step: 1, stepMax: 3, choice: 2 },
    { step: 1, stepMax: 2, choice: 3 },
  ]);
  expect(choices(policy, [[], [2], [2], [2, 5], all])).toEqual([0, 2, 0, 5, 0]);
});

test('faults of one step follow each other', () => {
  const due = { step: 0, stepMax: 4 };
  const policy = new ScriptPolicy([
    { ...due, choice: 3 },
    { ...due, choice: 1 },
  ]);
  expect(choices(policy, [all, all, all])).toEqual([3, 1, 0]);
});
