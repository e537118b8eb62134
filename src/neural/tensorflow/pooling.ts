/** Mean and maximum over the components of a sample, where samples are padded to the same number of components. */
import * as tf from '@tensorflow/tfjs-core';

/** Which components exist, as tensors to calculate with. */
export interface Presence {
  /** samples x components x 1: 1 where a component exists, else 0. */
  readonly present: tf.Tensor3D;
  /** samples x components x 1: 0 where a component exists, else a number below all others. */
  readonly absent: tf.Tensor3D;
  /** samples x 1. */
  readonly counts: tf.Tensor2D;
}

/** [mean, max] over the components that exist: samples x 2 columns. */
export function poolComponents(rows: tf.Tensor3D, presence: Presence): tf.Tensor2D {
  const mean = tf.div(tf.sum(tf.mul(rows, presence.present), 1), presence.counts);
  return tf.concat2d([mean as tf.Tensor2D, maximum(tf.add(rows, presence.absent))], 1);
}

/**
 * The maximum over the second axis. Equal components share its gradient, so that the sum over them is that of one:
 * TensorFlow.js's own rule would give it to each.
 */
const maximum: (...rows: tf.Tensor[]) => tf.Tensor2D = tf.customGrad<tf.Tensor2D>((...operands) => {
  const [rows, save] = operands as [tf.Tensor3D, tf.GradSaveFunc];
  const top = tf.max<tf.Tensor3D>(rows, 1, true);
  save([rows, top]);
  return {
    value: tf.squeeze(top, [1]),
    gradFunc: (gradient, saved) => {
      const [values, largest] = saved as [tf.Tensor3D, tf.Tensor3D];
      const winners = tf.cast(tf.equal(values, largest), 'float32');
      const shares = tf.div(winners, tf.sum(winners, 1, true));
      return tf.mul(shares, tf.expandDims(gradient, 1));
    },
  };
});
