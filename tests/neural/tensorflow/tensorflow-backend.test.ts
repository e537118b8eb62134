/**
 * TensorFlow.js against our own kernels: the same outputs, gradients and updates, but for rounding. Both compute in
 * single precision, 24 bits: an operation errs by 6e-8 of its result. A gradient is the sum of some hundred products
 * through four layers, whose errors grow with the square root of their number: 2e-5 of the largest leaves a margin of ten.
 */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  Adam,
  type Backend,
  clipGlobalNorm,
  type LossSums,
  type NetworkShape,
  PlainNetwork,
  type PpoBatch,
  type PpoLossSettings,
  type PreparedBackend,
  parameterTable,
  plainSpeedProbe,
  prepareBackend,
  simdBackend,
} from '../../../src/neural/index.ts';
import { everyBackend, nativeTensorflow, wasmTensorflow } from '../every-backend.ts';
import { madeUpBatch, madeUpWeights, oddShape } from '../made-up-batch.ts';

const ROUNDING = 2e-5;

/** About the sizes of training. */
const trainedShape: NetworkShape = {
  componentFeatures: 30,
  clusterFeatures: 6,
  criticFeatures: 10,
  verbs: 8,
  encoderUnits: 64,
  embeddingUnits: 32,
  headUnits: 64,
  valueUnits: 64,
};
const everyLoss: PpoLossSettings = {
  clipRange: 0.2,
  valueClipRange: 0.5,
  entropyWeight: 0.05,
  valueWeight: 0.5,
  referenceWeight: 0.3,
  imitationWeight: 0.2,
};

const others = everyBackend.filter(({ name }) => name === 'tfjs');

function networkOf(prepared: PreparedBackend, shape: NetworkShape, weights: Float32Array): Backend {
  const network = prepared.create(shape, { componentsMax: 12 });
  network.setWeights(weights);
  return network;
}

function gradientsOf(
  prepared: PreparedBackend,
  batch: PpoBatch,
  weights: Float32Array,
  shape: NetworkShape = oddShape,
): { gradients: Float32Array; sums: LossSums } {
  const gradients = new Float32Array(weights.length);
  const sums = networkOf(prepared, shape, weights).gradients(batch, everyLoss, batch.size, gradients);
  return { gradients, sums };
}

/** Largest difference in each parameter group, relative to the group's largest value. */
function groupDifferences(shape: NetworkShape, actual: Float32Array, expected: Float32Array): [string, number][] {
  return parameterTable(shape).map(({ name, offset, rows, columns }) => {
    const group = Array.from({ length: rows * columns }, (_, index) => offset + index);
    const largest = Math.max(...group.map((index) => Math.abs(expected[index]!)));
    return [name, Math.max(...group.map((index) => Math.abs(actual[index]! - expected[index]!))) / largest];
  });
}

/** Trains a network on a batch, minibatch by minibatch, with gradients so long that they are clipped. */
function update(prepared: PreparedBackend, batch: PpoBatch, steps: number): { weights: Float32Array; norms: number[] } {
  const weights = madeUpWeights(oddShape, 7);
  const network = networkOf(prepared, oddShape, weights);
  const gradients = new Float32Array(weights.length);
  const adam = new Adam(weights.length);
  const norms: number[] = [];
  const minibatch = batch.size / 4;
  for (let step = 0; step < steps; step++) {
    const selection = Int32Array.from(
      { length: minibatch },
      (_, index) => ((step % 4) * minibatch + index) % batch.size,
    );
    network.gradients({ ...batch, size: minibatch, selection }, everyLoss, minibatch, gradients);
    norms.push(clipGlobalNorm(gradients, 0.5));
    adam.step(weights, gradients, LEARNING_RATE);
    network.setWeights(weights);
  }
  return { weights, norms };
}

const LEARNING_RATE = 1e-2;

describe.each(others)('$library beside our own kernels', (tensorflow) => {
  it('gives the same logits and values', () => {
    const weights = madeUpWeights(trainedShape, 1).map((weight) => 0.3 * weight);
    const batch = madeUpBatch(trainedShape, { rows: 40, componentsMax: 12 }, 2);
    const [own, theirs] = [simdBackend, tensorflow].map((prepared) => {
      const out = { logits: new Float32Array(40 * 97), values: new Float32Array(40) };
      networkOf(prepared, trainedShape, weights).forward(batch, out);
      return out;
    });
    const largest = Math.max(...own!.logits.map(Math.abs).filter((logit) => logit < 1e6));
    expect(largest).toBeGreaterThan(1);
    for (const [index, logit] of own!.logits.entries()) {
      expect(Math.abs(theirs!.logits[index]! - logit)).toBeLessThan(ROUNDING * largest);
    }
    for (const [row, value] of own!.values.entries()) expect(theirs!.values[row]).toBeCloseTo(value, 4);
  });

  it('gives the same gradients and sums with every part of the loss at once', () => {
    const weights = madeUpWeights(trainedShape, 3).map((weight) => 0.3 * weight);
    const batch = madeUpBatch(trainedShape, { rows: 40, componentsMax: 12 }, 4);
    const own = gradientsOf(simdBackend, batch, weights, trainedShape);
    const theirs = gradientsOf(tensorflow, batch, weights, trainedShape);
    for (const [name, difference] of groupDifferences(trainedShape, theirs.gradients, own.gradients)) {
      expect(difference, name).toBeLessThan(ROUNDING);
    }
    for (const [name, sum] of Object.entries(own.sums)) {
      expect(theirs.sums[name as keyof LossSums] / sum, name).toBeCloseTo(1, 4);
    }
  });

  it('gives equal components together the gradient of one', () => {
    const weights = madeUpWeights(oddShape, 5);
    const batch = madeUpBatch(oddShape, { rows: 6, componentsMax: 4 }, 6);
    for (const [index, value] of batch.components.entries()) {
      // The second and third component of each row are like the first.
      const component = Math.floor((index % 20) / 5);
      if (component === 1 || component === 2) batch.components[index] = batch.components[index - 5]!;
      else batch.components[index] = value;
    }
    const own = gradientsOf(simdBackend, batch, weights);
    const theirs = gradientsOf(tensorflow, batch, weights);
    for (const [name, difference] of groupDifferences(oddShape, theirs.gradients, own.gradients)) {
      expect(difference, name).toBeLessThan(ROUNDING);
    }
  });

  it('ends a whole update with the same weights: four minibatches, four times, clipped, by Adam', () => {
    const batch = madeUpBatch(oddShape, { rows: 64, componentsMax: 5 }, 8);
    const own = update(simdBackend, batch, 16);
    const theirs = update(tensorflow, batch, 16);
    expect(Math.min(...own.norms)).toBeGreaterThan(0.5);
    for (const [step, norm] of own.norms.entries()) expect(theirs.norms[step]! / norm).toBeCloseTo(1, 3);
    // Adam divides a gradient by its own size: where that is as small as rounding, a step may differ as a whole, so
    // errors are held against the length of the steps and not against the weights.
    const differences = own.weights.map((weight, index) => Math.abs(theirs.weights[index]! - weight));
    expect(Math.max(...differences)).toBeLessThan(1e-3 * LEARNING_RATE);
  });

  it('splits batches that are too large for one graph, to the same result', () => {
    const weights = madeUpWeights(oddShape, 9);
    const drawn = madeUpBatch(oddShape, { rows: 3, componentsMax: 12 }, 10);
    // 900 rows of up to 12 components are more than one graph takes.
    const batch = { ...drawn, size: 900, selection: Int32Array.from({ length: 900 }, (_, index) => index % 3) };
    const own = gradientsOf(simdBackend, batch, weights);
    const theirs = gradientsOf(tensorflow, batch, weights);
    for (const [name, difference] of groupDifferences(oddShape, theirs.gradients, own.gradients)) {
      expect(difference, name).toBeLessThan(ROUNDING);
    }
    expect(theirs.sums.samples).toBe(900);
  });

  it('leaves no tensor behind', () => {
    const batch = madeUpBatch(oddShape, { rows: 20, componentsMax: 5 }, 11);
    const weights = madeUpWeights(oddShape, 12);
    const network = networkOf(tensorflow, oddShape, weights);
    const out = { logits: new Float32Array(20 * 16), values: new Float32Array(20) };
    const gradients = new Float32Array(weights.length);
    const before = tf.memory().numTensors;
    for (let round = 0; round < 5; round++) {
      network.forward(batch, out);
      network.gradients(batch, everyLoss, 20, gradients);
      network.setWeights(weights);
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it('learns the plain network of the speed comparison as ours does', () => {
    const shape = { inputs: 16, hiddenUnits: 8, choices: 4 };
    const own = plainSpeedProbe(new PlainNetwork(shape), 64);
    const theirs = plainSpeedProbe(tensorflow.createPlain(shape), 64);
    for (let step = 0; step < 10; step++) {
      const sums = own.update();
      for (const [name, sum] of Object.entries(theirs.update())) {
        expect(sum, `${name} at ${step}`).toBeCloseTo(sums[name as keyof LossSums], 3);
      }
    }
  });
});

describe('preparing TensorFlow.js', () => {
  it('takes WebAssembly where the native library does not load, and says why', async () => {
    const chosen = await prepareBackend('tfjs');
    expect(chosen.library).toBe(nativeTensorflow === undefined ? 'tfjs-wasm' : 'tfjs-node');
    if (nativeTensorflow === undefined) expect(chosen.fallbackReason).toMatch(/^tfjs-node does not load: /);
    else expect(chosen.fallbackReason).toBeUndefined();
  });

  it('takes the library that is asked for', () => {
    expect(wasmTensorflow).toMatchObject({ name: 'tfjs', library: 'tfjs-wasm', fallbackReason: undefined });
  });

  it.skipIf(nativeTensorflow !== undefined)('refuses a library that does not load, with what to do', async () => {
    await expect(prepareBackend('tfjs', 'tfjs-node')).rejects.toThrow(
      expect.objectContaining({ code: 'BACKEND_UNAVAILABLE', hint: expect.stringContaining('@tensorflow/tfjs-node') }),
    );
  });

  it.skipIf(nativeTensorflow === undefined)('has tested the native library, as it loads here', () => {
    expect(others.map(({ library }) => library)).toEqual(['tfjs-wasm', 'tfjs-node']);
  });
});
