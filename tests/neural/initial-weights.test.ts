/** Orthogonality and gains of untrained weights, and the table that says where they lie. */
import { describe, expect, it } from 'vitest';
import {
  clusterStateSize,
  criticStateSize,
  initialWeights,
  type NetworkShape,
  parameterGroup,
  parameterTable,
} from '../../src/neural/index.ts';
import { oddShape } from './made-up-batch.ts';

const shape: NetworkShape = { ...oddShape, componentFeatures: 20, encoderUnits: 16, headUnits: 24 };
const table = parameterTable(shape);
const weights = initialWeights(shape, 7);

/** Inner products of the rows of a matrix, or of its columns if there are fewer. */
function innerProducts(name: string): number[][] {
  const { rows, columns, offset } = parameterGroup(table, name);
  const byRow = rows <= columns;
  const count = byRow ? rows : columns;
  const length = byRow ? columns : rows;
  const at = (vector: number, index: number) =>
    weights[offset + (byRow ? vector * columns + index : index * columns + vector)]!;
  return Array.from({ length: count }, (_, left) =>
    Array.from({ length: count }, (_, right) => {
      let sum = 0;
      for (let index = 0; index < length; index++) sum += at(left, index) * at(right, index);
      return sum;
    }),
  );
}

function expectOrthogonal(name: string, gain: number): void {
  for (const [left, products] of innerProducts(name).entries()) {
    for (const [right, product] of products.entries()) {
      expect(product / (gain * gain), name).toBeCloseTo(left === right ? 1 : 0, 5);
    }
  }
}

describe('initial weights', () => {
  it('are orthogonal with gain sqrt 2 in hidden layers', () => {
    const hidden = ['encoder.first', 'encoder.second', 'head.hidden', 'noop.hidden', 'value.first', 'value.second'];
    for (const layer of hidden) expectOrthogonal(`${layer}.weights`, Math.SQRT2);
  });

  it('are small in the policy outputs and of gain 1 in the value output', () => {
    expectOrthogonal('head.verbs.weights', 0.01);
    expectOrthogonal('noop.output.weights', 0.01);
    expectOrthogonal('value.output.weights', 1);
  });

  it('have biases of 0', () => {
    for (const { name, offset, columns } of table) {
      if (!name.endsWith('.bias')) continue;
      expect(weights.slice(offset, offset + columns), name).toEqual(new Float32Array(columns));
    }
  });

  it('depend on the seed alone', () => {
    expect(initialWeights(shape, 7)).toEqual(weights);
    expect(initialWeights(shape, 8)).not.toEqual(weights);
  });
});

describe('the parameter table', () => {
  it('covers the flat vector without gap or overlap', () => {
    let end = 0;
    for (const { offset, rows, columns } of table) {
      expect(offset).toBe(end);
      end = offset + rows * columns;
    }
    expect(weights.length).toBe(end);
  });

  it('gives every layer the inputs its description names', () => {
    expect(clusterStateSize(shape)).toBe(6 + 6 + 3 + 1);
    expect(criticStateSize(shape)).toBe(20 + 20 + 3 + 2 + 1);
    expect(parameterGroup(table, 'head.hidden.weights').rows).toBe(6 + 16);
    expect(parameterGroup(table, 'value.first.weights').rows).toBe(46);
  });
});
