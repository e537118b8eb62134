/** The learner on tasks small enough to be mastered within a second. */
import { describe, expect, test } from 'vitest';
import { minibatchBounds, normaliseAdvantages, STEP } from '../../src/learn/index.ts';
import { meanReturn, trainAlone } from '../support/learning.ts';

const alone = { environments: 8, shards: 2, gradientShards: 1 };
const small = { encoderUnits: 32, embeddingUnits: 16, headUnits: 32, valueUnits: 32 };
const role = { discount: 0.4, klTarget: null, entropyWeight: 0, entropyWeightEnd: 0 };

describe('proximal policy optimisation', () => {
  test('learns to name the state it sees within 1,200 steps', async () => {
    const task = { name: 'identity', options: { states: 4, invalid: 0 } };
    const learning = { ...role, learningRate: 2e-3, learningRateEnd: 2e-3, minibatch: 60 };
    const agent = await trainAlone(task, { ...alone, steps: 1200, rolloutSteps: 30, role: learning });
    expect(meanReturn(agent, task, 20)).toBeGreaterThanOrEqual(90);
  });

  test('learns among 20 actions of which 15 are masked out at random within 2,500 steps', async () => {
    const task = { name: 'identity', options: { states: 20, invalid: 15 } };
    const learning = { ...role, lambda: 0, learningRate: 3e-3, learningRateEnd: 3e-3, minibatch: 64 };
    const agent = await trainAlone(task, { ...alone, steps: 2500, rolloutSteps: 64, role: learning });
    expect(meanReturn(agent, task, 10)).toBeGreaterThanOrEqual(90);
  });

  test('learns within 10,000 steps to balance a pole several times as long as by chance', async () => {
    const task = { name: 'cart-pole', options: {} };
    const learning = { discount: 0.98, lambda: 0.8, learningRateEnd: 0, minibatch: 256, epochs: 10, entropyWeight: 0 };
    const settings = { ...alone, steps: 10_000, rolloutSteps: 32, normaliseSteps: 5000, network: small };
    const agent = await trainAlone(task, { ...settings, role: { ...learning, entropyWeightEnd: 0 } });
    // By chance it stands 22 steps.
    expect(meanReturn(agent, task, 10)).toBeGreaterThanOrEqual(100);
  });
});

describe('minibatches', () => {
  test('cover all samples once, in parts of about the size asked for', () => {
    const bounds = minibatchBounds(1000, 300);
    expect(bounds).toEqual([
      { start: 0, end: 333 },
      { start: 333, end: 666 },
      { start: 666, end: 1000 },
    ]);
    expect(minibatchBounds(10, 300)).toEqual([{ start: 0, end: 10 }]);
    expect(minibatchBounds(0, 300)).toEqual([]);
  });

  test('have advantages of mean 0 and deviation 1 over their choices, and none elsewhere', () => {
    const advantages = Float32Array.of(5, 1, 100, 3, 7);
    const kinds = Uint8Array.of(STEP.choice, STEP.choice, STEP.valueOnly, STEP.choice, STEP.choice);
    const out = new Float32Array(5).fill(9);
    normaliseAdvantages({ advantages, kinds }, out, Int32Array.of(0, 1, 2, 3));
    const deviation = Math.sqrt(8 / 3);
    expect(out[0]).toBeCloseTo(2 / deviation, 5);
    expect(out[1]).toBeCloseTo(-2 / deviation, 5);
    expect(out[2]).toBe(0);
    expect(out[3]).toBeCloseTo(0, 5);
    expect(out[4]).toBe(9);
  });
});
