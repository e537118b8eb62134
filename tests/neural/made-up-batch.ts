/** Random but fixed batches and weights for the tests of neural/. */
import { RandomStream } from '../../src/base/index.ts';
import {
  type ComponentGraph,
  choicesPerRow,
  componentGraph,
  type NetworkShape,
  type PpoBatch,
  parameterCount,
  parameterTable,
} from '../../src/neural/index.ts';

/** Sizes that are no multiples of what the kernels compute at a time. */
export const oddShape: NetworkShape = {
  componentFeatures: 5,
  clusterFeatures: 3,
  criticFeatures: 2,
  verbs: 3,
  encoderUnits: 7,
  embeddingUnits: 6,
  headUnits: 9,
  valueUnits: 10,
};

/** The same with a message layer. */
export const messageShape: NetworkShape = { ...oddShape, messages: true };

/** The same with a memory. */
export const memoryShape: NetworkShape = { ...oddShape, memoryUnits: 5 };

/** Random dependencies among `count` components, up to three each; some have none. */
export function madeUpGraph(count: number, seed: number): ComponentGraph {
  const stream = new RandomStream(seed, 'made-up-graph');
  const dependents: number[][] = Array.from({ length: count }, () => []);
  const dependencies = dependents.map((_, component) => {
    const list = [...new Set(Array.from({ length: stream.integer(4) }, () => stream.integer(count)))];
    for (const other of list) dependents[other]!.push(component);
    return list;
  });
  return componentGraph({ dependencies, dependents });
}

/** Two graphs for every number of components, and which of them each row has. */
export function madeUpGraphs(counts: Int32Array, componentsMax: number): Pick<PpoBatch, 'graphs' | 'graphOf'> {
  const graphs = Array.from({ length: 2 * componentsMax }, (_, at) => madeUpGraph(1 + (at >> 1), at));
  return { graphs, graphOf: counts.map((count, row) => 2 * (count - 1) + (row % 2)) };
}

function madeUpMemories(count: number): Float32Array {
  const stream = new RandomStream(count, 'made-up-memories');
  return Float32Array.from({ length: count }, () => 2 * stream.uniform() - 1);
}

/** A batch with clusters of 1 to `componentsMax` components, some choices illegal and values at any distance. */
export function madeUpBatch(
  shape: NetworkShape,
  size: { rows: number; componentsMax: number; countsMax?: number },
  seed: number,
): PpoBatch & { referenceLogits: Float32Array; weights: Float32Array } {
  const { rows, componentsMax } = size;
  const stream = new RandomStream(seed, 'made-up-batch');
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => stream.normal());
  const choices = choicesPerRow(shape, componentsMax);
  const counts = Int32Array.from({ length: rows }, () => 1 + stream.integer(size.countsMax ?? componentsMax));
  const mask = Uint8Array.from({ length: rows * choices }, () => (stream.uniform() < 0.4 ? 1 : 0));
  const chosen = counts.map((count) => stream.integer(choicesPerRow(shape, count)));
  for (const [row, choice] of chosen.entries()) mask[row * choices + choice] = 1;
  return {
    size: rows,
    componentsMax,
    counts,
    components: normals(rows * componentsMax * shape.componentFeatures),
    cluster: normals(rows * shape.clusterFeatures),
    critic: normals(rows * shape.criticFeatures),
    mask,
    choices: chosen,
    oldLogProbabilities: Float32Array.from({ length: rows }, () => -2 + 0.5 * stream.normal()),
    advantages: normals(rows),
    returns: normals(rows),
    oldValues: normals(rows),
    referenceLogits: normals(rows * choices),
    weights: Float32Array.from({ length: rows }, () => stream.uniform()),
    ...(shape.messages === true ? madeUpGraphs(counts, componentsMax) : {}),
    ...(shape.memoryUnits === undefined ? {} : { memories: madeUpMemories(rows * shape.memoryUnits) }),
  };
}

/** Weights large enough to bend every tanh. */
export function madeUpWeights(shape: NetworkShape, seed: number): Float32Array {
  const stream = new RandomStream(seed, 'made-up-weights');
  return Float32Array.from({ length: parameterCount(parameterTable(shape)) }, () => 0.5 * stream.normal());
}
