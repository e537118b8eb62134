/** The network in plain JavaScript against our kernels. */

import { describe, expect, test } from 'vitest';
import { EntityNetwork, type NamedArray } from '../../src/decide/index.ts';
import { tensorflowLayers } from '../../src/model/index.ts';
import { choicesPerRow, MASKED_LOGIT } from '../../src/neural/index.ts';
import { logitError, shape, trainedNetwork } from '../model/layers-model.ts';
import { type Observations, observations, ownLogits } from '../model/observations.ts';

const trained = trainedNetwork(4);
const { document, weights } = tensorflowLayers(trained, {});

/** The arrays of the layers file by name. */
function arrays(): Map<string, NamedArray> {
  const [{ weights: manifest }] = (document as { weightsManifest: [{ weights: { name: string; shape: number[] }[] }] })
    .weightsManifest;
  const view = new DataView(weights.buffer);
  let offset = 0;
  return new Map(
    manifest.map(({ name, shape: lengths }) => {
      const length = lengths.reduce((product, size) => product * size, 1);
      const from = offset;
      offset += length;
      const values = Float32Array.from({ length }, (_, index) => view.getFloat32(4 * (from + index), true));
      return [name, { shape: lengths, values }];
    }),
  );
}

const network = new EntityNetwork(arrays());

/** Logits of every observation of a batch. */
function logitsOf({ size, count, components, cluster, mask }: Observations): Float64Array[] {
  const choices = choicesPerRow(shape, count);
  return Array.from({ length: size }, (_, row) => {
    const width = count * shape.componentFeatures;
    return network.logits({
      components: components.subarray(row * width, (row + 1) * width),
      cluster: cluster.subarray(row * shape.clusterFeatures, (row + 1) * shape.clusterFeatures),
      mask: mask.subarray(row * choices, (row + 1) * choices),
    });
  });
}

describe('the plain network', () => {
  test.each([1, 2, 9, 40])('gives the logits of our kernels for %i components', (count) => {
    const batch = observations(shape, { size: 20, count, deviation: 3, seed: count });
    const own = ownLogits(trained, batch);
    const choices = choicesPerRow(shape, count);
    logitsOf(batch).forEach((logits, row) => {
      expect(logitError(logits, own.subarray(row * choices, (row + 1) * choices))).toBeLessThan(1e-5);
    });
  });

  test('masks what is not legal', () => {
    const batch = observations(shape, { size: 1, count: 4, deviation: 1, seed: 3 });
    const [logits = new Float64Array()] = logitsOf(batch);
    const masked = [...batch.mask.keys()].filter((choice) => batch.mask[choice] === 0);
    expect(masked.length).toBeGreaterThan(0);
    for (const choice of masked) expect(logits[choice]).toBe(MASKED_LOGIT);
  });

  test('names an array that is missing', () => {
    const some = arrays();
    some.delete('head_verbs/kernel');
    expect(() => new EntityNetwork(some)).toThrow('head_verbs/kernel');
  });
});
