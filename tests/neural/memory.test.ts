/** The actor's memory: right, differentiated exactly through sequences, and the same whether decisions come alone or in a row. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type NetworkShape,
  type ObservationBatch,
  type PpoBatch,
  type PreparedBackend,
  parameterTable,
} from '../../src/neural/index.ts';
import { differences, expectCloseInEveryGroup } from './differences.ts';
import { everyBackend } from './every-backend.ts';
import { madeUpBatch, madeUpWeights, memoryShape, oddShape } from './made-up-batch.ts';
import { referenceForward } from './reference-network.ts';

const weights = madeUpWeights(memoryShape, 1);
const loss = { clipRange: 0.2, valueClipRange: null, entropyWeight: 0.05, valueWeight: 0.5 };
const units = 5;

/** The backend under test. */
let prepared: PreparedBackend;

function backend(size: { componentsMax: number; sequenceMax?: number }, shape = memoryShape, own = weights) {
  const created = prepared.create(shape, size);
  created.setWeights(own);
  return created;
}

function outputs(batch: ObservationBatch, sequenceMax = 1) {
  const { size, componentsMax } = batch;
  const out = {
    logits: new Float32Array(size * (1 + componentsMax * 3)),
    values: new Float32Array(size),
    memories: new Float32Array(size * units),
  };
  backend({ componentsMax, sequenceMax }).forward(batch, out);
  return out;
}

function gradientsOf(batch: PpoBatch, sequenceMax: number, divisor = batch.size): Float32Array {
  const out = new Float32Array(weights.length);
  backend({ componentsMax: batch.componentsMax, sequenceMax }).gradients(batch, loss, divisor, out);
  return out;
}

/** Rows in sequences of these lengths, one after the other. */
function inSequences(lengths: readonly number[], componentsMax: number, seed: number): PpoBatch {
  const rows = lengths.reduce((sum, length) => sum + length, 0);
  const continues = Uint8Array.from(lengths.flatMap((length) => Array.from({ length }, (_, at) => (at > 0 ? 1 : 0))));
  return { ...madeUpBatch(memoryShape, { rows, componentsMax }, seed), continues };
}

function expectGradients(shape: NetworkShape, batch: PpoBatch, sequenceMax: number): void {
  const own = madeUpWeights(shape, 1);
  const out = new Float32Array(own.length);
  backend({ componentsMax: batch.componentsMax, sequenceMax }, shape, own).gradients(batch, loss, batch.size, out);
  expectCloseInEveryGroup(shape, out, differences({ shape, weights: own, batch, loss, divisor: batch.size }));
}

describe.each(everyBackend)('a network with a memory on the $library backend', (each) => {
  beforeEach(() => {
    prepared = each;
  });

  it('agrees with its definition, from memories that are given', () => {
    const batch = madeUpBatch(memoryShape, { rows: 150, componentsMax: 5 }, 2);
    const { logits, values, memories } = outputs(batch);
    for (let row = 0; row < batch.size; row++) {
      const expected = referenceForward(memoryShape, Float64Array.from(weights), batch, row);
      expect(Math.abs(values[row]! - expected.value)).toBeLessThan(2e-5);
      for (const [unit, value] of expected.memory.entries()) {
        expect(Math.abs(memories[row * units + unit]! - value)).toBeLessThan(1e-5);
      }
      for (const [choice, logit] of expected.logits.entries()) {
        if (batch.mask[row * 16 + choice] === 0) continue;
        expect(Math.abs(logits[row * 16 + choice]! - logit)).toBeLessThan(3e-5);
      }
    }
  });

  it('starts from nothing where no memory is given', () => {
    const { memories, ...bare } = madeUpBatch(memoryShape, { rows: 3, componentsMax: 2 }, 3);
    const zeros = new Float32Array(memories!.length);
    expect(outputs(bare)).toEqual(outputs({ ...bare, memories: zeros }));
    expect(outputs(bare)).not.toEqual(outputs({ ...bare, memories: zeros.map(() => 0.5) }));
  });

  it('gives a sequence the same bits as its decisions one by one, each handed the memory of the last', () => {
    const batch = inSequences([7, 1, 3, 16, 4], 5, 4);
    const together = outputs(batch, 16);
    let memory = new Float32Array(units);
    for (let row = 0; row < batch.size; row++) {
      if (batch.continues![row] === 0) memory = batch.memories!.slice(row * units, (row + 1) * units);
      const memories = new Float32Array(batch.memories!.length);
      memories.set(memory, row * units);
      const { continues: _, ...alone } = { ...batch, size: 1, selection: Int32Array.of(row), memories };
      const single = outputs(alone);
      expect(single.logits).toEqual(together.logits.slice(row * 16, row * 16 + 16));
      memory = single.memories;
      expect(memory).toEqual(together.memories.slice(row * units, (row + 1) * units));
    }
  });

  it('has the gradient of its loss through sequences, in every parameter group', () => {
    expectGradients(memoryShape, inSequences([3, 1, 4], 3, 5), 4);
  });

  it('has it together with messages too', () => {
    const shape = { ...memoryShape, messages: true };
    const continues = Uint8Array.of(0, 1, 1, 0);
    expectGradients(shape, { ...madeUpBatch(shape, { rows: 4, componentsMax: 3 }, 6), continues }, 3);
  });

  it('learns from what a memory is good for later', () => {
    const batch = inSequences([4], 3, 7);
    // Only the last of the sequence counts.
    const last = { ...batch, weights: Float32Array.of(0, 0, 0, 1) };
    const cut = { ...last, continues: new Uint8Array(4) };
    const { offset, rows, columns } = parameterTable(memoryShape).find(({ name }) => name === 'encoder.first.weights')!;
    const encoder = (gradients: Float32Array) => gradients.subarray(offset, offset + rows * columns);
    expect(encoder(gradientsOf(last, 4))).not.toEqual(encoder(gradientsOf(cut, 4)));
  });

  it('has the same gradients over many tiles as the sum of single sequences', () => {
    const lengths = Array.from({ length: 30 }, (_, index) => 1 + ((index * 7) % 12));
    const batch = inSequences(lengths, 6, 8);
    const whole = gradientsOf(batch, 12, 100);
    const sum = new Float64Array(weights.length);
    for (let start = 0, at = 0; at < lengths.length; start += lengths[at]!, at++) {
      const selection = Int32Array.from({ length: lengths[at]! }, (_, step) => start + step);
      const part = gradientsOf({ ...batch, size: selection.length, selection }, 12, 100);
      for (const [index, value] of part.entries()) sum[index]! += value;
    }
    for (const [index, value] of whole.entries()) expect(value).toBeCloseTo(sum[index]!, 4);
  });

  it('has the same bits after other work', () => {
    const batch = inSequences([5, 2], 4, 9);
    const used = backend({ componentsMax: 5, sequenceMax: 8 });
    const out = new Float32Array(weights.length);
    used.gradients(inSequences([8, 8, 8], 5, 10), loss, 24, out);
    used.gradients(batch, loss, 7, out);
    expect(out).toEqual(gradientsOf(batch, 8));
  });

  it('refuses a sequence without its beginning, or longer than it was made for', () => {
    const batch = inSequences([90], 2, 11);
    expect(() => outputs({ ...batch, size: 1, selection: Int32Array.of(1) })).toThrow(/memory/);
    expect(() => outputs(batch, 3)).toThrow(/longer/);
  });

  it('needs parameters of its own and changes none of the layers around it but the heads', () => {
    const sizes = (shape: NetworkShape) => new Map(parameterTable(shape).map(({ name, rows }) => [name, rows]));
    const plain = sizes(oddShape);
    const grown = [...sizes(memoryShape)].filter(([name, rows]) => plain.get(name) !== rows).map(([name]) => name);
    const gates = ['keep', 'reset', 'fresh', 'recall'].flatMap((gate) => [
      `memory.${gate}.weights`,
      `memory.${gate}.bias`,
    ]);
    expect(grown).toEqual([...gates, 'head.hidden.weights', 'noop.hidden.weights']);
  });
});
