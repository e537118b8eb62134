/** Brings features to zero mean and unit deviation with fixed numbers, the same in training and afterwards. */

/** How far a scaled feature may lie from its mean. */
export const SCALED_MAX = 10;

/** For each feature what is subtracted and what it is then multiplied with. */
export interface FeatureScaling {
  readonly means: Float32Array;
  readonly factors: Float32Array;
}

/** Writes `rows` rows of scaled features to `target`, clipped to 10 deviations; one row is as long as the scaling. */
export function scaleRows(
  source: Float32Array,
  target: Float32Array,
  scaling: FeatureScaling,
  at: { readonly sourceStart: number; readonly targetStart: number; readonly rows: number },
): void {
  const { means, factors } = scaling;
  const width = means.length;
  let from = at.sourceStart;
  let to = at.targetStart;
  for (let row = 0; row < at.rows; row++) {
    for (let feature = 0; feature < width; feature++) {
      const scaled = (source[from++]! - means[feature]!) * factors[feature]!;
      target[to++] = Math.max(-SCALED_MAX, Math.min(SCALED_MAX, scaled));
    }
  }
}
