/** Made-up raw observations in batches, and what our own network says to them. */

import { RandomStream } from '../../src/base/index.ts';
import type { TrainedNetwork } from '../../src/model/index.ts';
import { choicesPerRow, createSimdBackend, type NetworkShape, scaleRows } from '../../src/neural/index.ts';

/** `size` observations of `count` components each, mask included. */
export interface Observations {
  readonly size: number;
  readonly count: number;
  readonly components: Float32Array;
  readonly cluster: Float32Array;
  readonly mask: Uint8Array;
}

/** Features around 0, with masks that allow every second choice or so, and always no-op. */
export function observations(
  shape: NetworkShape,
  options: { size: number; count: number; deviation: number; seed: number },
): Observations {
  const { size, count, deviation, seed } = options;
  const stream = new RandomStream(seed, 'observations');
  const features = (length: number) => Float32Array.from({ length }, () => deviation * stream.normal());
  const mask = Uint8Array.from({ length: size * choicesPerRow(shape, count) }, () => (stream.uniform() < 0.5 ? 1 : 0));
  for (let row = 0; row < size; row++) mask[row * choicesPerRow(shape, count)] = 1;
  const components = features(size * count * shape.componentFeatures);
  return { size, count, components, cluster: features(size * shape.clusterFeatures), mask };
}

/** Logits of our own network, with the scaling that policies apply. */
export function ownLogits(
  { shape, weights, scaling }: TrainedNetwork,
  { size, count, components, cluster, mask }: Observations,
): Float32Array {
  const backend = createSimdBackend(shape, { componentsMax: count });
  backend.setWeights(weights);
  const batch = {
    size,
    componentsMax: count,
    counts: new Int32Array(size).fill(count),
    components: components.slice(),
    cluster: cluster.slice(),
    critic: new Float32Array(size * shape.criticFeatures),
    mask,
  };
  scaleRows(components, batch.components, scaling.components, { sourceStart: 0, targetStart: 0, rows: size * count });
  scaleRows(cluster, batch.cluster, scaling.cluster, { sourceStart: 0, targetStart: 0, rows: size });
  const out = { logits: new Float32Array(mask.length), values: new Float32Array(size) };
  backend.forward(batch, out);
  return out.logits;
}
