/** The entity network as a graph of TensorFlow.js: what `parameterTable` describes, on padded samples. */
import * as tf from '@tensorflow/tfjs-core';
import { choicesPerRow, type NetworkShape } from '../backend.ts';
import { parameterGroup, parameterTable } from '../parameter-table.ts';
import { dense, linear } from './dense.ts';
import type { EntityChunk } from './entity-chunk.ts';
import { maskLogits } from './loss-graph.ts';
import { remember } from './memory-graph.ts';
import type { ChunkGraph } from './padded-lists.ts';
import { poolNeighbours, poolRows, presenceOf } from './pooling.ts';
import type { WeightPlace, WeightTensors } from './weight-tensors.ts';

/** Names of the two parts of the matrix of head.hidden: what acts on the embedding, and on the cluster state. */
const HEAD_COMPONENT = 'head.component.weights';
const HEAD_CLUSTER = 'head.cluster.weights';

/** Where the network's tensors lie in the flat vector; the rows of head.hidden are split by their inputs. */
export function entityPlaces(shape: NetworkShape): readonly WeightPlace[] {
  const table = parameterTable(shape);
  const head = parameterGroup(table, 'head.hidden.weights');
  const { columns, offset } = head;
  const rows = shape.embeddingUnits;
  const parts = [
    { name: HEAD_COMPONENT, offset, rows, columns },
    { name: HEAD_CLUSTER, offset: offset + rows * columns, rows: head.rows - rows, columns },
  ];
  return table.flatMap((group): readonly WeightPlace[] => (group === head ? parts : [group]));
}

/** What comes out of the network for a chunk. */
export interface EntityOutput {
  /** MASKED_LOGIT where a choice is not legal. */
  readonly logits: tf.Tensor2D;
  readonly values: tf.Tensor1D;
  /** Of a network with a memory: what is remembered after each sample. */
  readonly memories: tf.Tensor2D | undefined;
}

/** The network on the samples of a chunk. */
export function entityGraph(weights: WeightTensors, shape: NetworkShape, chunk: EntityChunk): EntityOutput {
  const { samples, components, counts } = chunk;
  const presence = presenceOf(counts, components);
  const features = tf.tensor2d(chunk.features, [samples * components, shape.componentFeatures]);
  const encoded = hidden(weights, 'encoder.second', hidden(weights, 'encoder.first', features));
  const embeddings = chunk.graph === undefined ? encoded : exchangeMessages(weights, encoded, chunk.graph);
  const clusterState = tf.concat2d(
    [poolRows(embeddings, presence), tf.tensor2d(chunk.cluster, [samples, shape.clusterFeatures + 1])],
    1,
  );
  const memories = chunk.memory === undefined ? undefined : remember(weights, clusterState, chunk.memory);
  const state = memories === undefined ? clusterState : tf.concat2d([clusterState, memories], 1);
  const noOp = linear(weights, 'noop.output', hidden(weights, 'noop.hidden', state));
  const logits = tf.concat2d([noOp, verbLogits(weights, shape, { embeddings, state, components })], 1);

  const rest = shape.clusterFeatures + shape.criticFeatures + 1;
  const criticState = tf.concat2d([poolRows(features, presence), tf.tensor2d(chunk.critic, [samples, rest])], 1);
  const critic = hidden(weights, 'value.second', hidden(weights, 'value.first', criticState));
  const values = tf.squeeze<tf.Tensor1D>(linear(weights, 'value.output', critic), [1]);
  return { logits: maskLogits(logits, chunk.mask), values, memories };
}

/** Embeddings that have taken in those around them, in the order of MESSAGE_PARTS. */
function exchangeMessages(weights: WeightTensors, own: tf.Tensor2D, graph: ChunkGraph): tf.Tensor2D {
  const parts = [own, poolNeighbours(own, graph.dependents), poolNeighbours(own, graph.dependencies)];
  return hidden(weights, 'message', tf.concat2d(parts, 1));
}

/** samples x (components x verbs): the hidden layer adds a part of the component and a part of its sample. */
function verbLogits(
  weights: WeightTensors,
  shape: NetworkShape,
  input: { readonly embeddings: tf.Tensor2D; readonly state: tf.Tensor2D; readonly components: number },
): tf.Tensor2D {
  const { embeddings, state, components } = input;
  const samples = state.shape[0];
  const { headUnits } = shape;
  const own = tf.reshape(dense(embeddings, weights.matrix(HEAD_COMPONENT)), [samples, components, headUnits]);
  const shared = dense(state, weights.matrix(HEAD_CLUSTER), weights.bias('head.hidden.bias'));
  const units = tf.tanh(tf.add(own, tf.reshape(shared, [samples, 1, headUnits])));
  const rows = tf.reshape(units, [samples * components, headUnits]) as tf.Tensor2D;
  return tf.reshape(linear(weights, 'head.verbs', rows), [samples, choicesPerRow(shape, components) - 1]);
}

function hidden(weights: WeightTensors, layer: string, input: tf.Tensor2D): tf.Tensor2D {
  return tf.tanh(linear(weights, layer, input));
}
