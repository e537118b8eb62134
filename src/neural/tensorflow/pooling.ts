/** Mean and maximum over components that lie in groups: those of a sample, or the neighbours of a component. */
import * as tf from '@tensorflow/tfjs-core';
import type { NeighbourEntries, PaddedLists } from './padded-lists.ts';

/** Below every feature and embedding, and finite. */
const ABSENT = -1e30;

/** Which members of equally long groups exist, as tensors to calculate with. */
interface Presence {
  /** groups x length x 1: 1 where there is a member, else 0. */
  readonly present: tf.Tensor3D;
  /** groups x length x 1: 0 where there is a member, else ABSENT. */
  readonly absent: tf.Tensor3D;
  /** groups x 1: members, or 1 where there is none. */
  readonly counts: tf.Tensor2D;
  /** groups x 1: 1 where there is a member, else 0. */
  readonly any: tf.Tensor2D;
}

/** The first `counts` members of groups of `length` exist. */
export function presenceOf(counts: ArrayLike<number>, length: number): Presence {
  const groups = counts.length;
  const present = new Float32Array(groups * length);
  for (let group = 0; group < groups; group++) present.fill(1, group * length, group * length + counts[group]!);
  const absent = present.map((value) => (value === 1 ? 0 : ABSENT));
  const column = (value: (count: number) => number): tf.Tensor2D =>
    tf.tensor2d(Float32Array.from(counts, value), [groups, 1]);
  return {
    present: tf.tensor3d(present, [groups, length, 1]),
    absent: tf.tensor3d(absent, [groups, length, 1]),
    counts: column((count) => Math.max(count, 1)),
    any: column((count) => Math.min(count, 1)),
  };
}

/** [mean, max] of the members that exist, 0 where none does: groups x 2 columns. The rows lie group after group. */
export function poolRows(rows: tf.Tensor2D, presence: Presence): tf.Tensor2D {
  const { present, absent, counts, any } = presence;
  const grouped = tf.reshape(rows, [present.shape[0], present.shape[1], rows.shape[1]]);
  const mean: tf.Tensor2D = tf.div(tf.sum(tf.mul(grouped, present), 1), counts);
  return tf.mul(tf.concat2d([mean, maximum(tf.add(grouped, absent))], 1), any);
}

/** [mean, max] of each row's neighbours. */
export function poolNeighbours(rows: tf.Tensor2D, { heard, hearers }: NeighbourEntries): tf.Tensor2D {
  return poolRows(gather(rows, heard, hearers), presenceOf(heard.counts, heard.length));
}

/** The rows with these numbers, none of them twice. */
export function takeRows(rows: tf.Tensor2D, numbers: readonly number[]): tf.Tensor2D {
  if (numbers.length === rows.shape[0] && numbers.every((number, at) => number === at)) return rows;
  const entries = new Int32Array(rows.shape[0]);
  const counts = new Int32Array(rows.shape[0]);
  for (const [at, number] of numbers.entries()) {
    entries[number] = at;
    counts[number] = 1;
  }
  const ones = new Int32Array(numbers.length).fill(1);
  const lists = { length: 1, entries: Int32Array.from(numbers), counts: ones };
  return gather(rows, lists, { length: 1, entries, counts });
}

/** The rows that the lists point to, list after list. TensorFlow.js's own derivative has no kernel in WebAssembly. */
function gather(rows: tf.Tensor2D, lists: PaddedLists, uses: PaddedLists): tf.Tensor2D {
  const take = (source: tf.Tensor2D, { entries }: PaddedLists): tf.Tensor2D =>
    tf.gather(source, tf.tensor1d(entries, 'int32'));
  const taken = tf.customGrad<tf.Tensor2D>((source) => ({
    value: take(source as tf.Tensor2D, lists),
    gradFunc: (gradient) => {
      const { present } = presenceOf(uses.counts, uses.length);
      const grouped = tf.reshape(take(gradient, uses), [present.shape[0], uses.length, rows.shape[1]]);
      return tf.sum(tf.mul(grouped, present), 1);
    },
  }));
  return taken(rows);
}

/**
 * The maximum over the second axis. Equal components share its gradient, so that the sum over them is that of one:
 * TensorFlow.js's own rule would give it to each.
 */
const maximum: (...rows: tf.Tensor[]) => tf.Tensor2D = tf.customGrad<tf.Tensor2D>((...operands) => {
  const [rows, save] = operands as [tf.Tensor3D, tf.GradSaveFunc];
  const top = tf.max<tf.Tensor3D>(rows, 1, true);
  save([rows, top]);
  return {
    value: tf.squeeze(top, [1]),
    gradFunc: (gradient, saved) => {
      const [values, largest] = saved as [tf.Tensor3D, tf.Tensor3D];
      const winners = tf.cast(tf.equal(values, largest), 'float32');
      const shares = tf.div(winners, tf.sum(winners, 1, true));
      return tf.mul(shares, tf.expandDims(gradient, 1));
    },
  };
});
