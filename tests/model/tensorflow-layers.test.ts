/** The exported network against our own, run by TensorFlow.js itself. */

import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { tensorflowLayers } from '../../src/model/index.ts';
import { choicesPerRow, createSimdBackend, MASKED_LOGIT, scaleRows } from '../../src/neural/index.ts';
import { loadModel, logitError, predict, shape, trainedNetwork } from './layers-model.ts';

const network = trainedNetwork(1);
const exported = tensorflowLayers(network, { role: 'order' });
const model = await loadModel(JSON.stringify(exported.document), () => exported.weights);

/** Raw observations around the training mean, with masks that allow every second choice or so. */
function observations(options: { size: number; count: number; deviation: number; seed: number }) {
  const { size, count, deviation, seed } = options;
  const stream = new RandomStream(seed, 'observations');
  const features = (length: number) => Float32Array.from({ length }, () => deviation * stream.normal());
  const mask = Uint8Array.from({ length: size * choicesPerRow(shape, count) }, () => (stream.uniform() < 0.5 ? 1 : 0));
  for (let row = 0; row < size; row++) mask[row * choicesPerRow(shape, count)] = 1;
  const components = features(size * count * shape.componentFeatures);
  return { size, count, components, cluster: features(size * shape.clusterFeatures), mask };
}

/** Logits of our own network, with the scaling that policies apply. */
function ownLogits({ size, count, components, cluster, mask }: ReturnType<typeof observations>): Float32Array {
  const backend = createSimdBackend(shape, { componentsMax: count });
  backend.setWeights(network.weights);
  const batch = {
    size,
    componentsMax: count,
    counts: new Int32Array(size).fill(count),
    components: components.slice(),
    cluster: cluster.slice(),
    critic: new Float32Array(size * shape.criticFeatures),
    mask,
  };
  const { scaling } = network;
  scaleRows(components, batch.components, scaling.components, { sourceStart: 0, targetStart: 0, rows: size * count });
  scaleRows(cluster, batch.cluster, scaling.cluster, { sourceStart: 0, targetStart: 0, rows: size });
  const out = { logits: new Float32Array(mask.length), values: new Float32Array(size) };
  backend.forward(batch, out);
  return out.logits;
}

describe('an exported network in TensorFlow.js', () => {
  test.each([1, 2, 7, 30])('gives our logits for %i components', (count) => {
    const batch = observations({ size: 4, count, deviation: 3, seed: count });
    const own = ownLogits(batch);
    expect(Math.max(...own)).toBeGreaterThan(0.5);
    expect(logitError(predict(model, batch), own)).toBeLessThan(1e-5);
  });

  test('limits features far from their mean on both sides, as ours does', () => {
    const near = observations({ size: 3, count: 6, deviation: 1, seed: 5 });
    const far = {
      ...near,
      components: near.components.map((value) => 1e5 * value),
      cluster: near.cluster.map((value) => 1e5 * value),
    };
    const further = {
      ...far,
      components: far.components.map((value) => 2 * value),
      cluster: far.cluster.map((value) => 2 * value),
    };
    const logits = predict(model, far);
    expect(logitError(logits, ownLogits(far))).toBeLessThan(1e-5);
    expect(predict(model, further)).toEqual(logits);
  });

  test('gives -1e8 to choices that are not legal, and does not change the others', () => {
    const batch = observations({ size: 2, count: 5, deviation: 3, seed: 9 });
    const all = predict(model, { ...batch, mask: batch.mask.map(() => 1) });
    const expected = all.map((logit, choice) => (batch.mask[choice] === 1 ? logit : MASKED_LOGIT));
    expect(predict(model, batch)).toEqual(expected);
  });

  test('carries what is said about it', () => {
    expect(model.getUserDefinedMetadata()).toEqual({ role: 'order' });
  });
});

describe('the files of an exported network', () => {
  test('hold little-endian floats, as many as the shapes say', () => {
    const [{ weights }] = (exported.document as { weightsManifest: [{ weights: { name: string; shape: number[] }[] }] })
      .weightsManifest;
    const sizes = weights.map((spec) => spec.shape.reduce((product, length) => product * length, 1));
    expect(exported.weights.length).toBe(4 * sizes.reduce((sum, size) => sum + size, 0));
    const view = new DataView(exported.weights.buffer);
    expect(weights[0]?.name).toBe('components_scaled/gamma');
    expect(view.getFloat32(0, true)).toBe(network.scaling.components.factors[0]);
  });
});
