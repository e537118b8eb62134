/** Observations and rewards are scaled by what has been seen, each once. */
import { describe, expect, test } from 'vitest';
import { parseTrainSettings, Trainer } from '../../src/learn/index.ts';
import { judge, trainAlone } from '../support/learning.ts';

const single = { environments: 1, shards: 1, gradientShards: 1, rolloutSteps: 100, steps: 100_000 };
const still = { learningRate: 1e-12, learningRateEnd: 0 };

function trainer(name: string, settings: object = {}, options: object = {}): Trainer {
  return new Trainer({ task: { name, options }, settings: parseTrainSettings({ ...single, ...settings }) });
}

describe('features', () => {
  test('are scaled by their mean and deviation from the second iteration on', async () => {
    const subject = trainer('delayed');
    const { means, factors } = subject.learners[0]!.vector.components;
    expect([means[0], factors[0]]).toEqual([0, 1]);
    await subject.iterate();
    // The state is 0 in half of the steps and 1 in the other half.
    expect(means[0]).toBeCloseTo(0.5, 2);
    expect(factors[0]).toBeCloseTo(2, 2);
  });

  test('keep their scaling once it has been learned', async () => {
    const subject = trainer('cart-pole', { normaliseSteps: 150 });
    const scalings: Float32Array[] = [];
    for (let iteration = 0; iteration < 4; iteration++) {
      await subject.iterate();
      scalings.push(subject.learners[0]!.vector.components.factors.slice());
    }
    expect(scalings[1]).not.toEqual(scalings[0]);
    expect(scalings[3]).toEqual(scalings[1]);
  });

  test('that hardly vary are left nearly as they are', async () => {
    const subject = trainer('constant', { deviationMin: 0.5 });
    await subject.iterate();
    expect(subject.learners[0]!.vector.components.factors[0]).toBeCloseTo(2, 5);
  });
});

describe('rewards', () => {
  test('are divided by the deviation of the discounted returns within episodes', async () => {
    const discount = 0.9;
    const report = await trainer('endless', { role: { ...still, discount } }).iterate();
    const returns = Array.from({ length: 10 }, (_, step) => (1 - discount ** (step + 1)) / (1 - discount));
    const mean = returns.reduce((sum, value) => sum + value) / 10;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 10;
    expect(report.rewardScale).toBeCloseTo(1 / Math.sqrt(variance), 4);
  });

  test('are left as they are when the settings say so', async () => {
    const report = await trainer('endless', { role: { ...still, scaleRewards: false } }).iterate();
    expect(report.rewardScale).toBe(1);
  });

  test('are scaled once, so that values are those of scaled rewards', async () => {
    const task = { name: 'observed', options: { reward: 20 } };
    const role = { learningRate: 1e-2, learningRateEnd: 1e-3, minibatch: 64, klTarget: null };
    const sizes = { environments: 8, shards: 2, rolloutSteps: 32, normaliseObservations: false };
    const agent = await trainAlone(task, { ...sizes, steps: 2560, role });
    // Rewards of 20 and -20 have a deviation of 20.
    expect(judge(agent, [1]).value).toBeCloseTo(1, 0);
    expect(judge(agent, [-1]).value).toBeCloseTo(-1, 0);
  });
});
