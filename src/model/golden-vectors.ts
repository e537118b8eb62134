/** Observations with the logits our own network gives for them: whoever runs an exported model can check it by these. */

import { RandomStream } from '../base/index.ts';
import { choiceCount, NO_OP } from '../contract/index.ts';
import { createSimdBackend, type FeatureScaling, scaleRows } from '../neural/index.ts';
import { bestChoice } from '../policies/index.ts';
import type { TrainedNetwork } from './trained-parts.ts';

/** One decision: what goes in, and what must come out. */
export interface GoldenVector {
  /** Components x features. */
  readonly components: readonly (readonly number[])[];
  readonly cluster: readonly number[];
  /** 1 = legal, per choice. */
  readonly mask: readonly number[];
  readonly logits: readonly number[];
  /** The legal choice of the highest logit. */
  readonly best: number;
}

/** Share of features that are drawn far outside what training saw, so that the limit of scaling is checked too. */
const OUTLIER_SHARE = 0.05;
const OUTLIER_FACTOR = 20;

/** Made-up observations of these numbers of components, drawn from `seed` about where training saw them. */
export function goldenVectors(
  network: TrainedNetwork,
  options: { readonly componentCounts: readonly number[]; readonly seed: number },
): GoldenVector[] {
  const stream = new RandomStream(options.seed, 'golden-vectors');
  return options.componentCounts.map((count) => {
    const { shape, scaling } = network;
    const choices = choiceCount(count, shape.verbs);
    const observation = {
      components: Array.from({ length: count }, () => drawFeatures(scaling.components, stream)),
      cluster: drawFeatures(scaling.cluster, stream),
      mask: Array.from({ length: choices }, (_, choice) => (choice === NO_OP || stream.uniform() < 0.5 ? 1 : 0)),
    };
    return { ...observation, ...decide(network, observation) };
  });
}

/** Logits and best choice of our own network for a raw observation. */
function decide(
  { shape, weights, scaling }: TrainedNetwork,
  observation: Pick<GoldenVector, 'components' | 'cluster' | 'mask'>,
): Pick<GoldenVector, 'logits' | 'best'> {
  const count = observation.components.length;
  const choices = choiceCount(count, shape.verbs);
  const backend = createSimdBackend(shape, { componentsMax: count });
  backend.setWeights(weights);
  const components = Float32Array.from(observation.components.flat());
  const cluster = Float32Array.from(observation.cluster);
  const mask = Uint8Array.from(observation.mask);
  scaleRows(components, components, scaling.components, { sourceStart: 0, targetStart: 0, rows: count });
  scaleRows(cluster, cluster, scaling.cluster, { sourceStart: 0, targetStart: 0, rows: 1 });
  const counts = Int32Array.of(count);
  const critic = new Float32Array(shape.criticFeatures);
  const out = { logits: new Float32Array(choices), values: new Float32Array(1) };
  backend.forward({ size: 1, componentsMax: count, counts, components, cluster, critic, mask }, out);
  const best = bestChoice(out.logits, mask, { logitsStart: 0, maskStart: 0, count: choices });
  return { logits: Array.from(out.logits, (logit) => shorten(logit, 9)), best };
}

function drawFeatures({ means, factors }: FeatureScaling, stream: RandomStream): number[] {
  return Array.from(means, (mean, feature) => {
    const outlier = stream.uniform() < OUTLIER_SHARE;
    const deviations = stream.normal() * (outlier ? OUTLIER_FACTOR : 1);
    return shorten(mean + deviations / (factors[feature] ?? 1), 6);
  });
}

/** Few digits keep the file small; nine tell any two floats apart. */
function shorten(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
