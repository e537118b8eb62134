/** The actor's memory as a graph of TensorFlow.js: step by step through the sequences of a chunk, side by side. */
import * as tf from '@tensorflow/tfjs-core';
import { assert } from '../../base/index.ts';
import { batchRow, type ObservationBatch } from '../backend.ts';
import { linear } from './dense.ts';
import { takeRows } from './pooling.ts';
import type { WeightTensors } from './weight-tensors.ts';

/** Added to the gate that keeps, as in assembly/memory.ts. */
const KEEPING = 2;

/** What the samples of a chunk remember, and in which order they do. */
export interface ChunkMemory {
  readonly units: number;
  /** By step of a sequence: the samples that are so far into theirs. */
  readonly steps: readonly (readonly number[])[];
  /** First samples of sequences x units: what is remembered before them. */
  readonly before: Float32Array;
}

/** Samples of a chunk, and the memory of their network. */
interface MemorySize {
  readonly start: number;
  readonly samples: number;
  readonly units: number;
  readonly sequenceMax: number;
}

/** The sequences of some samples of a batch; each begins in the chunk that it ends in. */
export function chunkMemory(
  batch: ObservationBatch,
  { start, samples, units, sequenceMax }: MemorySize,
): ChunkMemory | undefined {
  if (units === 0) return undefined;
  const steps: number[][] = [];
  let step = 0;
  for (let sample = 0; sample < samples; sample++) {
    step = (batch.continues?.[batchRow(batch, start + sample)] ?? 0) === 0 ? 0 : step + 1;
    assert(step === 0 || sample > 0, 'the first of a batch has nobody to take a memory from');
    assert(step < sequenceMax, 'a sequence is no longer than its backend was made for');
    steps[step] ??= [];
    steps[step]!.push(sample);
  }
  const first = steps[0]!;
  const before = new Float32Array(first.length * units);
  for (const [at, sample] of first.entries()) {
    const row = batchRow(batch, start + sample) * units;
    if (batch.memories !== undefined) before.set(batch.memories.subarray(row, row + units), at * units);
  }
  return { units, steps, before };
}

/** What is remembered after each sample: samples x units. */
export function remember(weights: WeightTensors, state: tf.Tensor2D, memory: ChunkMemory): tf.Tensor2D {
  const { units, steps, before } = memory;
  const after: tf.Tensor2D[] = [];
  for (const [step, samples] of steps.entries()) {
    const earlier = steps[step - 1];
    const remembered =
      earlier === undefined
        ? tf.tensor2d(before, [samples.length, units])
        : takeRows(
            after[step - 1]!,
            samples.map((sample) => earlier.indexOf(sample - 1)),
          );
    after.push(cell(weights, takeRows(state, samples), remembered));
  }
  const order = steps.flat();
  const places = new Array<number>(order.length);
  for (const [place, sample] of order.entries()) places[sample] = place;
  return takeRows(tf.concat2d(after, 0), places);
}

/** The gated recurrent unit that `parameterTable` describes. */
function cell(weights: WeightTensors, state: tf.Tensor2D, before: tf.Tensor2D): tf.Tensor2D {
  const both = tf.concat2d([state, before], 1);
  const keep = tf.sigmoid(tf.add(linear(weights, 'memory.keep', both), KEEPING));
  const reset = tf.sigmoid(linear(weights, 'memory.reset', both));
  const recalled = tf.mul(reset, linear(weights, 'memory.recall', before));
  const fresh = tf.tanh(tf.add(linear(weights, 'memory.fresh', state), recalled));
  return tf.add(fresh, tf.mul(keep, tf.sub(before, fresh)));
}
