/** Orthogonal initial weights: they neither grow nor shrink what passes through a layer. */
import { RandomStream, sqrt } from '../base/index.ts';
import type { NetworkShape } from './backend.ts';
import { type ParameterGroup, parameterCount, parameterTable } from './parameter-table.ts';

/** Weights of an untrained network: orthogonal matrices, biases 0; the same seed gives the same bits. */
export function initialWeights(shape: NetworkShape, seed: number): Float32Array {
  return orthogonalWeights(parameterTable(shape), seed);
}

/** The same for any parameter table; each group draws from a random stream of its own name. */
export function orthogonalWeights(table: readonly ParameterGroup[], seed: number): Float32Array {
  const weights = new Float32Array(parameterCount(table));
  for (const group of table) {
    if (group.gain !== 0) weights.set(orthogonalMatrix(group, new RandomStream(seed, group.name)), group.offset);
  }
  return weights;
}

/** Rows, or columns if there are fewer of them, are orthogonal and of length `gain`. */
function orthogonalMatrix(group: ParameterGroup, stream: RandomStream): Float32Array {
  const { rows, columns, gain } = group;
  const byRow = rows <= columns;
  const vectors = orthonormalVectors(Math.min(rows, columns), Math.max(rows, columns), stream);
  const matrix = new Float32Array(rows * columns);
  for (const [index, vector] of vectors.entries()) {
    for (let at = 0; at < vector.length; at++) {
      matrix[byRow ? index * columns + at : at * columns + index] = gain * vector[at]!;
    }
  }
  return matrix;
}

/** Gram-Schmidt on normal vectors, twice, as once leaves rounding errors behind. */
function orthonormalVectors(count: number, length: number, stream: RandomStream): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => stream.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) addScaled(vector, other, -innerProduct(vector, other));
    }
    const norm = sqrt(innerProduct(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  return vectors;
}

function innerProduct(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += left[at]! * right[at]!;
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let at = 0; at < target.length; at++) target[at]! += factor * source[at]!;
}
