/** Sums from which running means and deviations are made: each shard adds up its own, the trainer merges them in order. */

import { sqrt } from '../base/index.ts';
import type { FeatureScaling } from '../neural/index.ts';

/**
 * One shard's sums over an iteration as a flat row: component rows, cluster rows, samples of the discounted return, its
 * sum and sum of squares, then per feature (components, cluster, critic) the sum and the sum of squares.
 */
export const SUMS = {
  componentRows: 0,
  clusterRows: 1,
  returnCount: 2,
  returnSum: 3,
  returnSquares: 4,
  features: 5,
} as const;

/** Length of a shard's row for `features` features. */
export function featureSumsLength(features: number): number {
  return SUMS.features + 2 * features;
}

/** Adds rows of features to the sums that begin at `sumsStart`: sums first, squares `features` further. */
export function addFeatureRows(
  source: Float32Array,
  sums: Float64Array,
  at: {
    readonly start: number;
    readonly rows: number;
    readonly width: number;
    readonly sums: number;
    readonly squares: number;
  },
): void {
  const { rows, width } = at;
  let from = at.start;
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < width; feature++) {
      const value = source[from++]!;
      sums[at.sums + feature] = sums[at.sums + feature]! + value;
      sums[at.squares + feature] = sums[at.squares + feature]! + value * value;
    }
  }
}

/** Running mean and variance of some numbers, merged batch by batch (Chan, Golub and LeVeque). */
export class RunningMoments {
  count = 0;
  readonly means: Float64Array;
  readonly variances: Float64Array;

  constructor(width: number) {
    this.means = new Float64Array(width);
    this.variances = new Float64Array(width).fill(1);
  }

  /** Merges `count` rows with these sums and sums of squares per feature. */
  merge(count: number, sums: Float64Array, squares: Float64Array): void {
    if (count === 0) return;
    const total = this.count + count;
    for (let feature = 0; feature < this.means.length; feature++) {
      const mean = sums[feature]! / count;
      const variance = Math.max(0, squares[feature]! / count - mean * mean);
      const difference = mean - this.means[feature]!;
      // Before the first batch the variance of 1 stands for nothing, as it has no weight.
      const spread = this.variances[feature]! * this.count + variance * count;
      this.variances[feature] = (spread + (difference * difference * this.count * count) / total) / total;
      this.means[feature] = this.means[feature]! + (difference * count) / total;
    }
    this.count = total;
  }

  /** Writes means and 1 / deviation; a feature that hardly varies is left nearly as it is. */
  scalingInto({ means, factors }: FeatureScaling, deviationMin: number): void {
    for (let feature = 0; feature < means.length; feature++) {
      means[feature] = this.means[feature]!;
      factors[feature] = 1 / Math.max(deviationMin, sqrt(this.variances[feature]!));
    }
  }

  save(): Float64Array {
    return Float64Array.from([this.count, ...this.means, ...this.variances]);
  }

  load(saved: Float64Array): void {
    const width = this.means.length;
    this.count = saved[0]!;
    this.means.set(saved.subarray(1, 1 + width));
    this.variances.set(saved.subarray(1 + width));
  }
}
