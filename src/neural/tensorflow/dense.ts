/**
 * Dense layers whose gradients transpose their operands into memory first. The WebAssembly library has a fast matrix
 * product for operands as they lie, and a slow one for those to be read transposed, as every gradient would ask for.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WeightTensors } from './weight-tensors.ts';

/** The dense layer of this name. */
export function linear(weights: WeightTensors, layer: string, input: tf.Tensor2D): tf.Tensor2D {
  return dense(input, weights.matrix(`${layer}.weights`), weights.bias(`${layer}.bias`));
}

/** input x weights + bias, row by row; without a bias, input x weights. */
export function dense(input: tf.Tensor2D, weights: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D {
  const product = multiply(input, weights);
  return bias === undefined ? product : tf.add(product, bias);
}

/** A matrix product with a derivative of its own. */
const multiply: (...operands: tf.Tensor[]) => tf.Tensor2D = tf.customGrad<tf.Tensor2D>((...operands) => {
  const [input, weights, save] = operands as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
  save([input, weights]);
  return {
    value: tf.matMul(input, weights),
    gradFunc: (gradient, saved) => {
      const [left, right] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [tf.matMul(gradient, tf.transpose(right)), tf.matMul(tf.transpose(left), gradient)];
    },
  };
});
