/** What learners and policies know of a neural backend: batches in, logits, values and gradients out. */
import type { ComponentGraph } from './component-graph.ts';

/** Sizes of an entity network: the observation, the choices per component, and the hidden layers. */
export interface NetworkShape {
  readonly componentFeatures: number;
  readonly clusterFeatures: number;
  readonly criticFeatures: number;
  readonly verbs: number;
  readonly encoderUnits: number;
  readonly embeddingUnits: number;
  readonly headUnits: number;
  readonly valueUnits: number;
  /** Whether a component's embedding also takes in those of its neighbours, through one learned layer; left out, no. */
  readonly messages?: boolean | undefined;
  /** Numbers that the actor remembers from one decision to the next; left out, none. */
  readonly memoryUnits?: number | undefined;
}

/**
 * Observations of `size` decisions in rows; a row has room for `componentsMax` components, of which the first
 * `counts[row]` exist. Rows behind `size` and components behind the count are never read.
 */
export interface ObservationBatch {
  readonly size: number;
  readonly componentsMax: number;
  /** Components that exist, at least 1: rows. */
  readonly counts: Int32Array;
  /** rows x componentsMax x componentFeatures. */
  readonly components: Float32Array;
  /** rows x clusterFeatures. */
  readonly cluster: Float32Array;
  /** rows x criticFeatures. */
  readonly critic: Float32Array;
  /** rows x (1 + componentsMax x verbs), non-zero is legal: choice 0 is no-op, 1 + component x verbs + verb the rest. */
  readonly mask: Uint8Array;
  /** Who depends on whom; only networks with messages read it, and they need it. */
  readonly graphs?: readonly ComponentGraph[];
  /** Which of the graphs a row has: rows; left out, every row has the first. */
  readonly graphOf?: Int32Array;
  /** What is remembered before each decision, for networks with a memory: rows x memoryUnits; left out, all 0. */
  readonly memories?: Float32Array;
  /** Non-zero where the memory is what the sample before leaves behind, gradients included, whatever `memories` says: rows. */
  readonly continues?: Uint8Array;
  /** The rows to use, in order, `size` of them; left out, the first `size` rows. */
  readonly selection?: Int32Array;
}

/** Where `forward` writes. */
export interface PolicyOutput {
  /** size x (1 + componentsMax x verbs); choices that are not legal get MASKED_LOGIT. */
  readonly logits: Float32Array;
  /** size. */
  readonly values: Float32Array;
  /** size x memoryUnits: what is remembered after each decision; written where it is there and the network has a memory. */
  readonly memories?: Float32Array;
}

/** Logit of a choice that is not legal. */
export const MASKED_LOGIT = -1e8;

/** What happened after observations; all arrays have one entry per row. */
export interface PpoTargets {
  readonly choices: Int32Array;
  readonly oldLogProbabilities: Float32Array;
  /** Already normalised. */
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly oldValues: Float32Array;
  /** Factor of a row's losses; left out, 1. */
  readonly weights?: Float32Array;
  /** See ObservationBatch. */
  readonly selection?: Int32Array;
}

/** Observations with what happened after them. */
export interface PpoBatch extends ObservationBatch, PpoTargets {
  readonly selection?: Int32Array;
  /** rows x (1 + componentsMax x verbs): logits of a policy to stay close to. */
  readonly referenceLogits?: Float32Array;
}

/**
 * Weights of the parts of the loss of one sample: clipped policy loss + valueWeight (v - return)² - entropyWeight H
 * + referenceWeight KL(reference || policy) - imitationWeight log policy(choice). For imitation alone, advantages and
 * oldLogProbabilities are 0: then the clipped policy loss is 0 whatever the policy.
 */
export interface PpoLossSettings {
  readonly clipRange: number;
  /** How far a value may move from its old value before its gradient stops; null for no limit. */
  readonly valueClipRange: number | null;
  readonly entropyWeight: number;
  readonly valueWeight: number;
  /** Needs referenceLogits; left out, 0. */
  readonly referenceWeight?: number;
  /** Of the cross-entropy with the choices, for learning from demonstrations; left out, 0. */
  readonly imitationWeight?: number;
}

/** Sums over the samples of a call, unweighted by the loss settings; divide by `samples` for means. */
export interface LossSums {
  policyLoss: number;
  valueLoss: number;
  entropy: number;
  /** Estimate of KL(old || new), the sum of (r - 1) - log r over probability ratios r. */
  approximateKl: number;
  /** Samples whose ratio lies outside the clip range. */
  clippedCount: number;
  /** KL(reference || policy). */
  referenceLoss: number;
  /** Cross-entropy with the choices, the sum of -log policy(choice). */
  imitationLoss: number;
  samples: number;
}

/** A network of one shape with its weights. */
export interface Backend {
  readonly name: string;
  readonly shape: NetworkShape;
  readonly parameterCount: number;
  /** A copy of the weights, in the order of `parameterTable`. */
  getWeights(): Float32Array;
  setWeights(weights: Float32Array): void;
  forward(batch: ObservationBatch, out: PolicyOutput): void;
  /** Writes the gradient of (sum of the samples' losses) / divisor, so that the gradients of shards add up. */
  gradients(batch: PpoBatch, loss: PpoLossSettings, divisor: number, out: Float32Array): LossSums;
}

/** Number of choices a row of `components` components has. */
export function choicesPerRow(shape: NetworkShape, components: number): number {
  return components * shape.verbs + 1;
}

/** The row of the batch's arrays that the sample at `position` lies in. */
export function batchRow(batch: { readonly selection?: Int32Array }, position: number): number {
  return batch.selection === undefined ? position : batch.selection[position]!;
}
