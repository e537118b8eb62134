/** Probes: tasks whose right values and choices are known, each of which isolates one thing a learner can get wrong. */
import { describe, expect, test } from 'vitest';
import type { NeuralAgent } from '../../src/policies/index.ts';
import { judge, meanReturn, trainAlone } from '../support/learning.ts';

const GAMMA = 0.9;
const sizes = {
  environments: 8,
  shards: 2,
  gradientShards: 1,
  rolloutSteps: 32,
  // Values are compared as they are, so nothing is scaled.
  normaliseObservations: false,
  network: { encoderUnits: 16, embeddingUnits: 8, headUnits: 16, valueUnits: 16 },
};
const role = {
  discount: GAMMA,
  learningRate: 1e-2,
  learningRateEnd: 1e-3,
  minibatch: 64,
  klTarget: null,
  scaleRewards: false,
  gradientNormMax: 10,
};

interface Changes {
  readonly options?: object;
  readonly steps?: number;
  readonly forcedShare?: number;
  readonly role?: object;
}

function train(
  name: string,
  { options = {}, steps = 5120, role: own = {}, ...rest }: Changes = {},
): Promise<NeuralAgent> {
  return trainAlone({ name, options }, { ...sizes, ...rest, steps, role: { ...role, ...own } });
}

function expectNear(actual: number, expected: number, tolerance: number): void {
  expect(actual).toBeGreaterThan(expected - tolerance);
  expect(actual).toBeLessThan(expected + tolerance);
}

// With one action every step is forced; with two that do the same, every step is a choice.
describe.each([1, 2])('values learned with %i action(s)', (actions) => {
  const learned = (name: string, changes: Changes = {}) =>
    train(name, { options: { actions }, forcedShare: 1, ...changes });

  test('are the reward where there is but one', async () => {
    const agent = await learned('constant', { steps: 2560 });
    expectNear(judge(agent, [1]).value, 1, 0.05);
  });

  test('follow what is seen', async () => {
    const agent = await learned('observed', { steps: 2560 });
    expectNear(judge(agent, [1]).value, 1, 0.1);
    expectNear(judge(agent, [-1]).value, -1, 0.1);
  });

  test('are discounted once for each step to the reward', async () => {
    const agent = await learned('delayed', { role: { discount: 0.5 } });
    expectNear(judge(agent, [0]).value, 0.5, 0.05);
    expectNear(judge(agent, [1]).value, 1, 0.05);
  });

  test('go on beyond the cut of an episode', async () => {
    // 1 / (1 - 0.9) is 10; an end after ten steps would leave 6 on average.
    expectNear(judge(await learned('endless', { steps: 12_800 }), [1]).value, 10, 0.7);
  });

  test('go on beyond a cut from what was seen there, not from what the next episode begins with', async () => {
    const agent = await learned('climb', { steps: 12_800 });
    const top = 1 / (1 - GAMMA);
    expectNear(judge(agent, [1]).value, top, 0.8);
    expectNear(judge(agent, [0]).value, top * GAMMA ** 4, 0.8);
  });
});

describe('choices learned', () => {
  test('are those that pay, whatever is seen', async () => {
    const { chances } = judge(await train('rewarded-action'), [1]);
    expect(chances[1]).toBeGreaterThan(0.9);
  });

  test('stay open where that is worth more than any reward', async () => {
    const { chances } = judge(
      await train('rewarded-action', { role: { entropyWeight: 10, entropyWeightEnd: 10 } }),
      [1],
    );
    expectNear(chances[1]!, 0.5, 0.1);
  });

  test('are those that fit what is seen', async () => {
    const agent = await train('matched-action');
    expect(judge(agent, [1]).chances[1]).toBeGreaterThan(0.9);
    expect(judge(agent, [-1]).chances[0]).toBeGreaterThan(0.9);
  });

  test('pay most in the mean, where each arm pays by chance', async () => {
    const agent = await train('bandit', { options: { arms: 4 }, steps: 10_240 });
    const { value, chances } = judge(agent, [1]);
    expect(chances[3]).toBeGreaterThan(0.8);
    expectNear(value, 0.8, 0.1);
  });

  test('are drawn by shares where no single choice is best', async () => {
    const agent = await train('mixed-actions', {
      steps: 20_480,
      role: { discount: 0.5, learningRate: 3e-3, learningRateEnd: 1e-4 },
    });
    expectNear(judge(agent, [1]).chances[1]!, 0.75, 0.1);
  });

  test('weigh a reward against the time its step takes', async () => {
    const { value, chances } = judge(await train('uneven-steps', { steps: 10_240 }), [1]);
    expect(chances[0]).toBeGreaterThan(0.9);
    expectNear(value, 0.6 / (1 - GAMMA), 0.6);
  });

  test.each([
    { discount: 0.9, right: 1, value: 0.9 ** 3 },
    { discount: 0.7, right: 0, value: 0.5 },
  ])('look through steps without a choice, discounted by $discount', async ({ discount, right, value }) => {
    const agent = await train('forced-wait', { role: { discount } });
    const judged = judge(agent, [0]);
    expect(judged.chances[right]).toBeGreaterThan(0.9);
    expectNear(judged.value, value, 0.1);
  });

  test('find a reward that only the right five in a row earn', async () => {
    const agent = await train('password', { steps: 10_240, role: { discount: 0.99 } });
    expect(meanReturn(agent, { name: 'password', options: {} }, 1)).toBe(1);
  });

  test('are no better than chance where only memory would help', async () => {
    const agent = await train('memory');
    expectNear(meanReturn(agent, { name: 'memory', options: {} }, 200), 0.5, 0.12);
  });
});
