/** Complete updates on made-up samples, for measuring speed; the clock is the caller's. */
import { log, RandomStream } from '../base/index.ts';
import { Adam, clipGlobalNorm } from './adam.ts';
import { choicesPerRow, type LossSums, type NetworkShape, type PpoLossSettings, type PpoTargets } from './backend.ts';
import { initialWeights } from './initial-weights.ts';
import { type PlainLearner, PlainNetwork } from './plain-network.ts';
import { createSimdBackend } from './simd-backend.ts';

const LOSS: PpoLossSettings = { clipRange: 0.2, valueClipRange: null, entropyWeight: 0.01, valueWeight: 0.5 };
const GRADIENT_NORM_MAX = 0.5;
const LEARNING_RATE = 3e-4;
/** How many of its verbs are legal for a component, about as in a contest. */
const LEGAL_RATIO = 0.25;

/** Work to be timed; each call does it for `samples` samples. */
export interface SpeedProbe {
  readonly samples: number;
  forward(): void;
  /** Forward, backward, clipping and optimizer. */
  update(): LossSums;
}

/** A minibatch of a plain network, e.g. 128-64-64-(32 + 1) with 512 samples; the work around it is always the same. */
export function plainSpeedProbe(network: PlainLearner, samples: number, seed: number = 1): SpeedProbe {
  const stream = new RandomStream(seed, 'speed-probe');
  const { shape } = network;
  const batch = {
    size: samples,
    inputs: normals(samples * shape.inputs, stream),
    ...madeUpTargets(samples, -log(shape.choices), stream),
  };
  const out = { logits: new Float32Array(samples * shape.choices), values: new Float32Array(samples) };
  return {
    samples,
    forward: () => network.forward(batch, out),
    update: createUpdate(network, PlainNetwork.initialWeights(shape, seed), (gradients) =>
      network.gradients(batch, LOSS, samples, gradients),
    ),
  };
}

/** A minibatch of an entity network on clusters of `components` components. */
export function entitySpeedProbe(
  shape: NetworkShape,
  size: { samples: number; components: number },
  seed: number = 1,
): SpeedProbe {
  const { samples, components } = size;
  const stream = new RandomStream(seed, 'speed-probe');
  const backend = createSimdBackend(shape, { componentsMax: components });
  const choices = choicesPerRow(shape, components);
  const batch = {
    size: samples,
    componentsMax: components,
    counts: new Int32Array(samples).fill(components),
    components: normals(samples * components * shape.componentFeatures, stream),
    cluster: normals(samples * shape.clusterFeatures, stream),
    critic: normals(samples * shape.criticFeatures, stream),
    mask: Uint8Array.from({ length: samples * choices }, (_, index) =>
      index % choices === 0 || stream.uniform() < LEGAL_RATIO ? 1 : 0,
    ),
    ...madeUpTargets(samples, -log(1 + choices * LEGAL_RATIO), stream),
  };
  const out = { logits: new Float32Array(samples * choices), values: new Float32Array(samples) };
  return {
    samples,
    forward: () => backend.forward(batch, out),
    update: createUpdate(backend, initialWeights(shape, seed), (gradients) =>
      backend.gradients(batch, LOSS, samples, gradients),
    ),
  };
}

function createUpdate(
  network: { setWeights(weights: Float32Array): void },
  weights: Float32Array,
  computeGradients: (out: Float32Array) => LossSums,
): () => LossSums {
  const gradients = new Float32Array(weights.length);
  const adam = new Adam(weights.length);
  network.setWeights(weights);
  return () => {
    const sums = computeGradients(gradients);
    clipGlobalNorm(gradients, GRADIENT_NORM_MAX);
    adam.step(weights, gradients, LEARNING_RATE);
    network.setWeights(weights);
    return sums;
  };
}

/** Every sample chose no-op or choice 0, which is always legal. */
function madeUpTargets(samples: number, logProbability: number, stream: RandomStream): PpoTargets {
  return {
    choices: new Int32Array(samples),
    oldLogProbabilities: new Float32Array(samples).fill(logProbability),
    advantages: normals(samples, stream),
    returns: normals(samples, stream),
    oldValues: normals(samples, stream),
  };
}

function normals(count: number, stream: RandomStream): Float32Array {
  return Float32Array.from({ length: count }, () => stream.normal());
}
