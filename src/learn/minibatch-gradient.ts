/** One gradient step's gradient: all members compute shards of the minibatch, which are then added up in order. */

import type { LossSums, PpoLossSettings } from '../neural/index.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { CONTROL, LOSS_SETTINGS, LOSS_SUMS, type SharedRun } from './shared-run.ts';
import { COMMAND } from './team-member.ts';

/** Where gradients are computed, and of whose network. */
export interface GradientParts {
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly learner: number;
  /** Has all members do a command. */
  run(command: number): Promise<void>;
}

/** Samples `shared.order[start .. end)`; the gradient is divided by `divisor`. */
export interface Minibatch {
  readonly start: number;
  readonly end: number;
  readonly divisor: number;
  /** Samples that hand on a memory one after the other, which stay together; left out, 1. */
  readonly sequenceSteps?: number;
}

/** Writes the weights of the loss of all gradients to come. */
export function setLoss({ lossSettings }: SharedRun, loss: PpoLossSettings): void {
  lossSettings[LOSS_SETTINGS.clipRange] = loss.clipRange;
  lossSettings[LOSS_SETTINGS.valueClipRange] = loss.valueClipRange ?? 0;
  lossSettings[LOSS_SETTINGS.entropyWeight] = loss.entropyWeight;
  lossSettings[LOSS_SETTINGS.valueWeight] = loss.valueWeight;
  lossSettings[LOSS_SETTINGS.referenceWeight] = loss.referenceWeight ?? 0;
  lossSettings[LOSS_SETTINGS.imitationWeight] = loss.imitationWeight ?? 0;
}

/** Writes a minibatch's gradient to `gradient`; returns the sums of its losses. */
export async function minibatchGradient(
  { dimensions, shared, learner, run }: GradientParts,
  { start, end, divisor, sequenceSteps = 1 }: Minibatch,
  gradient: Float32Array,
): Promise<LossSums> {
  const { control, gradients, losses, lossSettings } = shared;
  control[CONTROL.learner] = learner;
  control[CONTROL.minibatchStart] = start;
  control[CONTROL.minibatchEnd] = end;
  control[CONTROL.sequenceSteps] = sequenceSteps;
  control[CONTROL.nextGradientShard] = 0;
  lossSettings[LOSS_SETTINGS.divisor] = divisor;
  await run(COMMAND.gradients);
  const stride = gradients.length / dimensions.gradientShards;
  const sums = new Float64Array(LOSS_SUMS);
  gradient.fill(0);
  for (let shard = 0; shard < dimensions.gradientShards; shard++) {
    const from = shard * stride;
    for (let index = 0; index < gradient.length; index++) gradient[index] = gradient[index]! + gradients[from + index]!;
    for (let index = 0; index < LOSS_SUMS; index++) sums[index] = sums[index]! + losses[shard * LOSS_SUMS + index]!;
  }
  const [policyLoss = 0, valueLoss = 0, entropy = 0, approximateKl = 0, clippedCount = 0, referenceLoss = 0] = sums;
  const imitationLoss = sums[LOSS_SUMS - 1]!;
  return {
    policyLoss,
    valueLoss,
    entropy,
    approximateKl,
    clippedCount,
    referenceLoss,
    imitationLoss,
    samples: divisor,
  };
}
