/** Gradients of every backend against central differences of the double-precision reference. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PpoBatch, PpoLossSettings, PreparedBackend } from '../../src/neural/index.ts';
import { differences, expectCloseInEveryGroup } from './differences.ts';
import { everyBackend } from './every-backend.ts';
import { madeUpBatch, madeUpWeights, oddShape } from './made-up-batch.ts';
import { logSoftmax, referenceForward, referenceLoss } from './reference-network.ts';

const plainLoss: PpoLossSettings = { clipRange: 0.2, valueClipRange: null, entropyWeight: 0.05, valueWeight: 0.5 };
const nothing: PpoLossSettings = { clipRange: 0.2, valueClipRange: null, entropyWeight: 0, valueWeight: 0 };
const weights = madeUpWeights(oddShape, 1);
const {
  referenceLogits,
  weights: rowWeights,
  ...drawnBatch
} = madeUpBatch(oddShape, { rows: 6, componentsMax: 5, countsMax: 4 }, 2);
const zeros = new Float32Array(6);
/** Ratios on both sides of the clip range and within it, under advantages of both signs. */
const ratios = [1.1, 0.9, 1.5, 0.6, 1.5, 0.6];
const plainBatch: PpoBatch = {
  ...drawnBatch,
  oldLogProbabilities: Float32Array.from(ratios, (ratio, row) => chosenLogProbability(row) - Math.log(ratio)),
  advantages: Float32Array.of(0.8, -0.7, 1.2, -0.9, -0.4, 0.5),
};

function chosenLogProbability(row: number): number {
  const { logits } = referenceForward(oddShape, Float64Array.from(weights), drawnBatch, row);
  const legal = logits.map((_, choice) => choice).filter((choice) => drawnBatch.mask[row * 16 + choice] !== 0);
  return logSoftmax(legal.map((choice) => logits[choice]!))[legal.indexOf(drawnBatch.choices[row]!)]!;
}

/** The backend under test. */
let prepared: PreparedBackend;

function backend() {
  const created = prepared.create(oddShape, { componentsMax: 5 });
  created.setWeights(weights);
  return created;
}

function gradientsOf(batch: PpoBatch, loss: PpoLossSettings, divisor: number = batch.size): Float32Array {
  const out = new Float32Array(weights.length);
  backend().gradients(batch, loss, divisor, out);
  return out;
}

function expectSameGradients(batch: PpoBatch, loss: PpoLossSettings, divisor: number = batch.size): void {
  const expected = differences({ shape: oddShape, weights, batch, loss, divisor });
  expectCloseInEveryGroup(oddShape, gradientsOf(batch, loss, divisor), expected);
}

describe.each(everyBackend)('gradients of the $library backend', (each) => {
  beforeEach(() => {
    prepared = each;
  });

  it('are those of the clipped policy, value and entropy loss, in every parameter group', () => {
    expectSameGradients(plainBatch, plainLoss);
  });

  it('follow value clipping', () => {
    const clipped = { ...plainLoss, valueClipRange: 0.5 };
    expectSameGradients(plainBatch, clipped);
    expect(gradientsOf(plainBatch, clipped)).not.toEqual(gradientsOf(plainBatch, plainLoss));
  });

  it('pull towards a reference policy', () => {
    expectSameGradients({ ...plainBatch, referenceLogits }, { ...plainLoss, referenceWeight: 0.7 });
  });

  it('pull towards the choices of a demonstrator, beside the other losses and alone', () => {
    const imitation = { ...nothing, valueWeight: 0.5, imitationWeight: 0.8 };
    const demonstrated = { ...plainBatch, weights: rowWeights, advantages: zeros, oldLogProbabilities: zeros };
    expectSameGradients(demonstrated, imitation);
    expectSameGradients(
      { ...plainBatch, referenceLogits },
      { ...plainLoss, referenceWeight: 0.7, imitationWeight: 0.3 },
    );
  });

  it('respect the weights of rows', () => {
    expectSameGradients({ ...plainBatch, weights: rowWeights }, plainLoss);
  });

  it('use the selected rows only, in any order and number', () => {
    const selection = Int32Array.of(4, 2, 2, 5, 0);
    expectSameGradients({ ...plainBatch, size: 5, selection }, plainLoss, 20);
  });

  it('of shards add up to those of the whole', () => {
    const whole = gradientsOf(plainBatch, plainLoss, 6);
    const rows = Int32Array.from({ length: 6 }, (_, row) => row);
    const first = gradientsOf({ ...plainBatch, size: 2, selection: rows.subarray(0, 2) }, plainLoss, 6);
    const second = gradientsOf({ ...plainBatch, size: 4, selection: rows.subarray(2) }, plainLoss, 6);
    for (const [index, value] of whole.entries()) expect(first[index]! + second[index]!).toBeCloseTo(value, 6);
  });

  it('are the same over many tiles as over single samples', () => {
    // TensorFlow.js has no tiles, and takes its time over single samples.
    const rows = prepared.name === 'simd' ? 200 : 20;
    const batch = madeUpBatch(oddShape, { rows, componentsMax: 5 }, 3);
    const single = new Float64Array(weights.length);
    for (let row = 0; row < rows; row++) {
      const part = gradientsOf({ ...batch, size: 1, selection: Int32Array.of(row) }, plainLoss, rows);
      for (const [index, value] of part.entries()) single[index]! += value;
    }
    const whole = gradientsOf(batch, plainLoss);
    for (const [index, value] of whole.entries()) expect(value).toBeCloseTo(single[index]!, 5);
  });

  it('have the same bits in a second backend, and after other work in the first', () => {
    const used = backend();
    const out = new Float32Array(weights.length);
    used.gradients(madeUpBatch(oddShape, { rows: 100, componentsMax: 5 }, 4), plainLoss, 100, out);
    used.gradients(plainBatch, plainLoss, 6, out);
    expect(out).toEqual(gradientsOf(plainBatch, plainLoss, 6));
  });

  it('survive logits so far apart that probabilities vanish', () => {
    const steep = weights.map((weight) => 300 * weight);
    const far = backend();
    far.setWeights(steep);
    const out = new Float32Array(weights.length);
    // Enough rows and choices that the largest logit stands at any place of the list.
    const drawn = madeUpBatch(oddShape, { rows: 30, componentsMax: 5 }, 5);
    const { weights: _, ...batch } = { ...drawn, mask: drawn.mask.map(() => 1) };
    const sums = far.gradients(batch, { ...plainLoss, referenceWeight: 1 }, 30, out);
    expect(out.every((value) => Number.isFinite(value))).toBe(true);
    const parts = (referenceWeight: number) =>
      referenceLoss(oddShape, Float64Array.from(steep), batch, { ...nothing, referenceWeight }, 1);
    expect(sums.referenceLoss / (parts(1) - parts(0))).toBeCloseTo(1, 4);
  });
});

describe.each(everyBackend)('sums of the loss of the $library backend', (each) => {
  beforeEach(() => {
    prepared = each;
  });

  const out = new Float32Array(weights.length);

  it('are those of the definitions', () => {
    const batch = { ...plainBatch, referenceLogits };
    const sums = backend().gradients(batch, plainLoss, 1, out);
    const expected = expectedSums(batch);
    expect(sums.samples).toBe(6);
    for (const [name, value] of Object.entries(expected)) {
      expect(sums[name as keyof typeof expected], name).toBeCloseTo(value, 4);
    }
    expect(sums.clippedCount).toBe(4);
  });

  it('have no entropy where only one choice is legal', () => {
    const mask = new Uint8Array(plainBatch.mask.length);
    for (const [row, choice] of plainBatch.choices.entries()) mask[row * 16 + choice] = 1;
    expect(backend().gradients({ ...plainBatch, mask }, plainLoss, 1, out).entropy).toBeCloseTo(0, 6);
  });

  it('cannot be taken of a choice that is not legal', () => {
    const mask = new Uint8Array(plainBatch.mask.length).fill(1);
    mask[plainBatch.choices[3]! + 3 * 16] = 0;
    expect(() => backend().gradients({ ...plainBatch, mask }, plainLoss, 1, out)).toThrow(/legal/);
  });
});

function expectedSums(batch: PpoBatch) {
  const parts = (loss: Partial<PpoLossSettings>, use: PpoBatch = batch): number =>
    referenceLoss(oddShape, Float64Array.from(weights), use, { ...nothing, ...loss }, 1);
  const policyLoss = parts({ clipRange: plainLoss.clipRange });
  const changes = Array.from({ length: batch.size }, (_, row) => {
    // Advantage 1 without clipping makes the policy loss minus the ratio.
    const single = { ...batch, size: 1, selection: Int32Array.of(row), advantages: new Float32Array(6).fill(1) };
    return Math.log(-parts({ clipRange: 1e6 }, single));
  });
  return {
    policyLoss,
    valueLoss: parts({ clipRange: plainLoss.clipRange, valueWeight: 1 }) - policyLoss,
    entropy: policyLoss - parts({ clipRange: plainLoss.clipRange, entropyWeight: 1 }),
    referenceLoss: parts({ clipRange: plainLoss.clipRange, referenceWeight: 1 }) - policyLoss,
    imitationLoss: parts({ clipRange: plainLoss.clipRange, imitationWeight: 1 }) - policyLoss,
    approximateKl: changes.reduce((sum, change) => sum + Math.exp(change) - 1 - change, 0),
    clippedCount: changes.filter((change) => Math.abs(Math.exp(change) - 1) > plainLoss.clipRange).length,
  };
}
