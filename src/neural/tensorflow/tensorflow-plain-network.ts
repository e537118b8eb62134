/** The plain multi-layer perceptron on TensorFlow.js, for comparing speeds. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossSums, PpoLossSettings } from '../backend.ts';
import { parameterCount, plainParameterTable } from '../parameter-table.ts';
import type { PlainBatch, PlainLearner, PlainOutput, PlainShape } from '../plain-network.ts';
import { dense } from './dense.ts';
import { addLossGradients } from './loss-gradients.ts';
import { noLosses, takeTargets } from './loss-graph.ts';
import { activate, type TensorflowLibrary } from './tensorflow-library.ts';
import { WeightTensors } from './weight-tensors.ts';

/** Has the same numbers as `PlainNetwork` but for rounding. */
export class TensorflowPlainNetwork implements PlainLearner {
  readonly shape: PlainShape;
  readonly parameterCount: number;
  readonly #library: TensorflowLibrary;
  readonly #weights: WeightTensors;

  constructor(shape: PlainShape, library: TensorflowLibrary) {
    const table = plainParameterTable(shape);
    this.shape = shape;
    this.parameterCount = parameterCount(table);
    this.#library = library;
    this.#weights = new WeightTensors(table);
  }

  setWeights(weights: Float32Array): void {
    activate(this.#library);
    this.#weights.set(weights);
  }

  forward(batch: { size: number; inputs: Float32Array }, out: PlainOutput): void {
    activate(this.#library);
    tf.tidy(() => {
      const { logits, values } = this.#graph(batch);
      out.logits.set(logits.dataSync());
      out.values.set(values.dataSync());
    });
  }

  gradients(batch: PlainBatch, loss: PpoLossSettings, divisor: number, out: Float32Array): LossSums {
    activate(this.#library);
    out.fill(0);
    const sums = noLosses();
    const targets = takeTargets(batch, 0, batch.size);
    addLossGradients(this.#weights, () => this.#graph(batch), { targets, loss, divisor, sums, out });
    return sums;
  }

  #graph({ size, inputs }: { readonly size: number; readonly inputs: Float32Array }): {
    readonly logits: tf.Tensor2D;
    readonly values: tf.Tensor1D;
  } {
    const { choices } = this.shape;
    const layer = (name: string, input: tf.Tensor2D): tf.Tensor2D =>
      dense(input, this.#weights.matrix(`${name}.weights`), this.#weights.bias(`${name}.bias`));
    const first = tf.tanh(layer('first', tf.tensor2d(inputs, [size, this.shape.inputs])));
    const output = layer('output', tf.tanh(layer('second', first)));
    return {
      logits: tf.slice(output, [0, 0], [size, choices]),
      values: tf.squeeze(tf.slice(output, [0, choices], [size, 1]), [1]),
    };
  }
}
