/** Proximal policy optimisation: turns an iteration's rollout into gradient steps on the learner's weights. */

import { type RandomStream, sqrt } from '../base/index.ts';
import { type Adam, clipGlobalNorm } from '../neural/index.ts';
import { STEP } from './advantages.ts';
import { type GradientParts, minibatchGradient, setLoss } from './minibatch-gradient.ts';
import type { RolloutStorage } from './rollout-storage.ts';
import { SampleOrder } from './sample-order.ts';
import { CONTROL, versionAt } from './shared-run.ts';
import { COMMAND } from './team-member.ts';
import type { RoleSettings } from './train-settings.ts';
import { type UpdateMeans, UpdateTotals } from './update-totals.ts';

/** What an update did. */
export interface UpdateReport extends UpdateMeans {
  readonly explainedVariance: number;
  /** Decisions with something to choose that were learned from. */
  readonly choices: number;
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
  /** Of the divergence from the reference policy; 0 for none. */
  readonly referenceWeight: number;
  /** Seeds the order of transitions. */
  readonly stream: RandomStream;
}

/** Beyond this multiple of the target the update stops, as in Stable-Baselines3. */
const KL_TOLERANCE = 1.5;

/** Runs all epochs, or fewer when the policy has moved too far. */
export async function updatePolicy(parts: UpdateParts): Promise<UpdateReport> {
  const { shared, dimensions, learner, role } = parts;
  const gradient = new Float32Array(parts.weights.length);
  const totals = new UpdateTotals();
  let stoppedEarly = false;
  const { clipRange, valueClipRange, valueWeight } = role;
  const { entropyWeight, referenceWeight } = parts;
  setLoss(shared, { clipRange, valueClipRange, valueWeight, entropyWeight, referenceWeight });
  if (referenceWeight > 0) {
    shared.control[CONTROL.learner] = learner;
    await parts.run(COMMAND.refer);
  }
  const { memorySteps: sequenceSteps } = dimensions.roles[learner]!;
  const order = new SampleOrder({ dimensions, storage: parts.storage, sequenceSteps, order: shared.order });
  const explainedVariance = explain(parts.storage, order.slots);
  for (let epoch = 0; epoch < role.epochs && !stoppedEarly; epoch++) {
    totals.beginEpoch();
    order.shuffle(parts.stream);
    for (const { start, end } of order.minibatches(role.minibatch)) {
      const slots = order.slots.subarray(start, end);
      normaliseAdvantages(parts.storage, shared.advantages, slots);
      const divisor = order.countLearned(slots);
      const sums = await minibatchGradient(parts, { start, end, divisor, sequenceSteps }, gradient);
      const divergence = totals.addMinibatch(sums, countChoices(parts.storage, slots));
      stoppedEarly = role.klTarget !== null && divergence > KL_TOLERANCE * role.klTarget;
      if (stoppedEarly) break;
      totals.addStep(clipGlobalNorm(gradient, role.gradientNormMax));
      parts.adam.step(parts.weights, gradient, parts.learningRate);
      Atomics.add(shared.control, versionAt(dimensions, learner, 0), 1);
    }
  }
  return { ...totals.means(), explainedVariance, choices: countChoices(parts.storage, order.slots), stoppedEarly };
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

function countChoices({ kinds }: RolloutStorage, slots: Int32Array): number {
  return slots.reduce((count, slot) => count + (kinds[slot] === STEP.choice ? 1 : 0), 0);
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
