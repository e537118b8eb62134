/** The flat weight vector: which matrix or bias lies where, and how it is initialised. */
import { assert } from '../base/index.ts';
import type { NetworkShape } from './backend.ts';

/** One matrix (inputs x outputs, row by row) or bias (1 x outputs) of the flat weight vector. */
export interface ParameterGroup {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  /** Gain of the orthogonal initialisation; 0 for a bias, which starts at 0. */
  readonly gain: number;
}

/** Inputs of a dense layer, its outputs, and its gain. */
interface LayerSize {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly gain: number;
}

const HIDDEN_GAIN: number = Math.SQRT2;
/** Small, so that the first policy is close to uniform. */
const POLICY_GAIN = 0.01;
const VALUE_GAIN = 1;
const MEMORY_GAIN = 1;

/** Size of [mean embedding, max embedding, cluster features, log(1 + components)]. */
export function clusterStateSize(shape: NetworkShape): number {
  return 2 * shape.embeddingUnits + shape.clusterFeatures + 1;
}

/** Size of what the heads see of the cluster: its state, and what the actor remembers. */
export function headStateSize(shape: NetworkShape): number {
  return clusterStateSize(shape) + (shape.memoryUnits ?? 0);
}

/** Size of [mean features, max features, cluster features, critic features, log(1 + components)]. */
export function criticStateSize(shape: NetworkShape): number {
  return 2 * shape.componentFeatures + shape.clusterFeatures + shape.criticFeatures + 1;
}

/** What the message layer takes in: the component's own embedding, then these of its neighbours. */
export const MESSAGE_PARTS = [
  'own',
  'dependents.mean',
  'dependents.max',
  'dependencies.mean',
  'dependencies.max',
] as const;

/**
 * The groups in order. Layers: x -> encoder.first -> encoder.second = embedding e; [e, cluster state] -> head.hidden ->
 * head.verbs; cluster state -> noop.hidden -> noop.output; critic state -> value.first -> value.second -> value.output.
 * With messages, MESSAGE_PARTS of the encoder's output -> message = embedding e. All hidden layers and the embedding are
 * tanh, the three outputs linear.
 *
 * With a memory m, [cluster state, m] -> memory.keep, memory.reset; cluster state -> memory.fresh; m -> memory.recall; from
 * them the memory after (assembly/memory.ts), which follows the cluster state wherever a head reads it.
 */
export function parameterTable(shape: NetworkShape): readonly ParameterGroup[] {
  const { encoderUnits, embeddingUnits, headUnits, valueUnits } = shape;
  const headState = headStateSize(shape);
  return layerGroups([
    { name: 'encoder.first', inputs: shape.componentFeatures, outputs: encoderUnits, gain: HIDDEN_GAIN },
    { name: 'encoder.second', inputs: encoderUnits, outputs: embeddingUnits, gain: HIDDEN_GAIN },
    ...(shape.messages === true
      ? [
          {
            name: 'message',
            inputs: MESSAGE_PARTS.length * embeddingUnits,
            outputs: embeddingUnits,
            gain: HIDDEN_GAIN,
          },
        ]
      : []),
    ...memoryLayers(shape),
    { name: 'head.hidden', inputs: embeddingUnits + headState, outputs: headUnits, gain: HIDDEN_GAIN },
    { name: 'head.verbs', inputs: headUnits, outputs: shape.verbs, gain: POLICY_GAIN },
    { name: 'noop.hidden', inputs: headState, outputs: headUnits, gain: HIDDEN_GAIN },
    { name: 'noop.output', inputs: headUnits, outputs: 1, gain: POLICY_GAIN },
    { name: 'value.first', inputs: criticStateSize(shape), outputs: valueUnits, gain: HIDDEN_GAIN },
    { name: 'value.second', inputs: valueUnits, outputs: valueUnits, gain: HIDDEN_GAIN },
    { name: 'value.output', inputs: valueUnits, outputs: 1, gain: VALUE_GAIN },
  ]);
}

function memoryLayers(shape: NetworkShape): LayerSize[] {
  const { memoryUnits: outputs = 0 } = shape;
  if (outputs === 0) return [];
  const state = clusterStateSize(shape);
  const gain = MEMORY_GAIN;
  return [
    { name: 'memory.keep', inputs: state + outputs, outputs, gain },
    { name: 'memory.reset', inputs: state + outputs, outputs, gain },
    { name: 'memory.fresh', inputs: state, outputs, gain },
    { name: 'memory.recall', inputs: outputs, outputs, gain },
  ];
}

/** The groups of a plain multi-layer perceptron whose last output is the value. */
export function plainParameterTable(size: {
  inputs: number;
  hiddenUnits: number;
  choices: number;
}): readonly ParameterGroup[] {
  const { inputs, hiddenUnits, choices } = size;
  return layerGroups([
    { name: 'first', inputs, outputs: hiddenUnits, gain: HIDDEN_GAIN },
    { name: 'second', inputs: hiddenUnits, outputs: hiddenUnits, gain: HIDDEN_GAIN },
    { name: 'output', inputs: hiddenUnits, outputs: choices + 1, gain: VALUE_GAIN },
  ]);
}

/** Length of the flat vector. */
export function parameterCount(table: readonly ParameterGroup[]): number {
  const last = table[table.length - 1];
  return last === undefined ? 0 : last.offset + last.rows * last.columns;
}

/** The group of this name; an unknown name is a bug. */
export function parameterGroup(table: readonly ParameterGroup[], name: string): ParameterGroup {
  const group = table.find((candidate) => candidate.name === name);
  assert(group !== undefined, `there is no parameter group ${name}`);
  return group;
}

function layerGroups(layers: readonly LayerSize[]): readonly ParameterGroup[] {
  const groups: ParameterGroup[] = [];
  let offset = 0;
  for (const { name, inputs, outputs, gain } of layers) {
    groups.push({ name: `${name}.weights`, rows: inputs, columns: outputs, offset, gain });
    offset += inputs * outputs;
    groups.push({ name: `${name}.bias`, rows: 1, columns: outputs, offset, gain: 0 });
    offset += outputs;
  }
  return groups;
}
