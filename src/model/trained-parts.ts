/** The matrices and vectors of a trained entity network by name, as the exported formats take them. */

import { type FeatureScaling, type NetworkShape, parameterGroup, parameterTable } from '../neural/index.ts';

/** What decides what a network computes. */
export interface TrainedNetwork {
  readonly shape: NetworkShape;
  /** In the order of `parameterTable(shape)`. */
  readonly weights: Float32Array;
  readonly scaling: { readonly components: FeatureScaling; readonly cluster: FeatureScaling };
}

/** A matrix (rows x columns, row by row) or, with one dimension, a vector. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Layers the exported formats know; the critic's are left out of them. */
const EXPORTED_LAYERS = ['encoder.first', 'encoder.second', 'head.hidden', 'head.verbs', 'noop.hidden', 'noop.output'];
const CRITIC_LAYERS = ['value.first', 'value.second', 'value.output'];

/** Layers of a network that the exported formats do not know: the entity network may have variants. */
export function unexportableParts(shape: NetworkShape): string[] {
  const layers = parameterTable(shape).map(({ name }) => name.replace(/\.(weights|bias)$/, ''));
  const known = new Set([...EXPORTED_LAYERS, ...CRITIC_LAYERS]);
  return [...new Set(layers)].filter((layer) => !known.has(layer));
}

/** Cuts the flat weights into the parts of layers. */
export class TrainedParts {
  readonly shape: NetworkShape;
  readonly #weights: Float32Array;

  constructor({ shape, weights }: TrainedNetwork) {
    this.shape = shape;
    this.#weights = weights;
  }

  /** Rows `from` up to `to` of a layer's matrix. */
  kernel(layer: string, from = 0, to?: number): WeightArray {
    const { rows, columns, offset } = parameterGroup(parameterTable(this.shape), `${layer}.weights`);
    const end = to ?? rows;
    const values = this.#weights.slice(offset + from * columns, offset + end * columns);
    return { shape: [end - from, columns], values };
  }

  bias(layer: string): WeightArray {
    const { columns, offset } = parameterGroup(parameterTable(this.shape), `${layer}.bias`);
    return vector(this.#weights.slice(offset, offset + columns));
  }
}

export function vector(values: Float32Array): WeightArray {
  return { shape: [values.length], values };
}
