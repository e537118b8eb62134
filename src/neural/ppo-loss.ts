/** The PPO loss of a tile: hands samples and settings to the kernels as records, and reads the sums back. */
import { assert } from '../base/index.ts';
import { batchRow, type LossSums, type PpoLossSettings, type PpoTargets } from './backend.ts';
import { type Kernels, roundUp } from './kernels.ts';
import { type Rows, WORD_BYTES } from './rows.ts';

/** Sizes of the records in assembly/loss-records.ts. */
const TARGET_WORDS = 6;
const SETTINGS_WORDS = 7;
const SUMS_DOUBLES = 7;
const DOUBLE_BYTES = 8;
/** The kernels write up to 3 floats behind a list. */
const SCRATCH_RUNS = 4;

/** Legal choices of a tile, with the blocks of logits and gradients their slots point into. */
export interface ChoiceLogits {
  readonly choiceCounts: number;
  readonly choices: number;
  readonly slots: number;
  readonly logits: number;
  readonly logitGradients: number;
}

/** Dense logits of a reference policy in kernel memory. */
const NO_REFERENCE: Rows = { address: 0, stride: 0 };

/** Loss of up to `samplesMax` samples with up to `choicesMax` choices each. */
export class PpoLoss {
  private readonly kernels: Kernels;
  private readonly targets: number;
  private readonly settings: number;
  private readonly sums: number;
  private readonly scratch: number;
  private readonly scratchStride: number;

  constructor(kernels: Kernels, size: { samplesMax: number; choicesMax: number }) {
    this.kernels = kernels;
    this.targets = kernels.allocateWords(size.samplesMax * TARGET_WORDS);
    this.settings = kernels.allocateWords(SETTINGS_WORDS);
    this.sums = kernels.allocate(SUMS_DOUBLES * DOUBLE_BYTES);
    this.scratchStride = roundUp(size.choicesMax + 3, 16) * WORD_BYTES;
    this.scratch = kernels.allocate(SCRATCH_RUNS * this.scratchStride);
  }

  /** Starts new sums; gradients will be those of the sum over all samples / divisor. */
  begin(loss: PpoLossSettings, divisor: number): void {
    const { clipRange, entropyWeight, valueWeight, referenceWeight = 0, imitationWeight = 0 } = loss;
    const valueClipRange = loss.valueClipRange ?? Number.POSITIVE_INFINITY;
    const weights = [entropyWeight, valueWeight, referenceWeight, imitationWeight];
    this.kernels.floats.set([clipRange, valueClipRange, ...weights, 1 / divisor], this.settings / WORD_BYTES);
    this.kernels.doubles.fill(0, this.sums / DOUBLE_BYTES, this.sums / DOUBLE_BYTES + SUMS_DOUBLES);
  }

  /** Copies what the loss needs of `samples` samples from position `start` of the batch on. */
  loadTargets(batch: PpoTargets, start: number, samples: number): void {
    const { floats, integers } = this.kernels;
    let word = this.targets / WORD_BYTES;
    for (let position = start; position < start + samples; position++) {
      const row = batchRow(batch, position);
      integers[word] = batch.choices[row]!;
      floats[word + 1] = batch.oldLogProbabilities[row]!;
      floats[word + 2] = batch.advantages[row]!;
      floats[word + 3] = batch.weights === undefined ? 1 : batch.weights[row]!;
      floats[word + 4] = batch.returns[row]!;
      floats[word + 5] = batch.oldValues[row]!;
      word += TARGET_WORDS;
    }
  }

  /** Adds the policy's losses and writes the gradients of the legal logits. */
  addPolicyLoss(samples: number, choice: ChoiceLogits, reference: Rows = NO_REFERENCE): void {
    const illegal = this.kernels.run.policyLoss(
      samples,
      choice.choiceCounts,
      choice.choices,
      choice.slots,
      choice.logits,
      choice.logitGradients,
      this.targets,
      reference.address,
      reference.stride,
      this.settings,
      this.sums,
      this.scratch,
      this.scratchStride,
    );
    assert(illegal < 0, 'the choice of every sample is legal');
  }

  /** Adds the critic's losses and writes the gradients of the values, the first floats of both rows. */
  addValueLoss(samples: number, values: Rows, gradients: Rows): void {
    const { address, stride } = values;
    assert(gradients.stride === stride, 'values and their gradients lie alike');
    this.kernels.run.valueLoss(samples, address, gradients.address, stride, this.targets, this.settings, this.sums);
  }

  /** The sums since `begin`. */
  readSums(samples: number): LossSums {
    const at = this.sums / DOUBLE_BYTES;
    const { doubles } = this.kernels;
    return {
      policyLoss: doubles[at]!,
      valueLoss: doubles[at + 1]!,
      entropy: doubles[at + 2]!,
      approximateKl: doubles[at + 3]!,
      clippedCount: doubles[at + 4]!,
      referenceLoss: doubles[at + 5]!,
      imitationLoss: doubles[at + 6]!,
      samples,
    };
  }
}
