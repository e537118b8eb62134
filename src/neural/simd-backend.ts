/** The default backend: an entity network on our own WebAssembly SIMD kernels, tile by tile. */
import { assert } from '../base/index.ts';
import {
  type Backend,
  batchRow,
  choicesPerRow,
  type LossSums,
  type NetworkShape,
  type ObservationBatch,
  type PolicyOutput,
  type PpoBatch,
  type PpoLossSettings,
} from './backend.ts';
import { EntityNetwork } from './entity-network.ts';
import { EntityTile } from './entity-tile.ts';
import { Kernels } from './kernels.ts';
import { parameterCount, parameterTable } from './parameter-table.ts';
import { PpoLoss } from './ppo-loss.ts';
import { type Rows, WORD_BYTES } from './rows.ts';

/** For what samples a backend is made; batches may have any size. */
export interface BackendOptions {
  /** Components of a sample. */
  readonly componentsMax: number;
  /** Samples that hand on a memory one after the other; left out, 1. */
  readonly sequenceMax?: number;
}

/** A backend with working memory of its own. */
export function createSimdBackend(shape: NetworkShape, options: BackendOptions): Backend {
  return new SimdBackend(shape, options);
}

class SimdBackend implements Backend {
  readonly name: string = 'simd';
  readonly shape: NetworkShape;
  readonly parameterCount: number;
  private readonly kernels: Kernels;
  private readonly tile: EntityTile;
  private readonly network: EntityNetwork;
  private readonly loss: PpoLoss;
  private readonly weights: Float32Array;
  /** Address of a flat vector through which weights come in and gradients go out. */
  private readonly flat: number;
  /** Dense logits of a tile, on their way out, or in as a reference. */
  private readonly denseLogits: number;

  constructor(shape: NetworkShape, { componentsMax, sequenceMax = 1 }: BackendOptions) {
    this.shape = shape;
    this.parameterCount = parameterCount(parameterTable(shape));
    this.weights = new Float32Array(this.parameterCount);
    this.kernels = new Kernels();
    this.tile = new EntityTile(this.kernels, shape, { componentsMax, sequenceMax });
    this.network = new EntityNetwork(this.kernels, shape, this.tile);
    const choicesMax = choicesPerRow(shape, componentsMax);
    this.loss = new PpoLoss(this.kernels, { samplesMax: this.tile.samplesMax, choicesMax });
    this.flat = this.kernels.allocateWords(this.parameterCount);
    this.denseLogits = this.kernels.allocateWords(this.tile.samplesMax * choicesMax);
  }

  getWeights(): Float32Array {
    return this.weights.slice();
  }

  setWeights(weights: Float32Array): void {
    assert(weights.length === this.parameterCount, 'the weights have the length of the parameter table');
    this.weights.set(weights);
    this.kernels.floats.set(weights, this.flat / WORD_BYTES);
    for (const layer of this.network.layers) layer.load(this.flat);
  }

  forward(batch: ObservationBatch, out: PolicyOutput): void {
    const { tile } = this;
    for (let start = 0; start < batch.size; start += tile.samples) {
      tile.load(batch, start);
      this.network.forward();
      this.storeOutput(batch, start, out);
    }
  }

  gradients(batch: PpoBatch, loss: PpoLossSettings, divisor: number, out: Float32Array): LossSums {
    const { tile, network } = this;
    for (const layer of network.layers) layer.clearGradients();
    this.loss.begin(loss, divisor);
    for (let start = 0; start < batch.size; start += tile.samples) {
      tile.load(batch, start);
      network.forward();
      this.addLosses(batch, start);
      network.backward();
    }
    for (const layer of network.layers) layer.storeGradients(this.flat);
    out.set(this.kernels.floats.subarray(this.flat / WORD_BYTES, this.flat / WORD_BYTES + this.parameterCount));
    return this.loss.readSums(batch.size);
  }

  private addLosses(batch: PpoBatch, start: number): void {
    const { samples, lists } = this.tile;
    const { head, critic } = this.network;
    this.loss.loadTargets(batch, start, samples);
    head.clearLogitGradients();
    const { logits, logitGradients } = head;
    this.loss.addPolicyLoss(samples, { ...lists, logits, logitGradients }, this.loadReference(batch, start));
    this.loss.addValueLoss(samples, critic.values, critic.valueGradients);
  }

  private loadReference(batch: PpoBatch, start: number): Rows | undefined {
    if (batch.referenceLogits === undefined) return undefined;
    const choices = choicesPerRow(this.shape, batch.componentsMax);
    for (let sample = 0; sample < this.tile.samples; sample++) {
      const row = batchRow(batch, start + sample) * choices;
      const logits = batch.referenceLogits.subarray(row, row + choices);
      this.kernels.floats.set(logits, this.denseLogits / WORD_BYTES + sample * choices);
    }
    return { address: this.denseLogits, stride: choices * WORD_BYTES };
  }

  private storeOutput(batch: ObservationBatch, start: number, out: PolicyOutput): void {
    const { samples } = this.tile;
    const { floats } = this.kernels;
    const choices = choicesPerRow(this.shape, batch.componentsMax);
    this.network.head.spreadLogits(this.denseLogits, choices);
    const first = this.denseLogits / WORD_BYTES;
    out.logits.set(floats.subarray(first, first + samples * choices), start * choices);
    const { address, stride } = this.network.critic.values;
    for (let sample = 0; sample < samples; sample++) {
      out.values[start + sample] = floats[(address + sample * stride) / WORD_BYTES]!;
    }
    if (out.memories !== undefined) this.storeMemories(out.memories, start);
  }

  private storeMemories(memories: Float32Array, start: number): void {
    const { memory } = this.network;
    if (memory === undefined) return;
    const { memoryUnits: units = 0 } = this.shape;
    for (let sample = 0; sample < this.tile.samples; sample++) {
      const word = (memory.after.address + sample * memory.after.stride) / WORD_BYTES;
      memories.set(this.kernels.floats.subarray(word, word + units), (start + sample) * units);
    }
  }
}
