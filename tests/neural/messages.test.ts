/** The message layer: right, differentiated exactly, blind to the order of components, and only as far-sighted as one step. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ComponentGraph,
  type NeighbourLists,
  type ObservationBatch,
  type PolicyOutput,
  type PreparedBackend,
  parameterCount,
  parameterTable,
} from '../../src/neural/index.ts';
import { differences, expectCloseInEveryGroup } from './differences.ts';
import { everyBackend } from './every-backend.ts';
import { madeUpBatch, madeUpGraph, madeUpGraphs, madeUpWeights, messageShape, oddShape } from './made-up-batch.ts';
import { referenceForward } from './reference-network.ts';

const weights = madeUpWeights(messageShape, 1);
const loss = { clipRange: 0.2, valueClipRange: null, entropyWeight: 0.05, valueWeight: 0.5 };
const choicesOf = (batch: ObservationBatch) => 1 + batch.componentsMax * messageShape.verbs;

/** The backend under test. */
let prepared: PreparedBackend;

function backend(componentsMax: number) {
  const created = prepared.create(messageShape, { componentsMax });
  created.setWeights(weights);
  return created;
}

function outputs(batch: ObservationBatch): PolicyOutput {
  const out = { logits: new Float32Array(batch.size * choicesOf(batch)), values: new Float32Array(batch.size) };
  backend(batch.componentsMax).forward(batch, out);
  return out;
}

/** All choices legal and all rows full. */
function openBatch(rows: number, componentsMax: number, seed: number): ObservationBatch {
  const batch = madeUpBatch(messageShape, { rows, componentsMax }, seed);
  const counts = batch.counts.map(() => componentsMax);
  return { ...batch, counts, mask: batch.mask.map(() => 1), ...madeUpGraphs(counts, componentsMax) };
}

/** The graph after component `order[i]` has become component i. */
function permuted(graph: ComponentGraph, order: readonly number[]): ComponentGraph {
  const lists = ({ starts, items }: NeighbourLists): NeighbourLists => {
    const moved = order.map((from) => {
      return [...items.subarray(starts[from], starts[from + 1])].map((other) => order.indexOf(other));
    });
    const ends = moved.map((_, index) => moved.slice(0, index + 1).reduce((sum, list) => sum + list.length, 0));
    return { starts: Int32Array.of(0, ...ends), items: Int32Array.from(moved.flat()) };
  };
  return { dependents: lists(graph.dependents), dependencies: lists(graph.dependencies) };
}

describe.each(everyBackend)('a network with messages on the $library backend', (each) => {
  beforeEach(() => {
    prepared = each;
  });

  it('agrees with its definition, over several tiles and graphs', () => {
    const batch = madeUpBatch(messageShape, { rows: 150, componentsMax: 5 }, 2);
    const { logits, values } = outputs(batch);
    for (let row = 0; row < batch.size; row++) {
      const expected = referenceForward(messageShape, Float64Array.from(weights), batch, row);
      expect(Math.abs(values[row]! - expected.value)).toBeLessThan(2e-5);
      for (const [choice, logit] of expected.logits.entries()) {
        if (batch.mask[row * 16 + choice] === 0) continue;
        expect(Math.abs(logits[row * 16 + choice]! - logit)).toBeLessThan(2e-5);
      }
    }
  });

  it('has the gradient of its loss, in every parameter group', () => {
    const batch = madeUpBatch(messageShape, { rows: 4, componentsMax: 5 }, 3);
    const gradients = new Float32Array(weights.length);
    backend(5).gradients(batch, loss, 4, gradients);
    expectCloseInEveryGroup(
      messageShape,
      gradients,
      differences({ shape: messageShape, weights, batch, loss, divisor: 4 }),
    );
  });

  it('gives components that are permuted with their graph permuted logits and the same value', () => {
    const order = [3, 0, 5, 1, 4, 2];
    const batch = { ...openBatch(1, 6, 4), graphs: [madeUpGraph(6, 9)], graphOf: Int32Array.of(0) };
    const components = Float32Array.from(
      order.flatMap((from) => [...batch.components.subarray(from * 5, from * 5 + 5)]),
    );
    const before = outputs(batch);
    const after = outputs({ ...batch, components, graphs: [permuted(batch.graphs[0]!, order)] });
    const left = outputs({ ...batch, components });
    expect(after.values[0]).toBeCloseTo(before.values[0]!, 5);
    const moved = (logits: Float32Array) => order.map((from) => logits[1 + from * 3]!);
    const rows = (logits: Float32Array) => order.map((_, component) => logits[1 + component * 3]!);
    for (const [at, logit] of moved(before.logits).entries()) expect(rows(after.logits)[at]).toBeCloseTo(logit, 5);
    // Without its graph permuted as well, the same components are another cluster.
    expect(Math.abs(rows(left.logits)[0]! - moved(before.logits)[0]!)).toBeGreaterThan(1e-3);
  });

  it('gives a sample the same bits alone and in a batch, whatever graphs lie around it', () => {
    const batch = openBatch(40, 5, 5);
    const together = outputs(batch);
    const alone = outputs({ ...batch, size: 1, selection: Int32Array.of(33) });
    expect(alone.values[0]).toBe(together.values[33]);
    expect(alone.logits).toEqual(together.logits.slice(33 * 16, 34 * 16));
  });

  it('handles clusters larger than a tile, one after the other', () => {
    const graphs = [300, 301].map((count) => madeUpGraph(count, count));
    const batch = { ...openBatch(2, 301, 6), counts: Int32Array.of(301, 300), graphs, graphOf: Int32Array.of(1, 0) };
    const { logits } = outputs(batch);
    for (const [row, count] of [301, 300].entries()) {
      const expected = referenceForward(messageShape, Float64Array.from(weights), batch, row);
      expect(logits[row * 904 + 3 * count]).toBeCloseTo(expected.logits[3 * count]!, 4);
    }
  });

  it('is one layer more, and the rest of its parameters are those of a network without', () => {
    const names = (shape: typeof oddShape) => parameterTable(shape).map(({ name }) => name);
    const more = names(messageShape).filter((name) => !names(oddShape).includes(name));
    expect(more).toEqual(['message.weights', 'message.bias']);
    const added = parameterCount(parameterTable(messageShape)) - parameterCount(parameterTable(oddShape));
    expect(added).toBe(5 * 6 * 6 + 6);
  });

  it('refuses samples without a graph, or with that of another number of components', () => {
    const { graphs: _, ...bare } = openBatch(2, 4, 7);
    expect(() => outputs(bare)).toThrow(/depends/);
    expect(() => outputs({ ...bare, graphs: [madeUpGraph(3, 1)], graphOf: new Int32Array(2) })).toThrow(/graph/);
  });
});
