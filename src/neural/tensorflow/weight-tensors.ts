/** The weights of a network as tensors, one for each matrix and bias of the flat vector. */
import * as tf from '@tensorflow/tfjs-core';
import { assert } from '../../base/index.ts';
import type { ParameterGroup } from '../parameter-table.ts';

/** Where a tensor's values lie in the flat vector; biases have one row. */
export type WeightPlace = Pick<ParameterGroup, 'name' | 'offset' | 'rows' | 'columns'>;

/** Weights by name; they stay until others take their place. */
export class WeightTensors {
  readonly #places: readonly WeightPlace[];
  #tensors: readonly tf.Tensor[] = [];

  constructor(places: readonly WeightPlace[]) {
    this.#places = places;
  }

  /** All tensors in the order of their places. */
  get list(): tf.Tensor[] {
    return [...this.#tensors];
  }

  /** Takes over the values of a flat vector. */
  set(flat: Float32Array): void {
    tf.dispose(this.list);
    this.#tensors = this.#places.map(({ name, offset, rows, columns }) => {
      const values = flat.slice(offset, offset + rows * columns);
      return tf.keep(name.endsWith('.bias') ? tf.tensor1d(values) : tf.tensor2d(values, [rows, columns]));
    });
  }

  matrix(name: string): tf.Tensor2D {
    return this.#find(name) as tf.Tensor2D;
  }

  bias(name: string): tf.Tensor1D {
    return this.#find(name) as tf.Tensor1D;
  }

  /** Adds gradients, in the order of `list`, to a flat vector. */
  addInto(flat: Float32Array, gradients: readonly tf.Tensor[]): void {
    for (const [index, { offset }] of this.#places.entries()) {
      for (const [at, value] of gradients[index]!.dataSync().entries()) flat[offset + at]! += value;
    }
  }

  #find(name: string): tf.Tensor {
    const tensor = this.#tensors[this.#places.findIndex((place) => place.name === name)];
    assert(tensor !== undefined, `weights ${name} have been set`);
    return tensor;
  }
}
