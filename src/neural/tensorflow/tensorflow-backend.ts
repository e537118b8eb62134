/** The entity network on TensorFlow.js: slower than our own kernels, and the independent word on what gradients are. */
import * as tf from '@tensorflow/tfjs-core';
import { assert } from '../../base/index.ts';
import {
  type Backend,
  batchRow,
  choicesPerRow,
  type LossSums,
  MASKED_LOGIT,
  type NetworkShape,
  type ObservationBatch,
  type PolicyOutput,
  type PpoBatch,
  type PpoLossSettings,
} from '../backend.ts';
import { parameterCount, parameterTable } from '../parameter-table.ts';
import type { BackendOptions } from '../simd-backend.ts';
import { type ChunkLimits, chunksOf, type EntityChunk } from './entity-chunk.ts';
import { entityGraph, entityPlaces } from './entity-graph.ts';
import { addLossGradients } from './loss-gradients.ts';
import { noLosses, type SampleTargets, takeTargets } from './loss-graph.ts';
import { activate, type TensorflowLibrary } from './tensorflow-library.ts';
import { WeightTensors } from './weight-tensors.ts';

/** What a backend on TensorFlow.js is made of. */
export interface TensorflowBackendOptions extends BackendOptions {
  /** Must have been loaded. */
  readonly library: TensorflowLibrary;
}

/** Has the same numbers as the SIMD backend but for rounding. */
export class TensorflowBackend implements Backend {
  readonly name: string = 'tfjs';
  readonly shape: NetworkShape;
  readonly parameterCount: number;
  readonly #library: TensorflowLibrary;
  readonly #limits: ChunkLimits;
  readonly #weights: Float32Array;
  readonly #tensors: WeightTensors;

  constructor(shape: NetworkShape, { library, componentsMax, sequenceMax = 1 }: TensorflowBackendOptions) {
    this.shape = shape;
    this.parameterCount = parameterCount(parameterTable(shape));
    this.#library = library;
    this.#limits = { componentsMax, sequenceMax };
    this.#weights = new Float32Array(this.parameterCount);
    this.#tensors = new WeightTensors(entityPlaces(shape));
  }

  getWeights(): Float32Array {
    return this.#weights.slice();
  }

  setWeights(weights: Float32Array): void {
    assert(weights.length === this.parameterCount, 'the weights have the length of the parameter table');
    activate(this.#library);
    this.#weights.set(weights);
    this.#tensors.set(weights);
  }

  forward(batch: ObservationBatch, out: PolicyOutput): void {
    activate(this.#library);
    for (const chunk of chunksOf(batch, this.shape, this.#limits)) {
      tf.tidy(() => {
        const { logits, values, memories } = entityGraph(this.#tensors, this.shape, chunk);
        this.#storeLogits(batch, chunk, logits, out);
        out.values.set(values.dataSync(), chunk.start);
        if (memories !== undefined) out.memories?.set(memories.dataSync(), chunk.start * memories.shape[1]);
      });
    }
  }

  gradients(batch: PpoBatch, loss: PpoLossSettings, divisor: number, out: Float32Array): LossSums {
    activate(this.#library);
    out.fill(0);
    const sums = noLosses();
    for (const chunk of chunksOf(batch, this.shape, this.#limits)) {
      const targets = this.#takeTargets(batch, chunk);
      const forward = () => entityGraph(this.#tensors, this.shape, chunk);
      addLossGradients(this.#tensors, forward, { targets, loss, divisor, sums, out });
    }
    return sums;
  }

  #storeLogits(batch: ObservationBatch, chunk: EntityChunk, logits: tf.Tensor2D, out: PolicyOutput): void {
    const values = logits.dataSync();
    const width = logits.shape[1];
    const room = choicesPerRow(this.shape, batch.componentsMax);
    for (let sample = 0; sample < chunk.samples; sample++) {
      const row = (chunk.start + sample) * room;
      out.logits.set(values.subarray(sample * width, (sample + 1) * width), row);
      out.logits.fill(MASKED_LOGIT, row + width, row + room);
    }
  }

  #takeTargets(batch: PpoBatch, chunk: EntityChunk): SampleTargets {
    const { start, samples, mask } = chunk;
    const targets = takeTargets(batch, start, samples);
    const width = choicesPerRow(this.shape, chunk.components);
    for (const [sample, choice] of targets.choices.entries()) {
      assert(choice < width && mask[sample * width + choice] === 1, 'the choice of every sample is legal');
    }
    if (batch.referenceLogits === undefined) return { ...targets, mask };
    const room = choicesPerRow(this.shape, batch.componentsMax);
    const referenceLogits = new Float32Array(samples * width);
    for (let sample = 0; sample < samples; sample++) {
      const row = batchRow(batch, start + sample) * room;
      referenceLogits.set(batch.referenceLogits.subarray(row, row + width), sample * width);
    }
    return { ...targets, mask, referenceLogits };
  }
}
