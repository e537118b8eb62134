/** Supervised learning: epochs of gradient steps towards the demonstrated choices, until held-out ones get no better. */

import type { RandomStream } from '../../base/index.ts';
import { Adam, clipGlobalNorm } from '../../neural/index.ts';
import { type GradientParts, minibatchGradient, setLoss } from '../minibatch-gradient.ts';
import { minibatchBounds } from '../sample-order.ts';
import { CONTROL, versionAt } from '../shared-run.ts';
import { shuffled } from '../shuffle.ts';
import { COMMAND } from '../team-member.ts';
import type { ColdStartSettings } from './cold-start-settings.ts';
import type { DemonstrationStore } from './demonstration-store.ts';
import { type HeldOutScore, scoreOf } from './held-out-score.ts';

/** What an epoch did. */
export interface EpochReport {
  readonly epoch: number;
  readonly learningRate: number;
  /** Means over the decisions learned from. */
  readonly crossEntropy: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly gradientNorm: number;
  readonly gradientSteps: number;
  /** Undefined where no episode was held out. */
  readonly heldOut: HeldOutScore | undefined;
}

/** What imitation works on. */
export interface ImitateParts extends GradientParts {
  readonly settings: ColdStartSettings;
  readonly store: DemonstrationStore;
  /** Gradient shards x `SCORE_SUMS`. */
  readonly scores: Float64Array;
  /** `shared.order` holds the decisions to learn from, then the held-out ones. */
  readonly learned: number;
  readonly heldOut: number;
  /** The learner's weights in shared memory. */
  readonly weights: Float32Array;
  /** Seeds the order of decisions. */
  readonly stream: RandomStream;
  /** Called after each epoch; false ends the work. */
  proceed(report: EpochReport): Promise<boolean>;
}

/** Learns until the patience or the epochs are used up, and leaves the weights of the best epoch; false when told to stop. */
export async function imitate(parts: ImitateParts): Promise<boolean> {
  const { settings, weights } = parts;
  const adam = new Adam(weights.length);
  const best = { crossEntropy: Number.POSITIVE_INFINITY, epoch: 0, weights: weights.slice() };
  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    const report = await runEpoch(parts, adam, epoch);
    if (!(await parts.proceed(report))) return false;
    const crossEntropy = report.heldOut?.crossEntropy ?? Number.NEGATIVE_INFINITY;
    if (report.heldOut === undefined || crossEntropy < best.crossEntropy) {
      best.crossEntropy = crossEntropy;
      best.epoch = epoch;
      best.weights.set(weights);
    }
    if (epoch - best.epoch >= settings.patience) break;
  }
  weights.set(best.weights);
  changed(parts);
  return true;
}

async function runEpoch(parts: ImitateParts, adam: Adam, epoch: number): Promise<EpochReport> {
  const { settings, shared, weights, stream, learned } = parts;
  const { epochs, valueWeight, entropyWeight, weightDecay } = settings;
  const left = epochs === 1 ? 1 : (epochs - epoch) / (epochs - 1);
  const learningRate = settings.learningRateEnd + (settings.learningRate - settings.learningRateEnd) * left;
  const gradient = new Float32Array(weights.length);
  const totals = { crossEntropy: 0, valueLoss: 0, entropy: 0, gradientNorm: 0 };
  setLoss(shared, { clipRange: 1, valueClipRange: null, entropyWeight, valueWeight, imitationWeight: 1 });
  shuffled(shared.order.subarray(0, learned), stream);
  const meanWeight = meanOf(parts);
  const minibatches = minibatchBounds(learned, settings.minibatch);
  for (const { start, end } of minibatches) {
    // Weights count as shares of the whole, so that a minibatch of heavy decisions takes a longer step.
    const divisor = (end - start) * meanWeight;
    const sums = await minibatchGradient(parts, { start, end, divisor }, gradient);
    totals.crossEntropy += sums.imitationLoss;
    totals.valueLoss += sums.valueLoss;
    totals.entropy += sums.entropy;
    totals.gradientNorm += clipGlobalNorm(gradient, settings.gradientNormMax);
    adam.step(weights, gradient, learningRate);
    decay(weights, learningRate * weightDecay);
    changed(parts);
  }
  const total = learned * meanWeight;
  return {
    epoch,
    learningRate,
    crossEntropy: totals.crossEntropy / total,
    valueLoss: totals.valueLoss / total,
    entropy: totals.entropy / total,
    gradientNorm: totals.gradientNorm / minibatches.length,
    gradientSteps: minibatches.length,
    heldOut: await evaluate(parts),
  };
}

async function evaluate({
  shared,
  learner,
  learned,
  heldOut,
  scores,
  run,
}: ImitateParts): Promise<HeldOutScore | undefined> {
  if (heldOut === 0) return undefined;
  const { control } = shared;
  control[CONTROL.learner] = learner;
  control[CONTROL.minibatchStart] = learned;
  control[CONTROL.minibatchEnd] = learned + heldOut;
  control[CONTROL.nextGradientShard] = 0;
  await run(COMMAND.score);
  return scoreOf(scores);
}

/** Decoupled from the gradient (Loshchilov and Hutter, 2019). */
function decay(weights: Float32Array, share: number): void {
  if (share === 0) return;
  for (let index = 0; index < weights.length; index++) weights[index]! *= 1 - share;
}

function meanOf({ store, shared, learned }: ImitateParts): number {
  let sum = 0;
  for (const slot of shared.order.subarray(0, learned)) sum += store.samples.weights[slot]!;
  return sum / learned;
}

/** Tells the workers that the learner's weights are others now. */
function changed({ shared, dimensions, learner }: ImitateParts): void {
  Atomics.add(shared.control, versionAt(dimensions, learner, 0), 1);
}
