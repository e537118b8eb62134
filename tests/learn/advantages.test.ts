/** Advantages against recursions written out by hand. */
import { describe, expect, test } from 'vitest';
import { type AdvantageArrays, estimateAdvantages, STEP } from '../../src/learn/index.ts';

const GAMMA = 0.9;
const LAMBDA = 0.8;

/** Four steps of one environment with values 1, 2, 3, 4, the value 5 behind them and rewards 10, 20, 30, 40. */
function fourSteps(changes: Partial<Record<keyof AdvantageArrays, readonly number[]>> = {}): AdvantageArrays {
  const floats = (name: keyof AdvantageArrays, plain: readonly number[]) => Float32Array.from(changes[name] ?? plain);
  const bytes = (name: keyof AdvantageArrays, plain: readonly number[]) => Uint8Array.from(changes[name] ?? plain);
  return {
    kinds: bytes('kinds', [STEP.choice, STEP.choice, STEP.choice, STEP.choice]),
    rewards: floats('rewards', [10, 20, 30, 40]),
    values: floats('values', [1, 2, 3, 4, 5]),
    discounts: floats('discounts', [GAMMA, GAMMA, GAMMA, GAMMA]),
    terminated: bytes('terminated', [0, 0, 0, 0]),
    truncated: bytes('truncated', [0, 0, 0, 0]),
    finalValues: floats('finalValues', [0, 0, 0, 0]),
    advantages: new Float32Array(4),
    returns: new Float32Array(4),
  };
}

function estimate(arrays: AdvantageArrays, rewardScale = 1): AdvantageArrays {
  estimateAdvantages(arrays, { start: 0, stride: 1, steps: 4 }, { lambda: LAMBDA, rewardScale });
  return arrays;
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 3);
}

describe('advantages', () => {
  test('are the discounted sums of temporal differences', () => {
    const { advantages, returns } = estimate(fourSteps());
    const d3 = 40 + GAMMA * 5 - 4;
    const d2 = 30 + GAMMA * 4 - 3 + GAMMA * LAMBDA * d3;
    const d1 = 20 + GAMMA * 3 - 2 + GAMMA * LAMBDA * d2;
    const d0 = 10 + GAMMA * 2 - 1 + GAMMA * LAMBDA * d1;
    expectClose(advantages, [d0, d1, d2, d3]);
    expectClose(returns, [d0 + 1, d1 + 2, d2 + 3, d3 + 4]);
  });

  test('stop at a natural end, where nothing of value follows', () => {
    const { advantages } = estimate(fourSteps({ terminated: [0, 1, 0, 0], finalValues: [9, 9, 9, 9] }));
    const d1 = 20 - 2;
    expectClose(advantages, [10 + GAMMA * 2 - 1 + GAMMA * LAMBDA * d1, d1]);
  });

  test('take the value of the final observation where an episode was cut', () => {
    const { advantages } = estimate(fourSteps({ truncated: [0, 1, 0, 0], finalValues: [0, 7, 0, 0] }));
    const d1 = 20 + GAMMA * 7 - 2;
    expectClose(advantages, [10 + GAMMA * 2 - 1 + GAMMA * LAMBDA * d1, d1]);
  });

  test('an endless task that is cut has the advantages of one that is not', () => {
    // Reward 1 for ever is worth 1 / (1 - gamma); a cut must not look like a loss.
    const worth = 1 / (1 - GAMMA);
    const steady = { rewards: [1, 1, 1, 1], values: [worth, worth, worth, worth, worth] };
    const cut = estimate(fourSteps({ ...steady, truncated: [0, 0, 1, 0], finalValues: [0, 0, worth, 0] }));
    expectClose(cut.advantages, [0, 0, 0, 0]);
    const ended = estimate(fourSteps({ ...steady, terminated: [0, 0, 1, 0] }));
    expect(ended.advantages[2]).toBeCloseTo(1 - worth, 3);
  });

  test('discount each step by its own length, in the difference and in the sum', () => {
    const { advantages } = estimate(fourSteps({ discounts: [GAMMA, GAMMA ** 3, GAMMA, GAMMA ** 0.5] }));
    const d3 = 40 + GAMMA ** 0.5 * 5 - 4;
    const d2 = 30 + GAMMA * 4 - 3 + GAMMA * LAMBDA * d3;
    const d1 = 20 + GAMMA ** 3 * 3 - 2 + GAMMA ** 3 * LAMBDA * d2;
    expectClose(advantages.subarray(1), [d1, d2, d3]);
  });

  test('count steps without a choice to the decision before them', () => {
    const { advantages, returns } = estimate(
      fourSteps({ kinds: [STEP.choice, STEP.forced, STEP.valueOnly, STEP.choice] }),
    );
    const d3 = 40 + GAMMA * 5 - 4;
    const reward = 10 + GAMMA * 20 + GAMMA ** 2 * 30;
    const d0 = reward + GAMMA ** 3 * 4 - 1 + GAMMA ** 3 * LAMBDA * d3;
    expectClose(advantages, [d0, 0, 0, d3]);
    // What a state without a choice is worth: its reward, then the decision that follows.
    expect(returns[2]).toBeCloseTo(30 + GAMMA * (4 + LAMBDA * d3), 3);
  });

  test('scale rewards, not values', () => {
    const { advantages } = estimate(fourSteps(), 0.1);
    expect(advantages[3]).toBeCloseTo(4 + GAMMA * 5 - 4, 5);
  });

  test('leave other environments between the strides alone', () => {
    const arrays = fourSteps();
    estimateAdvantages(arrays, { start: 1, stride: 2, steps: 1 }, { lambda: LAMBDA, rewardScale: 1 });
    expectClose(arrays.advantages, [0, 20 + GAMMA * 4 - 2, 0, 0]);
  });
});
