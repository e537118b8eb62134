/** The exported ONNX file against our own network, run by onnxruntime, with TensorFlow.js beside it. */

import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import { contestSpecs } from '../../src/environment/index.ts';
import { onnxNetwork, onnxValues, tensorflowLayers } from '../../src/model/index.ts';
import { choicesPerRow, MASKED_LOGIT, type NetworkShape } from '../../src/neural/index.ts';
import { loadModel, logitError, predict, trainedNetwork } from './layers-model.ts';
import { type Observations, observations, ownLogits } from './observations.ts';

ort.env.wasm.numThreads = 1;

const { observation, action } = contestSpecs().order;
/** As wide as the contest's, so that the outputs gather as much rounding as in earnest. */
const shape: NetworkShape = {
  componentFeatures: observation.componentFeatures.length,
  clusterFeatures: observation.clusterFeatures.length,
  criticFeatures: observation.criticFeatures.length,
  verbs: action.verbs.length,
  encoderUnits: 64,
  embeddingUnits: 32,
  headUnits: 64,
  valueUnits: 64,
};
const network = trainedNetwork(3, shape);
const bytes = onnxNetwork(network, { role: 'order' });
let session: ort.InferenceSession;

beforeAll(async () => {
  session = await ort.InferenceSession.create(bytes);
});

/** What onnxruntime makes of a batch. */
async function run({ size, count, components, cluster, mask }: Observations) {
  const outputs = await session.run({
    components: new ort.Tensor('float32', components, [size, count, shape.componentFeatures]),
    cluster: new ort.Tensor('float32', cluster, [size, shape.clusterFeatures]),
    mask: new ort.Tensor('float32', Float32Array.from(mask), [size, choicesPerRow(shape, count)]),
  });
  return {
    logits: outputs.logits?.data as Float32Array,
    probabilities: outputs.probabilities?.data as Float32Array,
    choices: Array.from(outputs.choice?.data as BigInt64Array, Number),
  };
}

/** A thousand observations of clusters of five sizes. */
const sizes = [1, 3, 9, 28, 60];
const thousand = [300, 300, 200, 150, 50].map((size, index) =>
  observations(shape, { size, count: sizes[index]!, deviation: 2, seed: index }),
);

describe('an exported network in onnxruntime', () => {
  test('takes and gives what its description says', () => {
    const { inputs, outputs } = onnxValues(shape);
    expect(session.inputNames).toEqual(inputs.map(({ name }) => name));
    expect(session.outputNames).toEqual(outputs.map(({ name }) => name));
  });

  test('gives our logits on a thousand observations of clusters of all sizes, and so does TensorFlow.js', async () => {
    const layers = tensorflowLayers(network, {});
    const tensorflow = await loadModel(JSON.stringify(layers.document), () => layers.weights);
    for (const batch of thousand) {
      const own = ownLogits(network, batch);
      const { logits } = await run(batch);
      expect(logitError(logits, own), `${batch.count} components`).toBeLessThan(1e-5);
      expect(logitError(predict(tensorflow, batch), own), `${batch.count} components`).toBeLessThan(1e-5);
    }
  });

  test('never gives a chance to what is not legal, and chooses the best of what is', async () => {
    for (const batch of thousand) {
      const { logits, probabilities, choices } = await run(batch);
      const width = choicesPerRow(shape, batch.count);
      const illegal = [...batch.mask.keys()].filter((index) => batch.mask[index] === 0);
      expect(illegal.filter((index) => logits[index] !== MASKED_LOGIT || probabilities[index] !== 0)).toEqual([]);
      const wrong = choices.filter((choice, row) => {
        const own = logits.subarray(row * width, (row + 1) * width);
        return batch.mask[row * width + choice] !== 1 || own[choice] !== Math.max(...own);
      });
      expect(wrong).toEqual([]);
      expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(batch.size, 3);
    }
  });

  test('limits features far from their mean on both sides, as ours does', async () => {
    const near = observations(shape, { size: 3, count: 6, deviation: 1, seed: 5 });
    const components = near.components.map((value) => 1e5 * value);
    const far = { ...near, components, cluster: near.cluster.map((value) => 1e5 * value) };
    expect(logitError((await run(far)).logits, ownLogits(network, far))).toBeLessThan(1e-5);
  });
});

test('the same network gives the same file', () => {
  expect(Buffer.from(onnxNetwork(network, { role: 'order' })).equals(bytes)).toBe(true);
});
