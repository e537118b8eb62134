/** What tests of exported models share: a made-up trained network, and loading an exported folder into TensorFlow.js. */

import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { RandomStream } from '../../src/base/index.ts';
import { type FeatureScaling, initialWeights, type NetworkShape } from '../../src/neural/index.ts';
import type { NeuralAgent } from '../../src/policies/index.ts';

tf.enableProdMode();
await tf.setBackend('wasm');

const smallShape: NetworkShape = {
  componentFeatures: 9,
  clusterFeatures: 4,
  criticFeatures: 3,
  verbs: 5,
  encoderUnits: 16,
  embeddingUnits: 8,
  headUnits: 12,
  valueUnits: 8,
};

export { smallShape as shape };

/** Weights as training might leave them: no bias at 0, logits of both signs. */
export function trainedNetwork(
  seed: number,
  shape: NetworkShape = smallShape,
): Pick<NeuralAgent, 'shape' | 'weights' | 'scaling'> {
  const stream = new RandomStream(seed, 'trained-network');
  const weights = initialWeights(shape, seed).map((weight) => weight + 0.3 * stream.normal());
  const scaling = (width: number): FeatureScaling => ({
    means: Float32Array.from({ length: width }, () => 3 * stream.normal()),
    factors: Float32Array.from({ length: width }, () => 0.2 + 5 * stream.uniform()),
  });
  return {
    shape,
    weights,
    scaling: {
      components: scaling(shape.componentFeatures),
      cluster: scaling(shape.clusterFeatures),
      critic: scaling(shape.criticFeatures),
    },
  };
}

/** Loads a model from the text of its model.json, fetching the weight files it names. */
export function loadModel(document: string, weightFile: (path: string) => Uint8Array): Promise<LayersModel> {
  const artifacts = tf.io.getModelArtifactsForJSON(JSON.parse(document), async (manifest) => {
    const bytes = manifest.flatMap(({ paths }) => paths).map((path) => Uint8Array.from(weightFile(path)).buffer);
    return [manifest.flatMap(({ weights }) => weights), tf.io.concatenateArrayBuffers(bytes)];
  });
  return loadLayersModel({ load: () => artifacts });
}

/** Logits of `size` observations of as many components each. */
export function predict(
  model: LayersModel,
  batch: { size: number; count: number; components: Float32Array; cluster: Float32Array; mask: Uint8Array },
): Float32Array {
  const { size, count } = batch;
  return tf.tidy(() => {
    const inputs = [
      tf.tensor3d(batch.components, [size, count, batch.components.length / size / count]),
      tf.tensor2d(batch.cluster, [size, batch.cluster.length / size]),
      tf.tensor2d(Float32Array.from(batch.mask), [size, batch.mask.length / size]),
    ];
    return (model.predict(inputs) as tf.Tensor).dataSync() as Float32Array;
  });
}

/** Largest difference, relative to the largest of the expected logits that are legal. */
export function logitError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [largest, difference] = [1, 0];
  for (let index = 0; index < expected.length; index++) {
    const size = Math.abs(expected[index]!);
    if (size < 1e7) largest = Math.max(largest, size);
    difference = Math.max(difference, Math.abs(expected[index]! - actual[index]!));
  }
  return difference / largest;
}
