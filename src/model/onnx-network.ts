/**
 * A trained entity network as an ONNX model, from raw features to a choice: scaling and mask are part of the graph, so
 * that nobody can forget them, and the number of components is free. The critic is left out.
 */

import { type FeatureScaling, MASKED_LOGIT, SCALED_MAX } from '../neural/index.ts';
import { OnnxGraph, type OnnxValue } from './onnx-graph.ts';
import { type TrainedNetwork, TrainedParts, vector } from './trained-parts.ts';

/** Inputs and outputs of the model, by what its file and the card say of them. */
export function onnxValues({ componentFeatures, clusterFeatures }: TrainedNetwork['shape']): {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
} {
  const value = (name: string, shape: OnnxValue['shape'], meaning: string, type: OnnxValue['type'] = 'float') => {
    return { name, type, shape: ['batch', ...shape], meaning };
  };
  return {
    inputs: [
      value('components', ['components', componentFeatures], 'features in their own units, one row per component'),
      value('cluster', [clusterFeatures], 'features of the whole cluster in their own units'),
      value('mask', ['choices'], '1 = legal, 0 = not; choices = components x verbs + 1'),
    ],
    outputs: [
      value('logits', ['choices'], '-1e8 where not legal'),
      value('probabilities', ['choices'], 'softmax of the logits'),
      value('choice', [], 'the choice of the highest logit', 'int64'),
    ],
  };
}

/** The bytes of the file; `metadata` travels in it. */
export function onnxNetwork(network: TrainedNetwork, metadata: Readonly<Record<string, string>>): Uint8Array {
  const graph = new OnnxGraph();
  const { inputs, outputs } = onnxValues(network.shape);
  for (const input of inputs) graph.input(input);
  const parts = new TrainedParts(network);
  const limits = [graph.scalar('scaled_min', -SCALED_MAX), graph.scalar('scaled_max', SCALED_MAX)];
  const components = addScaling(graph, 'components', { scaling: network.scaling.components, limits });
  const cluster = addScaling(graph, 'cluster', { scaling: network.scaling.cluster, limits });
  const hidden = addTanh(graph, addDense(graph, parts, { layer: 'encoder.first', from: components }));
  const embedding = addTanh(graph, addDense(graph, parts, { layer: 'encoder.second', from: hidden }));
  const state = addClusterState(graph, embedding, cluster);
  addDecision(graph, addScores(graph, parts, { embedding, state }));
  for (const output of outputs) graph.output(output);
  return graph.finish({ name: 'entity_network', metadata });
}

/** (value - mean) x factor, limited to +-10. */
function addScaling(
  graph: OnnxGraph,
  input: string,
  { scaling, limits }: { readonly scaling: FeatureScaling; readonly limits: readonly string[] },
): string {
  const means = graph.floats(`${input}.means`, vector(scaling.means));
  const factors = graph.floats(`${input}.factors`, vector(scaling.factors));
  const centred = graph.operation(`${input}.centred`, 'Sub', [input, means]);
  const scaled = graph.operation(`${input}.scaled`, 'Mul', [centred, factors]);
  return graph.operation(`${input}.limited`, 'Clip', [scaled, ...limits]);
}

/** [mean embedding, max embedding, cluster features, log(1 + N)]. */
function addClusterState(graph: OnnxGraph, embedding: string, cluster: string): string {
  const overComponents = { axes: [1], keepdims: 0 };
  const mean = graph.operation('embedding.mean', 'ReduceMean', [embedding], overComponents);
  const max = graph.operation('embedding.max', 'ReduceMax', [embedding], overComponents);
  return graph.operation('state', 'Concat', [mean, max, cluster, addLogCount(graph, embedding)], { axis: 1 });
}

/** log(1 + N), once per row of the batch. */
function addLogCount(graph: OnnxGraph, embedding: string): string {
  const lengths = graph.operation('lengths', 'Shape', [embedding]);
  const length = (name: string, index: number): string =>
    graph.operation(name, 'Gather', [lengths, graph.integers(`${name}.index`, [index])], { axis: 0 });
  const count = graph.operation('count.float', 'Cast', [length('count', 1)], { to: 1 });
  const plusOne = graph.operation('count.plusOne', 'Add', [count, graph.scalar('one', 1)]);
  const logarithm = graph.operation('count.log', 'Log', [plusOne]);
  const column = [length('rows', 0), graph.integers('single', [1])];
  const shape = graph.operation('count.shape', 'Concat', column, { axis: 0 });
  return graph.operation('count.column', 'Expand', [logarithm, shape]);
}

/** Scores of no-op, then of the verbs of each component. */
function addScores(
  graph: OnnxGraph,
  parts: TrainedParts,
  { embedding, state }: { readonly embedding: string; readonly state: string },
): string {
  const { embeddingUnits } = parts.shape;
  const ownKernel = graph.floats('head.own.weights', parts.kernel('head.hidden', 0, embeddingUnits));
  const own = graph.operation('head.own', 'MatMul', [embedding, ownKernel]);
  const sharedKernel = graph.floats('head.shared.weights', parts.kernel('head.hidden', embeddingUnits));
  const shared = graph.operation('head.shared.product', 'MatMul', [state, sharedKernel]);
  const biased = graph.operation('head.shared', 'Add', [shared, graph.floats('head.bias', parts.bias('head.hidden'))]);
  const row = graph.operation('head.shared.row', 'Unsqueeze', [biased, graph.integers('head.shared.axis', [1])]);
  const hidden = addTanh(graph, graph.operation('head', 'Add', [own, row]));
  const verbs = addDense(graph, parts, { layer: 'head.verbs', from: hidden });
  // 0 keeps the length of the batch, -1 takes what is left.
  const flat = graph.operation('verbs.flat', 'Reshape', [verbs, graph.integers('verbs.shape', [0, -1])]);
  const noOpHidden = addTanh(graph, addDense(graph, parts, { layer: 'noop.hidden', from: state }));
  const noOp = addDense(graph, parts, { layer: 'noop.output', from: noOpHidden });
  return graph.operation('scores', 'Concat', [noOp, flat], { axis: 1 });
}

/** The three outputs. */
function addDecision(graph: OnnxGraph, scores: string): void {
  const legal = graph.operation('legal', 'Greater', ['mask', graph.scalar('half', 0.5)]);
  const logits = graph.operation('logits', 'Where', [legal, scores, graph.scalar('illegal', MASKED_LOGIT)]);
  graph.operation('probabilities', 'Softmax', [logits], { axis: 1 });
  graph.operation('choice', 'ArgMax', [logits], { axis: 1, keepdims: 0 });
}

function addDense(
  graph: OnnxGraph,
  parts: TrainedParts,
  { layer, from }: { readonly layer: string; readonly from: string },
): string {
  const product = graph.operation(`${layer}.product`, 'MatMul', [
    from,
    graph.floats(`${layer}.weights`, parts.kernel(layer)),
  ]);
  return graph.operation(layer, 'Add', [product, graph.floats(`${layer}.bias`, parts.bias(layer))]);
}

function addTanh(graph: OnnxGraph, from: string): string {
  return graph.operation(`${from}.tanh`, 'Tanh', [from]);
}
