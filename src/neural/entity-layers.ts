/** Builds dense layers from the parameter table of an entity network. */
import type { NetworkShape } from './backend.ts';
import { DenseLayer } from './dense-layer.ts';
import type { Kernels } from './kernels.ts';
import {
  clusterStateSize,
  MESSAGE_PARTS,
  type ParameterGroup,
  parameterGroup,
  parameterTable,
} from './parameter-table.ts';

/** All layers of an entity network; the hidden layer of the head is split by its inputs. */
export interface EntityLayers {
  readonly encoderFirst: DenseLayer;
  readonly encoderSecond: DenseLayer;
  /** The part of head.hidden that acts on a component's embedding: once per component, without the bias. */
  readonly headComponent: DenseLayer;
  /** The part of head.hidden that acts on the cluster state: once per sample, with the bias. */
  readonly headCluster: DenseLayer;
  readonly headVerbs: DenseLayer;
  readonly noOpHidden: DenseLayer;
  readonly noOpOutput: DenseLayer;
  readonly valueFirst: DenseLayer;
  readonly valueSecond: DenseLayer;
  readonly valueOutput: DenseLayer;
}

export function createEntityLayers(kernels: Kernels, shape: NetworkShape): EntityLayers {
  const table = parameterTable(shape);
  const weights = parameterGroup(table, 'head.hidden.weights');
  const bias = parameterGroup(table, 'head.hidden.bias');
  const { embeddingUnits, headUnits } = shape;
  return {
    encoderFirst: denseLayer(kernels, table, 'encoder.first'),
    encoderSecond: denseLayer(kernels, table, 'encoder.second'),
    headComponent: new DenseLayer(kernels, {
      inputs: embeddingUnits,
      outputs: headUnits,
      weightsOffset: weights.offset,
    }),
    headCluster: new DenseLayer(kernels, {
      inputs: weights.rows - embeddingUnits,
      outputs: headUnits,
      weightsOffset: weights.offset + embeddingUnits * headUnits,
      biasOffset: bias.offset,
    }),
    headVerbs: denseLayer(kernels, table, 'head.verbs'),
    noOpHidden: denseLayer(kernels, table, 'noop.hidden'),
    noOpOutput: denseLayer(kernels, table, 'noop.output'),
    valueFirst: denseLayer(kernels, table, 'value.first'),
    valueSecond: denseLayer(kernels, table, 'value.second'),
    valueOutput: denseLayer(kernels, table, 'value.output'),
  };
}

/** The message layer, split by its inputs; the bias comes with the component's own part. */
export interface MessageLayers {
  readonly messageOwn: DenseLayer;
  readonly messageDependentsMean: DenseLayer;
  readonly messageDependentsMax: DenseLayer;
  readonly messageDependenciesMean: DenseLayer;
  readonly messageDependenciesMax: DenseLayer;
}

export function createMessageLayers(kernels: Kernels, shape: NetworkShape): MessageLayers {
  const table = parameterTable(shape);
  const weights = parameterGroup(table, 'message.weights');
  const bias = parameterGroup(table, 'message.bias');
  const units = shape.embeddingUnits;
  const part = (name: (typeof MESSAGE_PARTS)[number]): DenseLayer => {
    const weightsOffset = weights.offset + MESSAGE_PARTS.indexOf(name) * units * units;
    const place = { inputs: units, outputs: units, weightsOffset };
    return new DenseLayer(kernels, name === 'own' ? { ...place, biasOffset: bias.offset } : place);
  };
  return {
    messageOwn: part('own'),
    messageDependentsMean: part('dependents.mean'),
    messageDependentsMax: part('dependents.max'),
    messageDependenciesMean: part('dependencies.mean'),
    messageDependenciesMax: part('dependencies.max'),
  };
}

/** The memory's layers; those of the gates are split into the parts of the cluster state (with the bias) and of the memory. */
export interface MemoryLayers {
  readonly keepState: DenseLayer;
  readonly keepMemory: DenseLayer;
  readonly resetState: DenseLayer;
  readonly resetMemory: DenseLayer;
  readonly freshState: DenseLayer;
  readonly recall: DenseLayer;
}

export function createMemoryLayers(kernels: Kernels, shape: NetworkShape): MemoryLayers {
  const table = parameterTable(shape);
  const state = clusterStateSize(shape);
  const { memoryUnits: outputs = 0 } = shape;
  const statePart = (name: string): DenseLayer => {
    const { offset: weightsOffset } = parameterGroup(table, `${name}.weights`);
    const { offset: biasOffset } = parameterGroup(table, `${name}.bias`);
    return new DenseLayer(kernels, { inputs: state, outputs, weightsOffset, biasOffset });
  };
  const memoryPart = (name: string): DenseLayer => {
    const { offset } = parameterGroup(table, `${name}.weights`);
    return new DenseLayer(kernels, { inputs: outputs, outputs, weightsOffset: offset + state * outputs });
  };
  return {
    keepState: statePart('memory.keep'),
    keepMemory: memoryPart('memory.keep'),
    resetState: statePart('memory.reset'),
    resetMemory: memoryPart('memory.reset'),
    freshState: statePart('memory.fresh'),
    recall: denseLayer(kernels, table, 'memory.recall'),
  };
}

/** The layer of this name in a parameter table. */
export function denseLayer(kernels: Kernels, table: readonly ParameterGroup[], name: string): DenseLayer {
  const weights = parameterGroup(table, `${name}.weights`);
  const bias = parameterGroup(table, `${name}.bias`);
  return new DenseLayer(kernels, {
    inputs: weights.rows,
    outputs: weights.columns,
    weightsOffset: weights.offset,
    biasOffset: bias.offset,
  });
}
