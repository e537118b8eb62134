/** Logits and values of every backend: right, blind to the order of components and to padding, faithful to the mask. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  batchRow,
  MASKED_LOGIT,
  type NetworkShape,
  type ObservationBatch,
  type PolicyOutput,
  type PreparedBackend,
} from '../../src/neural/index.ts';
import { everyBackend } from './every-backend.ts';
import { madeUpBatch, madeUpWeights, oddShape } from './made-up-batch.ts';
import { referenceForward } from './reference-network.ts';

const weights = madeUpWeights(oddShape, 1);
const choicesOf = (batch: ObservationBatch, shape: NetworkShape = oddShape) => 1 + batch.componentsMax * shape.verbs;

/** The backend under test. */
let prepared: PreparedBackend;

function outputs(batch: ObservationBatch, componentsMax: number = batch.componentsMax): PolicyOutput {
  const backend = prepared.create(oddShape, { componentsMax });
  backend.setWeights(weights);
  const out = { logits: new Float32Array(batch.size * choicesOf(batch)), values: new Float32Array(batch.size) };
  backend.forward(batch, out);
  return out;
}

/** All choices legal and all rows full. */
function openBatch(rows: number, componentsMax: number, seed: number): ObservationBatch {
  const batch = madeUpBatch(oddShape, { rows, componentsMax }, seed);
  return { ...batch, counts: batch.counts.map(() => componentsMax), mask: batch.mask.map(() => 1) };
}

describe.each(everyBackend)('forward of the $library backend', (each) => {
  beforeEach(() => {
    prepared = each;
  });

  it('agrees with the network as it is defined, over several tiles', () => {
    const batch = madeUpBatch(oddShape, { rows: 150, componentsMax: 5 }, 2);
    const { logits, values } = outputs(batch);
    const exact = Float64Array.from(weights);
    for (let row = 0; row < batch.size; row++) {
      const expected = referenceForward(oddShape, exact, batch, row);
      expect(Math.abs(values[row]! - expected.value)).toBeLessThan(2e-5);
      for (const [choice, logit] of expected.logits.entries()) {
        if (batch.mask[row * 16 + choice] === 0) continue;
        expect(Math.abs(logits[row * 16 + choice]! - logit)).toBeLessThan(2e-5);
      }
    }
  });

  it('handles clusters larger than a tile', () => {
    const batch = openBatch(2, 700, 3);
    const { values, logits } = outputs(batch);
    const expected = referenceForward(oddShape, Float64Array.from(weights), batch, 1);
    expect(values[1]).toBeCloseTo(expected.value, 4);
    expect(logits[2 * 2101 - 1]).toBeCloseTo(expected.logits[2100]!, 4);
  });

  it('gives permuted components permuted logits and the same value', () => {
    const batch = openBatch(4, 6, 4);
    const order = [3, 0, 5, 1, 4, 2];
    const features = oddShape.componentFeatures;
    const components = new Float32Array(batch.components.length);
    for (let row = 0; row < 4; row++) {
      for (const [to, from] of order.entries()) {
        const start = (row * 6 + from) * features;
        components.set(batch.components.subarray(start, start + features), (row * 6 + to) * features);
      }
    }
    const before = outputs(batch);
    const after = outputs({ ...batch, components });
    for (let row = 0; row < 4; row++) {
      expect(Math.abs(after.values[row]! - before.values[row]!)).toBeLessThan(1e-5);
      for (const [to, from] of order.entries()) {
        for (let verb = 0; verb < 3; verb++) {
          const moved = after.logits[row * 19 + 1 + to * 3 + verb]!;
          expect(Math.abs(moved - before.logits[row * 19 + 1 + from * 3 + verb]!)).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('does not see components behind the count, nor how much room there is', () => {
    const narrow = openBatch(3, 2, 5);
    const wide = madeUpBatch(oddShape, { rows: 3, componentsMax: 5 }, 6);
    const components = wide.components.map(() => Number.NaN);
    for (let row = 0; row < 3; row++) components.set(narrow.components.subarray(row * 10, row * 10 + 10), row * 25);
    const { cluster, critic, counts } = narrow;
    const mask = wide.mask.map(() => 1);
    const padded = outputs({ size: 3, componentsMax: 5, counts, components, cluster, critic, mask }, 9);
    const plain = outputs(narrow);
    expect(padded.values).toEqual(plain.values);
    for (let row = 0; row < 3; row++) {
      const logits = [...padded.logits.subarray(row * 16, row * 16 + 16)];
      expect(logits.slice(0, 7)).toEqual([...plain.logits.subarray(row * 7, row * 7 + 7)]);
      expect(logits.slice(7).every((logit) => logit === MASKED_LOGIT)).toBe(true);
    }
  });

  it('marks exactly the illegal choices and computes the rest as if all were legal', () => {
    const open = openBatch(5, 5, 7);
    const mask = open.mask.map((_, index) => ((index * 7) % 11 < 4 ? 1 : 0));
    const all = outputs(open).logits;
    const some = outputs({ ...open, mask }).logits;
    for (const [index, legal] of mask.entries()) expect(some[index]).toBe(legal === 0 ? MASKED_LOGIT : all[index]);
  });

  it('takes rows in the order of a selection', () => {
    const batch = { ...openBatch(6, 3, 8), size: 3, selection: Int32Array.of(5, 0, 5) };
    const { values } = outputs(batch);
    const all = outputs(openBatch(6, 3, 8)).values;
    expect([...values]).toEqual([0, 1, 2].map((position) => all[batchRow(batch, position)]!));
  });

  it('gives a sample the same bits alone and in a batch', () => {
    const batch = openBatch(40, 5, 9);
    const together = outputs(batch);
    const alone = outputs({ ...batch, size: 1, selection: Int32Array.of(33) });
    expect(alone.values[0]).toBe(together.values[33]);
    expect(alone.logits).toEqual(together.logits.slice(33 * 16, 34 * 16));
  });

  it('refuses a sample without a legal choice or without components', () => {
    const batch = openBatch(2, 3, 10);
    expect(() => outputs({ ...batch, mask: batch.mask.map(() => 0) })).toThrow(/legal/);
    expect(() => outputs({ ...batch, counts: Int32Array.of(3, 0) })).toThrow(/components/);
  });
});

describe.each(everyBackend)('weights of the $library backend', (each) => {
  beforeEach(() => {
    prepared = each;
  });

  it('come back as they were set, as a copy', () => {
    const backend = prepared.create(oddShape, { componentsMax: 3 });
    backend.setWeights(weights);
    backend.getWeights().fill(0);
    expect(backend.getWeights()).toEqual(weights);
    expect(backend.parameterCount).toBe(weights.length);
  });

  it('of two backends are their own', () => {
    const batch = openBatch(1, 3, 11);
    const first = prepared.create(oddShape, { componentsMax: 3 });
    const second = prepared.create(oddShape, { componentsMax: 3 });
    first.setWeights(weights);
    second.setWeights(weights.map((weight) => -weight));
    const out = { logits: new Float32Array(10), values: new Float32Array(1) };
    first.forward(batch, out);
    expect(out.values).toEqual(outputs(batch).values);
  });
});
