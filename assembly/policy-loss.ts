/**
 * PPO's clipped policy loss with entropy bonus, optionally with a pull towards a reference policy or towards the choices
 * themselves, and its gradient.
 */
import { multiplyAdd } from './arithmetic';
import { LossSettings, LossSums, Target } from './loss-records';
import { gatherFloats, innerProduct, scatterFloats, softmaxWeights } from './softmax';

/**
 * Adds each sample's losses to `sums` and writes the gradients of its legal logits to the same slots of `gradients`.
 * `reference` holds dense rows of logits, `referenceStride` apart, or is 0. `scratch` has room for 4 runs of
 * `scratchStride` bytes, each for one float per legal choice and 3 more. Returns -1, or the first sample whose choice
 * is not legal.
 */
export function policyLoss(
  samples: i32,
  choiceCounts: usize,
  choices: usize,
  slots: usize,
  logits: usize,
  gradients: usize,
  targets: usize,
  reference: usize,
  referenceStride: usize,
  settings: usize,
  sums: usize,
  scratch: usize,
  scratchStride: usize,
): i32 {
  for (let sample: i32 = 0; sample < samples; sample++) {
    const count = load<i32>(choiceCounts + (<usize>sample << 2));
    const target = changetype<Target>(targets);
    const chosen = positionOf(target.choice, choices, count);
    if (chosen < 0) return sample;

    gatherFloats(count, slots, logits, scratch);
    if (reference != 0) gatherFloats(count, choices, reference, scratch + 2 * scratchStride);
    sampleGradient(count, chosen, target, settings, sums, scratch, scratchStride, reference != 0);
    // Nothing to choose: what rounding leaves here is so small that denormal numbers would slow the backward pass tenfold.
    if (count == 1) store<f32>(scratch, 0);
    scatterFloats(count, slots, scratch, gradients);

    choices += <usize>count << 2;
    slots += <usize>count << 2;
    targets += offsetof<Target>();
    if (reference != 0) reference += referenceStride;
  }
  return -1;
}

/** Where `choice` stands in an ascending list of choices, or -1. */
function positionOf(choice: i32, choices: usize, count: i32): i32 {
  for (let index: i32 = 0; index < count; index++) {
    if (load<i32>(choices + (<usize>index << 2)) == choice) return index;
  }
  return -1;
}

/**
 * Replaces the legal logits at the start of `scratch` by the gradient of the sample's loss.
 *
 * With weights w = exp(l - max), S = sum w, p = w / S and mean logit m = sum p (l - max), the entropy is log S - m and
 * its derivative -p (l - max - m); the chosen log-probability has derivative [chosen] - p, the distance to the
 * reference q has p - q.
 */
function sampleGradient(
  count: i32,
  chosen: i32,
  target: Target,
  settingsAddress: usize,
  sumsAddress: usize,
  scratch: usize,
  stride: usize,
  hasReference: bool,
): void {
  const settings = changetype<LossSettings>(settingsAddress);
  const sums = changetype<LossSums>(sumsAddress);
  const weights = scratch + stride;
  const sum = softmaxWeights(count, scratch, weights);
  const logSum = NativeMath.log(<f64>sum);
  const meanLogit = innerProduct(count, weights, scratch) / sum;
  const chosenAddress = scratch + (<usize>chosen << 2);

  const logProbability = <f64>load<f32>(chosenAddress) - logSum;
  const pull = clippedPolicyLoss(logProbability, target, settings, sums) - settings.imitationWeight;
  sums.imitationLoss -= <f64>target.weight * logProbability;
  sums.entropy += <f64>target.weight * (logSum - <f64>meanLogit);

  const scale = settings.scale * target.weight;
  const entropyScale = settings.entropyWeight * scale;
  let towardsAll = -pull * scale - entropyScale * meanLogit;
  if (hasReference) {
    towardsAll += settings.referenceWeight * scale;
    referenceGradient(count, logSum, target, settings, sums, scratch, stride);
  }
  weightsGradient(count, towardsAll / sum, entropyScale / sum, scratch, weights);
  store<f32>(chosenAddress, load<f32>(chosenAddress) + pull * scale);
  if (hasReference) addFloats(count, scratch + 3 * stride, scratch);
}

/** Adds the clipped loss and the statistics; returns the loss's derivative by the chosen log-probability. */
function clippedPolicyLoss(logProbability: f64, target: Target, settings: LossSettings, sums: LossSums): f32 {
  const weight = <f64>target.weight;
  const advantage = <f64>target.advantage;
  const range = <f64>settings.clipRange;
  const change = logProbability - <f64>target.oldLogProbability;
  const ratio = NativeMath.exp(change);
  const gain = advantage * ratio;
  const clippedGain = advantage * min(max(ratio, 1 - range), 1 + range);
  sums.policyLoss -= weight * min(gain, clippedGain);
  sums.approximateKl += weight * (ratio - 1 - change);
  if (abs(ratio - 1) > range) sums.clippedCount += weight;
  return clippedGain < gain ? 0 : <f32>-gain;
}

/** Adds KL(reference || policy) and leaves -q, scaled, in the fourth run of `scratch`; the part p is added elsewhere. */
function referenceGradient(
  count: i32,
  logSum: f64,
  target: Target,
  settings: LossSettings,
  sums: LossSums,
  scratch: usize,
  stride: usize,
): void {
  const logits = scratch + 2 * stride;
  const weights = scratch + 3 * stride;
  const sum = softmaxWeights(count, logits, weights);
  const ownMean = innerProduct(count, weights, logits) / sum;
  const policyMean = innerProduct(count, weights, scratch) / sum;
  const distance = <f64>ownMean - NativeMath.log(<f64>sum) - (<f64>policyMean - logSum);
  sums.referenceLoss += <f64>target.weight * distance;
  const factor = f32x4.splat((-settings.referenceWeight * settings.scale * target.weight) / sum);
  const end = weights + (<usize>count << 2);
  for (let at = weights; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
}

/** values = weights x (constant + slope x values), elementwise. */
function weightsGradient(count: i32, constant: f32, slope: f32, values: usize, weights: usize): void {
  const end = values + (<usize>count << 2);
  for (; values < end; values += 16) {
    const factor = multiplyAdd(f32x4.splat(slope), v128.load(values), f32x4.splat(constant));
    v128.store(values, f32x4.mul(v128.load(weights), factor));
    weights += 16;
  }
}

function addFloats(count: i32, source: usize, target: usize): void {
  const end = source + (<usize>count << 2);
  for (; source < end; source += 16) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
  }
}
