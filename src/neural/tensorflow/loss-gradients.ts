/** One pass of automatic differentiation: the gradients of the loss of some samples, and its sums. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossSums, PpoLossSettings } from '../backend.ts';
import { addTerms, lossGraph, type SampleTargets } from './loss-graph.ts';
import type { WeightTensors } from './weight-tensors.ts';

/** What is differentiated, and where the results are added. */
export interface LossWork {
  readonly targets: SampleTargets;
  readonly loss: PpoLossSettings;
  readonly divisor: number;
  readonly sums: LossSums;
  /** The flat vector of gradients. */
  readonly out: Float32Array;
}

/** Adds the gradients of the loss of a network's outputs, and the parts of that loss; leaves no tensor behind. */
export function addLossGradients(
  weights: WeightTensors,
  forward: () => { readonly logits: tf.Tensor2D; readonly values: tf.Tensor1D },
  { targets, loss, divisor, sums, out }: LossWork,
): void {
  tf.tidy(() => {
    const kept: tf.Tensor2D[] = [];
    const gradients = tf.grads(() => {
      const graph = lossGraph(forward(), targets, loss, divisor);
      kept.push(tf.keep(graph.terms));
      return graph.loss;
    })(weights.list);
    weights.addInto(out, gradients);
    for (const terms of kept) addTerms(sums, terms, targets, loss.clipRange);
    tf.dispose(kept);
  });
}
