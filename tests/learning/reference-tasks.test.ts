/** Learning tasks with published figures, learned in full: `npm run test:learning`. */
import { describe, expect, test } from 'vitest';
import { meanReturn, trainAlone } from '../support/learning.ts';

const alone = { environments: 8, shards: 2, gradientShards: 1 };
const noEntropy = { entropyWeight: 0, entropyWeightEnd: 0, klTarget: null };

describe('the learner', () => {
  test.each([1, 2, 3, 4, 5])('solves CartPole (475 of 500) within 100,000 steps, seed %i', async (seed) => {
    const task = { name: 'cart-pole', options: {} };
    const role = { ...noEntropy, discount: 0.98, lambda: 0.8, learningRate: 1e-3, learningRateEnd: 0, minibatch: 256 };
    const sizes = { ...alone, rolloutSteps: 32, normaliseSteps: 10_000 };
    const agent = await trainAlone(task, { ...sizes, seed, steps: 100_000, role: { ...role, epochs: 20 } });
    expect(meanReturn(agent, task, 20)).toBeGreaterThanOrEqual(475);
  });

  test.each([1, 2, 3])('solves Acrobot (-100) within 500,000 steps, seed %i', async (seed) => {
    const task = { name: 'acrobot', options: {} };
    const role = { ...noEntropy, discount: 0.99, lambda: 0.94, learningRate: 1e-3, learningRateEnd: 0, minibatch: 256 };
    const sizes = { environments: 16, shards: 2, gradientShards: 1, rolloutSteps: 128, normaliseSteps: 50_000 };
    const agent = await trainAlone(task, { ...sizes, seed, steps: 500_000, role: { ...role, epochs: 4 } });
    expect(meanReturn(agent, task, 50)).toBeGreaterThanOrEqual(-100);
  });

  test.each([1, 2, 3, 4, 5])('names one of four states after 1,200 steps, seed %i', async (seed) => {
    const task = { name: 'identity', options: { states: 4, invalid: 0 } };
    const role = { ...noEntropy, discount: 0.4, lambda: 0, learningRate: 3e-3, learningRateEnd: 3e-3, minibatch: 40 };
    const settings = { ...alone, seed, steps: 1200, rolloutSteps: 10, normaliseSteps: 1200 };
    const agent = await trainAlone(task, { ...settings, role: { ...role, epochs: 10, clipRange: 0.5 } });
    expect(meanReturn(agent, task, 20)).toBeGreaterThanOrEqual(90);
  });

  test.each([1, 2, 3])(
    'picks the right one of 80 actions, 60 masked out at random, after 5,000 steps, seed %i',
    async (seed) => {
      const task = { name: 'identity', options: { states: 80, invalid: 60 } };
      const role = { ...noEntropy, discount: 0.4, lambda: 0, learningRate: 3e-3, learningRateEnd: 3e-3, minibatch: 64 };
      const settings = { ...alone, seed, steps: 4992, rolloutSteps: 208, normaliseSteps: 5000 };
      const agent = await trainAlone(task, { ...settings, role: { ...role, epochs: 15, clipRange: 0.3 } });
      expect(meanReturn(agent, task, 20)).toBeGreaterThanOrEqual(90);
    },
  );
});
