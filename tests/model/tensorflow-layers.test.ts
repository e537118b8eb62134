/** The exported network against our own, run by TensorFlow.js itself. */

import { describe, expect, test } from 'vitest';
import { tensorflowLayers } from '../../src/model/index.ts';
import { MASKED_LOGIT } from '../../src/neural/index.ts';
import { loadModel, logitError, predict, shape, trainedNetwork } from './layers-model.ts';
import { observations, ownLogits } from './observations.ts';

const network = trainedNetwork(1);
const exported = tensorflowLayers(network, { role: 'order' });
const model = await loadModel(JSON.stringify(exported.document), () => exported.weights);

describe('an exported network in TensorFlow.js', () => {
  test.each([1, 2, 7, 30])('gives our logits for %i components', (count) => {
    const batch = observations(shape, { size: 4, count, deviation: 3, seed: count });
    const own = ownLogits(network, batch);
    expect(Math.max(...own)).toBeGreaterThan(0.5);
    expect(logitError(predict(model, batch), own)).toBeLessThan(1e-5);
  });

  test('limits features far from their mean on both sides, as ours does', () => {
    const near = observations(shape, { size: 3, count: 6, deviation: 1, seed: 5 });
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
    expect(logitError(logits, ownLogits(network, far))).toBeLessThan(1e-5);
    expect(predict(model, further)).toEqual(logits);
  });

  test('gives -1e8 to choices that are not legal, and does not change the others', () => {
    const batch = observations(shape, { size: 2, count: 5, deviation: 3, seed: 9 });
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
