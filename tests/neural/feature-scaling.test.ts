/** Scaling of features: the formula, its limits, and that it touches nothing else. */
import { describe, expect, it } from 'vitest';
import { SCALED_MAX, scaleRows } from '../../src/neural/index.ts';

const scaling = { means: Float32Array.of(1, -2), factors: Float32Array.of(2, 0.5) };

describe('feature scaling', () => {
  it('subtracts the mean and multiplies with the factor, row by row', () => {
    const source = Float32Array.of(9, 9, 1, -2, 3, 2);
    const target = new Float32Array(7).fill(7);
    scaleRows(source, target, scaling, { sourceStart: 2, targetStart: 1, rows: 2 });
    expect([...target]).toEqual([7, 0, 0, 4, 2, 7, 7]);
  });

  it('limits what lies far outside', () => {
    const target = new Float32Array(2);
    scaleRows(Float32Array.of(1e6, -1e6), target, scaling, { sourceStart: 0, targetStart: 0, rows: 1 });
    expect([...target]).toEqual([SCALED_MAX, -SCALED_MAX]);
  });
});
