/** Central differences of the double-precision reference: what gradients are held against. */
import { expect } from 'vitest';
import { type NetworkShape, type PpoBatch, type PpoLossSettings, parameterTable } from '../../src/neural/index.ts';
import { referenceLoss } from './reference-network.ts';

/** A loss to differentiate, and where. */
export interface LossPoint {
  readonly shape: NetworkShape;
  readonly weights: Float32Array;
  readonly batch: PpoBatch;
  readonly loss: PpoLossSettings;
  readonly divisor: number;
}

/** By what they are the differences of: they take longer than all gradients, and are the same for every backend. */
const known = new Map<string, Float64Array>();

/** The gradient of the reference loss by all parameters. */
export function differences(point: LossPoint): Float64Array {
  const key = JSON.stringify(point);
  const result = known.get(key) ?? compute(point);
  known.set(key, result);
  return result;
}

function compute({ shape, weights, batch, loss, divisor }: LossPoint): Float64Array {
  const step = 1e-5;
  const moved = Float64Array.from(weights);
  return moved.map((weight, index) => {
    moved[index] = weight + step;
    const above = referenceLoss(shape, moved, batch, loss, divisor);
    moved[index] = weight - step;
    const below = referenceLoss(shape, moved, batch, loss, divisor);
    moved[index] = weight;
    return (above - below) / (2 * step);
  });
}

/** Checks the largest error of each parameter group, relative to the group's largest gradient. */
export function expectCloseInEveryGroup(shape: NetworkShape, gradients: Float32Array, expected: Float64Array): void {
  for (const { name, offset, rows, columns } of parameterTable(shape)) {
    let largest = 0;
    let error = 0;
    for (let index = offset; index < offset + rows * columns; index++) {
      largest = Math.max(largest, Math.abs(expected[index]!));
      error = Math.max(error, Math.abs(gradients[index]! - expected[index]!));
    }
    expect(error / largest, name).toBeLessThan(2e-5);
  }
}
