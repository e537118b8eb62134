/**
 * A trained entity network in TensorFlow.js' layers format, from raw features to masked logits and with stock layers
 * only, so that `tf.loadLayersModel` runs it without a line of ours. Inputs: `components` [batch, N, features],
 * `cluster` [batch, features], `mask` [batch, N x verbs + 1]; N is free, but one for a whole batch. The critic is left out.
 */

import { type FeatureScaling, MASKED_LOGIT, SCALED_MAX } from '../neural/index.ts';
import { LayersGraph, type LayersModel } from './layers-graph.ts';
import { type TrainedNetwork, TrainedParts, vector, type WeightArray } from './trained-parts.ts';

/** The network as a layers model; `metadata` travels in its document. */
export function tensorflowLayers(network: TrainedNetwork, metadata: object): LayersModel {
  const { componentFeatures, clusterFeatures } = network.shape;
  const graph = new LayersGraph();
  const parts = new TrainedParts(network);
  const rawComponents = graph.input('components', [null, componentFeatures]);
  const rawCluster = graph.input('cluster', [clusterFeatures]);
  const mask = graph.input('mask', [null]);
  const components = addScaling(graph, rawComponents, network.scaling.components);
  const cluster = addScaling(graph, rawCluster, network.scaling.cluster);
  const embedding = addEncoder(graph, parts, components);
  const state = addClusterState(graph, embedding, { cluster, embeddingUnits: network.shape.embeddingUnits });
  const scores = addHeads(graph, parts, { embedding, state });
  const output = addMask(graph, scores, mask);
  return graph.finish({ name: 'entity_network', output, metadata });
}

/**
 * (value - mean) x factor, limited to +-10. There is no layer that limits on both sides, so the part above 0 and the
 * part below 0 are limited on their own and added; one shifted limit would cost digits.
 */
function addScaling(graph: LayersGraph, input: string, { means, factors }: FeatureScaling): string {
  const limit = (sign: string, scaled: string) =>
    graph.layer(`${input}_limited_${sign}`, { className: 'ReLU', from: [scaled], config: { max_value: SCALED_MAX } });
  const above = addAffine(graph, `${input}_scaled`, input, { means, factors });
  const below = addAffine(graph, `${input}_scaled_negated`, input, {
    means,
    factors: factors.map((factor) => -factor),
  });
  const negated = addAffine(graph, `${input}_below`, limit('below', below), {
    means: new Float32Array(means.length),
    factors: new Float32Array(means.length).fill(-1),
  });
  return graph.layer(`${input}_limited`, { className: 'Add', from: [limit('above', above), negated] });
}

/** (value - mean) x factor per feature: what batch normalisation does once it is trained. */
function addAffine(graph: LayersGraph, name: string, from: string, { means, factors }: FeatureScaling): string {
  return graph.layer(name, {
    className: 'BatchNormalization',
    from: [from],
    config: { axis: -1, epsilon: 0, center: false, scale: true },
    weights: {
      gamma: vector(factors),
      moving_mean: vector(means),
      moving_variance: vector(new Float32Array(means.length).fill(1)),
    },
  });
}

function addEncoder(graph: LayersGraph, parts: TrainedParts, components: string): string {
  const dense = (name: string, layer: string, from: string) =>
    addDense(graph, name, from, { kernel: parts.kernel(layer), bias: parts.bias(layer), activation: 'tanh' });
  return dense('encoder_second', 'encoder.second', dense('encoder_first', 'encoder.first', components));
}

/** [mean embedding, max embedding, cluster features, log(1 + N)]. */
function addClusterState(
  graph: LayersGraph,
  embedding: string,
  { cluster, embeddingUnits }: { readonly cluster: string; readonly embeddingUnits: number },
): string {
  const mean = graph.layer('embedding_mean', { className: 'GlobalAveragePooling1D', from: [embedding] });
  const max = graph.layer('embedding_max', { className: 'GlobalMaxPooling1D', from: [embedding] });
  const logCount = addLogCount(graph, { embedding, max, embeddingUnits });
  return addConcatenation(graph, 'cluster_state', [mean, max, cluster, logCount]);
}

/** log(1 + N) by stock layers: the logarithm of a softmax over N + 1 zeros is -log(N + 1) in each of its places. */
function addLogCount(
  graph: LayersGraph,
  {
    embedding,
    max,
    embeddingUnits,
  }: { readonly embedding: string; readonly max: string; readonly embeddingUnits: number },
): string {
  const kernel = { shape: [embeddingUnits, 1], values: new Float32Array(embeddingUnits) };
  const zeroEach = addReshape(graph, 'count_zeros', addDense(graph, 'count_zero_each', embedding, { kernel }), [-1]);
  const zeroMore = addDense(graph, 'count_zero_more', max, { kernel });
  const zeros = addConcatenation(graph, 'count_plus_one_zeros', [zeroEach, zeroMore]);
  const logs = graph.layer('count_log_softmax', {
    className: 'Activation',
    from: [zeros],
    config: { activation: 'log_softmax' },
  });
  const column = addReshape(graph, 'count_log_column', logs, [-1, 1]);
  const one = graph.layer('count_log_negative', { className: 'GlobalMaxPooling1D', from: [column] });
  return addDense(graph, 'count_log', one, { kernel: { shape: [1, 1], values: Float32Array.of(-1) } });
}

/** Scores of no-op, then of the verbs of each component. */
function addHeads(
  graph: LayersGraph,
  parts: TrainedParts,
  { embedding, state }: { readonly embedding: string; readonly state: string },
): string {
  const { embeddingUnits, headUnits } = parts.shape;
  const own = addDense(graph, 'head_component', embedding, { kernel: parts.kernel('head.hidden', 0, embeddingUnits) });
  const shared = addDense(graph, 'head_cluster', state, {
    kernel: parts.kernel('head.hidden', embeddingUnits),
    bias: parts.bias('head.hidden'),
  });
  const row = addReshape(graph, 'head_cluster_row', shared, [1, headUnits]);
  const sum = graph.layer('head_sum', { className: 'Add', from: [own, row] });
  const hidden = graph.layer('head_hidden', { className: 'Activation', from: [sum], config: { activation: 'tanh' } });
  const dense = (name: string, layer: string, from: string, activation?: 'tanh') =>
    addDense(graph, name, from, { kernel: parts.kernel(layer), bias: parts.bias(layer), activation });
  const verbs = addReshape(graph, 'verb_scores', dense('head_verbs', 'head.verbs', hidden), [-1]);
  const noOp = dense('noop_output', 'noop.output', dense('noop_hidden', 'noop.hidden', state, 'tanh'));
  return addConcatenation(graph, 'scores', [noOp, verbs]);
}

/** score x mask + (mask - 1) x 1e8: legal choices keep their score to the last bit, the others get -1e8. */
function addMask(graph: LayersGraph, scores: string, mask: string): string {
  const kept = graph.layer('legal_scores', { className: 'Multiply', from: [scores, mask] });
  const penalty = addDense(graph, 'mask_penalty', addReshape(graph, 'mask_column', mask, [-1, 1]), {
    kernel: { shape: [1, 1], values: Float32Array.of(-MASKED_LOGIT) },
    bias: vector(Float32Array.of(MASKED_LOGIT)),
  });
  const row = addReshape(graph, 'mask_penalty_row', penalty, [-1]);
  return graph.layer('logits', { className: 'Add', from: [kept, row] });
}

interface DenseParts {
  readonly kernel: WeightArray;
  readonly bias?: WeightArray;
  readonly activation?: 'tanh' | undefined;
}

function addDense(graph: LayersGraph, name: string, from: string, { kernel, bias, activation }: DenseParts): string {
  return graph.layer(name, {
    className: 'Dense',
    from: [from],
    config: { units: kernel.shape[1], activation: activation ?? 'linear', use_bias: bias !== undefined },
    weights: bias === undefined ? { kernel } : { kernel, bias },
  });
}

/** -1 stands for the length that is left. */
function addReshape(graph: LayersGraph, name: string, from: string, shape: readonly number[]): string {
  return graph.layer(name, { className: 'Reshape', from: [from], config: { target_shape: shape } });
}

function addConcatenation(graph: LayersGraph, name: string, from: readonly string[]): string {
  return graph.layer(name, { className: 'Concatenate', from, config: { axis: -1 } });
}
