/** A plain multi-layer perceptron on the same kernels, for comparing their speed with other libraries. */
import { assert } from '../base/index.ts';
import type { LossSums, PpoLossSettings, PpoTargets } from './backend.ts';
import type { DenseLayer } from './dense-layer.ts';
import { denseLayer } from './entity-layers.ts';
import { orthogonalWeights } from './initial-weights.ts';
import { Kernels } from './kernels.ts';
import { parameterCount, plainParameterTable } from './parameter-table.ts';
import { type ChoiceLogits, PpoLoss } from './ppo-loss.ts';
import { allocateInputRows, allocateRows, type Rows, tanhRows, tanhRowsBackward, WORD_BYTES } from './rows.ts';

const TILE_SAMPLES = 64;

/** inputs -> hidden -> hidden -> choices and a value, hidden layers tanh, one trunk. */
export interface PlainShape {
  readonly inputs: number;
  readonly hiddenUnits: number;
  readonly choices: number;
}

/** Samples of a plain network; every choice is legal. */
export interface PlainBatch extends PpoTargets {
  readonly size: number;
  /** size x inputs. */
  readonly inputs: Float32Array;
}

/** Where `forward` writes: size x choices, and size. */
export interface PlainOutput {
  readonly logits: Float32Array;
  readonly values: Float32Array;
}

/** Forward, loss and gradients of a plain network, whatever computes them. */
export interface PlainLearner {
  readonly shape: PlainShape;
  readonly parameterCount: number;
  setWeights(weights: Float32Array): void;
  forward(batch: { size: number; inputs: Float32Array }, out: PlainOutput): void;
  /** Writes the gradient of (sum of the samples' losses) / divisor. */
  gradients(batch: PlainBatch, loss: PpoLossSettings, divisor: number, out: Float32Array): LossSums;
}

/** A plain network on our own kernels, tile by tile. */
export class PlainNetwork implements PlainLearner {
  readonly shape: PlainShape;
  readonly parameterCount: number;
  private readonly kernels: Kernels;
  private readonly layers: readonly [DenseLayer, DenseLayer, DenseLayer];
  private readonly loss: PpoLoss;
  private readonly flat: number;
  private readonly input: Rows;
  private readonly first: Rows;
  private readonly second: Rows;
  private readonly firstGradients: Rows;
  private readonly secondGradients: Rows;
  private readonly output: Rows;
  private readonly outputGradients: Rows;
  private readonly choiceLogits: ChoiceLogits;

  constructor(shape: PlainShape) {
    this.shape = shape;
    const kernels = new Kernels();
    this.kernels = kernels;
    const table = plainParameterTable(shape);
    this.parameterCount = parameterCount(table);
    this.layers = [
      denseLayer(kernels, table, 'first'),
      denseLayer(kernels, table, 'second'),
      denseLayer(kernels, table, 'output'),
    ];
    this.loss = new PpoLoss(kernels, { samplesMax: TILE_SAMPLES, choicesMax: shape.choices });
    this.flat = kernels.allocateWords(this.parameterCount);
    this.input = allocateInputRows(kernels, TILE_SAMPLES, shape.inputs);
    this.first = allocateRows(kernels, TILE_SAMPLES, shape.hiddenUnits);
    this.second = allocateRows(kernels, TILE_SAMPLES, shape.hiddenUnits);
    this.firstGradients = allocateRows(kernels, TILE_SAMPLES, shape.hiddenUnits);
    this.secondGradients = allocateRows(kernels, TILE_SAMPLES, shape.hiddenUnits);
    this.output = allocateRows(kernels, TILE_SAMPLES, shape.choices + 1);
    this.outputGradients = allocateRows(kernels, TILE_SAMPLES, shape.choices + 1);
    this.choiceLogits = this.listAllChoices();
  }

  /** Orthogonal weights, as a network of this shape starts with. */
  static initialWeights(shape: PlainShape, seed: number): Float32Array {
    return orthogonalWeights(plainParameterTable(shape), seed);
  }

  setWeights(weights: Float32Array): void {
    assert(weights.length === this.parameterCount, 'the weights have the length of the parameter table');
    this.kernels.floats.set(weights, this.flat / WORD_BYTES);
    for (const layer of this.layers) layer.load(this.flat);
  }

  forward(batch: { size: number; inputs: Float32Array }, out: PlainOutput): void {
    for (let start = 0; start < batch.size; start += TILE_SAMPLES) {
      const samples = this.forwardTile(batch, start);
      this.storeOutput(start, samples, out);
    }
  }

  gradients(batch: PlainBatch, loss: PpoLossSettings, divisor: number, out: Float32Array): LossSums {
    for (const layer of this.layers) layer.clearGradients();
    this.loss.begin(loss, divisor);
    for (let start = 0; start < batch.size; start += TILE_SAMPLES) {
      const samples = this.forwardTile(batch, start);
      this.loss.loadTargets(batch, start, samples);
      this.loss.addPolicyLoss(samples, this.choiceLogits);
      this.loss.addValueLoss(samples, this.valuesOf(this.output), this.valuesOf(this.outputGradients));
      this.backwardTile(samples);
    }
    for (const layer of this.layers) layer.storeGradients(this.flat);
    out.set(this.kernels.floats.subarray(this.flat / WORD_BYTES, this.flat / WORD_BYTES + this.parameterCount));
    return this.loss.readSums(batch.size);
  }

  private forwardTile(batch: { size: number; inputs: Float32Array }, start: number): number {
    const { kernels, layers } = this;
    const { inputs } = this.shape;
    const samples = Math.min(TILE_SAMPLES, batch.size - start);
    const source = batch.inputs.subarray(start * inputs, (start + samples) * inputs);
    kernels.floats.set(source, this.input.address / WORD_BYTES);
    layers[0].forward(samples, this.input, this.first);
    tanhRows(kernels, samples, this.first);
    layers[1].forward(samples, this.first, this.second);
    tanhRows(kernels, samples, this.second);
    layers[2].forward(samples, this.second, this.output);
    return samples;
  }

  private backwardTile(samples: number): void {
    const { kernels, layers } = this;
    layers[2].addGradients(samples, this.second, this.outputGradients);
    layers[2].backward(samples, this.outputGradients, this.secondGradients);
    tanhRowsBackward(kernels, samples, this.secondGradients, this.second);
    layers[1].addGradients(samples, this.first, this.secondGradients);
    layers[1].backward(samples, this.secondGradients, this.firstGradients);
    tanhRowsBackward(kernels, samples, this.firstGradients, this.first);
    layers[0].addGradients(samples, this.input, this.firstGradients);
  }

  private valuesOf(output: Rows): Rows {
    return { address: output.address + this.shape.choices * WORD_BYTES, stride: output.stride };
  }

  /** The same lists for every tile: a sample's choices are its outputs in order. */
  private listAllChoices(): ChoiceLogits {
    const { kernels, output, outputGradients } = this;
    const { choices } = this.shape;
    const counts = kernels.allocateWords(TILE_SAMPLES);
    const list = kernels.allocateWords(TILE_SAMPLES * choices);
    const slots = kernels.allocateWords(TILE_SAMPLES * choices);
    const { integers } = kernels;
    for (let sample = 0; sample < TILE_SAMPLES; sample++) {
      integers[counts / WORD_BYTES + sample] = choices;
      for (let choice = 0; choice < choices; choice++) {
        integers[list / WORD_BYTES + sample * choices + choice] = choice;
        integers[slots / WORD_BYTES + sample * choices + choice] = (sample * output.stride) / WORD_BYTES + choice;
      }
    }
    return {
      choiceCounts: counts,
      choices: list,
      slots,
      logits: output.address,
      logitGradients: outputGradients.address,
    };
  }

  private storeOutput(start: number, samples: number, out: PlainOutput): void {
    const { choices } = this.shape;
    const { address, stride } = this.output;
    for (let sample = 0; sample < samples; sample++) {
      const word = (address + sample * stride) / WORD_BYTES;
      out.logits.set(this.kernels.floats.subarray(word, word + choices), (start + sample) * choices);
      out.values[start + sample] = this.kernels.floats[word + choices]!;
    }
  }
}
