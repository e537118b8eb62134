/** The reference environments keep the environment interface's promises. */
import { describe, expect, test } from 'vitest';
import { createTask } from '../../src/learn/index.ts';

const tasks = [
  { name: 'cart-pole', options: {} },
  { name: 'acrobot', options: {} },
  { name: 'identity', options: { states: 6, invalid: 3 } },
  { name: 'entities', options: { components: 4, features: 5, verbs: 3, legalVerbs: 2, episodeSteps: 9 } },
];

/** Plays the first legal choice of every role, and returns all that was seen. */
function play(task: (typeof tasks)[number], seed: number): number[] {
  const environment = createTask(task).createEnvironment({ first: 0, size: 1 });
  environment.resetOne(0, seed);
  const seen: number[] = [];
  while (environment.terminated[0] === 0 && environment.truncated[0] === 0) {
    const choices: Record<string, Int32Array> = {};
    for (const role of environment.roles) {
      const { components, mask } = environment.buffers[role]!;
      choices[role] = Int32Array.of(mask.lastIndexOf(1));
      seen.push(...components, ...mask);
    }
    environment.step(choices);
  }
  return seen;
}

describe.each(tasks)('the environment of $name', (task) => {
  test('is decided by its seed', () => {
    expect(play(task, 5)).toEqual(play(task, 5));
    expect(play(task, 5)).not.toEqual(play(task, 6));
  });

  test('refuses an illegal choice and a step after the end', () => {
    const environment = createTask(task).createEnvironment({ first: 0, size: 1 });
    environment.resetOne(0, 1);
    const choices = Object.fromEntries(environment.roles.map((role) => [role, Int32Array.of(10_000)]));
    expect(() => environment.step(choices)).toThrow(expect.objectContaining({ code: 'ACTION_INVALID' }));
  });
});

test('a pole that is pushed one way falls after some ten steps', () => {
  const environment = createTask({ name: 'cart-pole', options: {} }).createEnvironment({ first: 0, size: 1 });
  environment.resetOne(0, 1);
  let steps = 0;
  for (; environment.terminated[0] === 0; steps++) environment.step({ agent: Int32Array.of(2) });
  expect(steps).toBeGreaterThanOrEqual(8);
  expect(steps).toBeLessThanOrEqual(11);
});
