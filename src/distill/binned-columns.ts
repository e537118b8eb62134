/** Features cut into few bins, so that the best cut of a node is found by one pass over its samples. */

import type { Samples } from './samples.ts';

const BINS_MAX = 64;

/** A column that varies: sample i lies in bin `bins[i]`, bin b holds values up to `cuts[b]`, the last bin the rest. */
export interface BinnedColumn {
  readonly column: number;
  readonly bins: Uint8Array;
  readonly cuts: Float32Array;
}

/** All columns that take more than one value, but those that `leaveOut` names. */
export function binColumns(samples: Samples, leaveOut: (column: number) => boolean): BinnedColumn[] {
  const columns: BinnedColumn[] = [];
  for (let column = 0; column < samples.width; column += 1) {
    if (leaveOut(column)) continue;
    const cuts = cutsOf(samples, column);
    if (cuts.length > 0) columns.push({ column, cuts, bins: binsOf(samples, column, cuts) });
  }
  return columns;
}

/** Values halfway between neighbouring ones: between all where they are few, else at equal shares of the samples. */
function cutsOf({ features, width, count }: Samples, column: number): Float32Array {
  const values = new Float32Array(count);
  for (let row = 0; row < count; row += 1) values[row] = features[row * width + column] ?? 0;
  values.sort();
  const distinct = values.filter((value, index) => index === 0 || value !== values[index - 1]);
  const few = distinct.length <= BINS_MAX;
  const cuts: number[] = [];
  for (let bin = 1; bin < (few ? distinct.length : BINS_MAX); bin += 1) {
    const above = few ? bin : firstAtLeast(distinct, values[Math.floor((bin * count) / BINS_MAX)] ?? 0);
    if (above === 0 || above >= distinct.length) continue;
    const cut = Math.fround(((distinct[above - 1] ?? 0) + (distinct[above] ?? 0)) / 2);
    // Between neighbouring floats there is no number: a sample equal to its cut would change sides.
    const between = cut >= (distinct[above] ?? 0) ? (distinct[above - 1] ?? 0) : cut;
    if (between !== cuts[cuts.length - 1]) cuts.push(between);
  }
  return Float32Array.from(cuts);
}

function binsOf({ features, width, count }: Samples, column: number, cuts: Float32Array): Uint8Array {
  const bins = new Uint8Array(count);
  for (let row = 0; row < count; row += 1) bins[row] = firstAtLeast(cuts, features[row * width + column] ?? 0);
  return bins;
}

/** Position of the first of the ascending values that is at least `value`; their number if none is. */
function firstAtLeast(values: Float32Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
