/** Proximal policy optimisation: turns an iteration's rollout into gradient steps on the learner's weights. */

import { type RandomStream, sqrt } from '../base/index.ts';
import { type Adam, clipGlobalNorm } from '../neural/index.ts';
import { STEP } from './advantages.ts';
import { type GradientParts, minibatchGradient, setLoss } from './minibatch-gradient.ts';
import { type RolloutStorage, slotAt } from './rollout-storage.ts';
import { versionAt } from './shared-run.ts';
import type { RoleSettings } from './train-settings.ts';

/** Means over the minibatches of an update, in the terms of the usual logs. */
export interface UpdateReport {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly approximateKl: number;
  readonly clipFraction: number;
  readonly gradientNorm: number;
  readonly explainedVariance: number;
  /** Decisions with something to choose that were learned from. */
  readonly choices: number;
  readonly gradientSteps: number;
  /** Whether the divergence ended the update early. */
  readonly stoppedEarly: boolean;
}

/** What an update works on. */
export interface UpdateParts extends GradientParts {
  readonly storage: RolloutStorage;
  /** The learner's weights in shared memory. */
  readonly weights: Float32Array;
  readonly adam: Adam;
  readonly role: RoleSettings;
  readonly learningRate: number;
  readonly entropyWeight: number;
  /** Seeds the order of transitions. */
  readonly stream: RandomStream;
}

/** Beyond this multiple of the target the update stops, as in Stable-Baselines3. */
const KL_TOLERANCE = 1.5;

/** Runs all epochs, or fewer when the policy has moved too far. */
export async function updatePolicy(parts: UpdateParts): Promise<UpdateReport> {
  const { shared, dimensions, learner, role } = parts;
  const gradient = new Float32Array(parts.weights.length);
  const totals = { policyLoss: 0, valueLoss: 0, entropy: 0, approximateKl: 0, clipFraction: 0, gradientNorm: 0 };
  let gradientSteps = 0;
  let stoppedEarly = false;
  const { clipRange, valueClipRange, valueWeight } = role;
  setLoss(shared, { clipRange, valueClipRange, valueWeight, entropyWeight: parts.entropyWeight });
  const order = shared.order.subarray(0, collectSamples(parts));
  const explainedVariance = explain(parts.storage, order);
  const choices = order.reduce((count, slot) => count + (parts.storage.kinds[slot] === STEP.choice ? 1 : 0), 0);
  for (let epoch = 0; epoch < role.epochs && !stoppedEarly; epoch++) {
    shuffle(order, parts.stream);
    for (const { start, end } of minibatchBounds(order.length, role.minibatch)) {
      normaliseAdvantages(parts.storage, shared.advantages, shared.order.subarray(start, end));
      const samples = end - start;
      const sums = await minibatchGradient(parts, { start, end, divisor: samples }, gradient);
      totals.policyLoss += sums.policyLoss / samples;
      totals.valueLoss += sums.valueLoss / samples;
      totals.entropy += sums.entropy / samples;
      totals.approximateKl += sums.approximateKl / samples;
      totals.clipFraction += sums.clippedCount / samples;
      gradientSteps++;
      stoppedEarly = role.klTarget !== null && sums.approximateKl / samples > KL_TOLERANCE * role.klTarget;
      if (stoppedEarly) break;
      totals.gradientNorm += clipGlobalNorm(gradient, role.gradientNormMax);
      parts.adam.step(parts.weights, gradient, parts.learningRate);
      Atomics.add(shared.control, versionAt(dimensions, learner, 0), 1);
    }
  }
  const mean = (total: number): number => (gradientSteps === 0 ? 0 : total / gradientSteps);
  return {
    policyLoss: mean(totals.policyLoss),
    valueLoss: mean(totals.valueLoss),
    entropy: mean(totals.entropy),
    approximateKl: mean(totals.approximateKl),
    clipFraction: mean(totals.clipFraction),
    gradientNorm: mean(totals.gradientNorm),
    explainedVariance,
    choices,
    gradientSteps,
    stoppedEarly,
  };
}

/** Splits `count` transitions into minibatches of about `size`, none of them much smaller. */
export function minibatchBounds(
  count: number,
  size: number,
): readonly { readonly start: number; readonly end: number }[] {
  if (count === 0) return [];
  const parts = Math.max(1, Math.round(count / size));
  return Array.from({ length: parts }, (_, part) => ({
    start: Math.floor((count * part) / parts),
    end: Math.floor((count * (part + 1)) / parts),
  }));
}

/** Writes (advantage - mean) / deviation over the choices among the slots of a minibatch; the others have no advantage. */
export function normaliseAdvantages(
  { advantages, kinds }: Pick<RolloutStorage, 'advantages' | 'kinds'>,
  out: Float32Array,
  slots: Int32Array,
): void {
  let count = 0;
  let sum = 0;
  for (const slot of slots) {
    if (kinds[slot] !== STEP.choice) continue;
    count++;
    sum += advantages[slot]!;
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (const slot of slots) {
    if (kinds[slot] === STEP.choice) squares += (advantages[slot]! - mean) * (advantages[slot]! - mean);
  }
  const factor = 1 / (sqrt(count === 0 ? 0 : squares / count) + 1e-8);
  for (const slot of slots) out[slot] = kinds[slot] === STEP.choice ? (advantages[slot]! - mean) * factor : 0;
}

/** Writes the slots to learn from to `order`; returns how many there are. */
function collectSamples({ dimensions, shared, storage }: UpdateParts): number {
  let count = 0;
  for (let shard = 0; shard < dimensions.shards; shard++) {
    const first = slotAt(dimensions, shard, 0);
    const end = first + dimensions.rolloutSteps * dimensions.environmentsPerShard;
    for (let slot = first; slot < end; slot++) {
      if (storage.kinds[slot] !== STEP.forced) shared.order[count++] = slot;
    }
  }
  return count;
}

/** Puts slots in random order. */
function shuffle(order: Int32Array, stream: RandomStream): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = stream.integer(last + 1);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
}

/** How much of the variance of returns the values explain: 1 all, 0 none, negative worse than their mean. */
function explain(storage: RolloutStorage, order: Int32Array): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let errorSum = 0;
  let errorSquares = 0;
  for (const slot of order) {
    if (storage.kinds[slot] !== STEP.choice) continue;
    const target = storage.returns[slot]!;
    const error = storage.advantages[slot]!;
    count++;
    sum += target;
    squares += target * target;
    errorSum += error;
    errorSquares += error * error;
  }
  const variance = squares / count - (sum / count) * (sum / count);
  const errorVariance = errorSquares / count - (errorSum / count) * (errorSum / count);
  return variance > 0 ? 1 - errorVariance / variance : 0;
}
