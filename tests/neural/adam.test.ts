/** The optimizer against steps computed by hand, and clipping by global norm. */
import { describe, expect, it } from 'vitest';
import { Adam, clipGlobalNorm } from '../../src/neural/index.ts';

describe('Adam', () => {
  it('takes the steps one computes by hand', () => {
    const adam = new Adam(2, { beta1: 0.9, beta2: 0.99, epsilon: 0.1 });
    const weights = Float32Array.of(1, -1);
    adam.step(weights, Float32Array.of(2, 0), 0.5);
    // Corrected mean 2, corrected square 4.
    expect(weights[0]).toBeCloseTo(1 - (0.5 * 2) / (2 + 0.1), 6);
    expect(weights[1]).toBe(-1);

    adam.step(weights, Float32Array.of(-1, 1), 0.25);
    // Means 0.9 x 0.2 - 0.1 = 0.08 and 0.1 over 0.19; squares 0.99 x 0.04 + 0.01 = 0.0496 and 0.01 over 0.0199.
    const first = 0.08 / 0.19 / (Math.sqrt(0.0496 / 0.0199) + 0.1);
    const second = 0.1 / 0.19 / (Math.sqrt(0.01 / 0.0199) + 0.1);
    expect(weights[0]).toBeCloseTo(1 - (0.5 * 2) / 2.1 - 0.25 * first, 6);
    expect(weights[1]).toBeCloseTo(-1 - 0.25 * second, 6);
  });

  it('has the epsilon of PPO unless told otherwise', () => {
    const weights = Float32Array.of(0);
    new Adam(1).step(weights, Float32Array.of(1e-5), 1);
    expect(weights[0]).toBeCloseTo(-0.5, 5);
  });

  it('continues from a saved state to the same bits', () => {
    const gradients = (step: number) => Float32Array.of(Math.sin(step), Math.cos(3 * step));
    const whole = new Adam(2);
    const weights = Float32Array.of(0.3, 0.4);
    for (let step = 0; step < 5; step++) whole.step(weights, gradients(step), 1e-2);
    const saved = whole.save();
    const copy = weights.slice();
    for (let step = 5; step < 9; step++) whole.step(weights, gradients(step), 1e-2);

    const resumed = new Adam(2);
    resumed.load(saved);
    for (let step = 5; step < 9; step++) resumed.step(copy, gradients(step), 1e-2);
    expect(copy).toEqual(weights);
    expect(resumed.save()).toEqual(whole.save());
  });
});

describe('clipping by global norm', () => {
  it('shortens long gradients to the limit and tells their length', () => {
    const gradients = Float32Array.of(3, 0, -4);
    expect(clipGlobalNorm(gradients, 2.5)).toBe(5);
    expect([...gradients]).toEqual([1.5, 0, -2]);
  });

  it('leaves short gradients alone', () => {
    const gradients = Float32Array.of(3, 0, -4);
    expect(clipGlobalNorm(gradients, 5)).toBe(5);
    expect([...gradients]).toEqual([3, 0, -4]);
  });
});
