/** The PPO loss as a graph of TensorFlow.js, for networks of any form: logits and values in, loss out. */
import * as tf from '@tensorflow/tfjs-core';
import { batchRow, type LossSums, MASKED_LOGIT, type PpoLossSettings, type PpoTargets } from '../backend.ts';

/** What happened after some samples of a batch, and what was legal. */
export interface SampleTargets {
  readonly choices: Int32Array;
  readonly oldLogProbabilities: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly oldValues: Float32Array;
  readonly weights: Float32Array;
  /** Samples x choices, non-zero is legal; left out, everything is. */
  readonly mask?: Uint8Array | undefined;
  /** Samples x choices. */
  readonly referenceLogits?: Float32Array | undefined;
}

/** The loss of some samples: its sum / divisor, and what it is made of. */
interface LossGraph {
  readonly loss: tf.Scalar;
  /** `TERMS` x samples. */
  readonly terms: tf.Tensor2D;
}

/** What is kept of each sample, in order, without weights. */
const TERMS = ['policyLoss', 'valueLoss', 'entropy', 'referenceLoss', 'imitationLoss', 'change'] as const;
type SampleTerms = Readonly<Record<(typeof TERMS)[number], tf.Tensor1D>>;

/** Copies the targets of `samples` samples from position `start` of the batch on. */
export function takeTargets(batch: PpoTargets, start: number, samples: number): SampleTargets {
  const rows = Array.from({ length: samples }, (_, index) => batchRow(batch, start + index));
  const take = (source: Float32Array): Float32Array => Float32Array.from(rows, (row) => source[row]!);
  return {
    choices: Int32Array.from(rows, (row) => batch.choices[row]!),
    oldLogProbabilities: take(batch.oldLogProbabilities),
    advantages: take(batch.advantages),
    returns: take(batch.returns),
    oldValues: take(batch.oldValues),
    weights: batch.weights === undefined ? new Float32Array(samples).fill(1) : take(batch.weights),
  };
}

/** The loss of samples whose illegal choices have the logit MASKED_LOGIT, to be differentiated. */
export function lossGraph(
  output: { readonly logits: tf.Tensor2D; readonly values: tf.Tensor1D },
  targets: SampleTargets,
  settings: PpoLossSettings,
  divisor: number,
): LossGraph {
  const { entropyWeight, valueWeight, referenceWeight = 0, imitationWeight = 0 } = settings;
  const logProbabilities = tf.logSoftmax(output.logits);
  const terms: SampleTerms = {
    ...policyTerms(logProbabilities, targets, settings.clipRange),
    valueLoss: valueLoss(output.values, targets, settings.valueClipRange),
    entropy: tf.neg(sumOfProducts(tf.exp(logProbabilities), logProbabilities)),
    referenceLoss: referenceLoss(logProbabilities, targets),
  };
  const perSample = tf.addN([
    terms.policyLoss,
    tf.mul(terms.valueLoss, valueWeight),
    tf.mul(terms.entropy, -entropyWeight),
    tf.mul(terms.referenceLoss, referenceWeight),
    tf.mul(terms.imitationLoss, imitationWeight),
  ]);
  return {
    loss: tf.div(tf.sum(tf.mul(perSample, tf.tensor1d(targets.weights))), divisor),
    terms: tf.stack(TERMS.map((name) => terms[name])) as tf.Tensor2D,
  };
}

/** Adds the terms of some samples, weighted and in double precision, to the sums of a call. */
export function addTerms(sums: LossSums, terms: tf.Tensor2D, { weights }: SampleTargets, clipRange: number): void {
  const values = terms.dataSync();
  const samples = weights.length;
  const term = (name: (typeof TERMS)[number], sample: number): number =>
    values[TERMS.indexOf(name) * samples + sample]!;
  for (const [sample, weight] of weights.entries()) {
    sums.policyLoss += weight * term('policyLoss', sample);
    sums.valueLoss += weight * term('valueLoss', sample);
    sums.entropy += weight * term('entropy', sample);
    sums.referenceLoss += weight * term('referenceLoss', sample);
    sums.imitationLoss += weight * term('imitationLoss', sample);
    // Here and not in the graph, as single precision would leave nothing of so small a difference.
    const change = term('change', sample);
    const ratio = Math.exp(change);
    sums.approximateKl += weight * (ratio - 1 - change);
    if (Math.abs(ratio - 1) > clipRange) sums.clippedCount += weight;
  }
  sums.samples += samples;
}

/** Sums of no samples. */
export function noLosses(): LossSums {
  return {
    policyLoss: 0,
    valueLoss: 0,
    entropy: 0,
    approximateKl: 0,
    clippedCount: 0,
    referenceLoss: 0,
    imitationLoss: 0,
    samples: 0,
  };
}

function policyTerms(
  logProbabilities: tf.Tensor2D,
  targets: SampleTargets,
  clipRange: number,
): Pick<SampleTerms, 'policyLoss' | 'imitationLoss' | 'change'> {
  // Integers first: a one-hot of floats comes out as zeros from the WebAssembly library.
  const choices = tf.oneHot(tf.tensor1d(targets.choices, 'int32'), logProbabilities.shape[1]);
  const chosen = sumOfProducts(logProbabilities, tf.cast(choices as tf.Tensor2D, 'float32'));
  const change = tf.sub<tf.Tensor1D>(chosen, tf.tensor1d(targets.oldLogProbabilities));
  const ratio = tf.exp(change);
  const advantages = tf.tensor1d(targets.advantages);
  const clipped = tf.clipByValue(ratio, 1 - clipRange, 1 + clipRange);
  const policyLoss = tf.neg(tf.minimum<tf.Tensor1D>(tf.mul(ratio, advantages), tf.mul(clipped, advantages)));
  return { policyLoss, imitationLoss: tf.neg(chosen), change };
}

/** The squared error, or that of the value as far as it may move from the old one, whichever is larger. */
function valueLoss(values: tf.Tensor1D, targets: SampleTargets, range: number | null): tf.Tensor1D {
  const returns = tf.tensor1d(targets.returns);
  const plain = tf.square(tf.sub<tf.Tensor1D>(values, returns));
  if (range === null) return plain;
  const oldValues = tf.tensor1d(targets.oldValues);
  const limited = tf.add(oldValues, tf.clipByValue(tf.sub(values, oldValues), -range, range));
  return tf.maximum(plain, tf.square(tf.sub(limited, returns)));
}

/** KL(reference || policy); 0 without a reference. */
function referenceLoss(logProbabilities: tf.Tensor2D, { mask, referenceLogits }: SampleTargets): tf.Tensor1D {
  const [samples] = logProbabilities.shape;
  if (referenceLogits === undefined) return tf.zeros([samples]);
  const logits = tf.tensor2d(referenceLogits, logProbabilities.shape);
  const reference = tf.logSoftmax(mask === undefined ? logits : maskLogits(logits, mask));
  return sumOfProducts(tf.exp(reference), tf.sub(reference, logProbabilities));
}

/** The logits, with MASKED_LOGIT where a choice is not legal. */
export function maskLogits(logits: tf.Tensor2D, mask: Uint8Array): tf.Tensor2D {
  return tf.where(tf.tensor2d(mask, logits.shape, 'bool'), logits, tf.fill(logits.shape, MASKED_LOGIT));
}

function sumOfProducts(left: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(left, right), 1);
}
