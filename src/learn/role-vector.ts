/** What makes up a trained role as one flat vector: network weights, then the scaling of its observations. */

import type { FeatureScaling, NetworkShape } from '../neural/index.ts';

/** Scaling of the three kinds of features. */
export interface ObservationScaling {
  readonly components: FeatureScaling;
  readonly cluster: FeatureScaling;
  readonly critic: FeatureScaling;
}

/** Views of one role's vector. */
export interface RoleVector extends ObservationScaling {
  readonly weights: Float32Array;
}

/** Features of all kinds together. */
export function featureWidth(shape: NetworkShape): number {
  return shape.componentFeatures + shape.clusterFeatures + shape.criticFeatures;
}

/** Length of a role's vector. */
export function roleVectorLength(shape: NetworkShape, parameterCount: number): number {
  return parameterCount + 2 * featureWidth(shape);
}

/** Views the vector in a slot of `vectors`. */
export function viewRoleVector(
  vectors: Float32Array,
  slot: number,
  size: { readonly shape: NetworkShape; readonly parameterCount: number },
): RoleVector {
  const { shape, parameterCount } = size;
  let offset = slot * roleVectorLength(shape, parameterCount);
  const take = (length: number): Float32Array => {
    const view = vectors.subarray(offset, offset + length);
    offset += length;
    return view;
  };
  const weights = take(parameterCount);
  const scaling = (width: number): FeatureScaling => ({ means: take(width), factors: take(width) });
  return {
    weights,
    components: scaling(shape.componentFeatures),
    cluster: scaling(shape.clusterFeatures),
    critic: scaling(shape.criticFeatures),
  };
}

/** Sets a vector's scaling to leave features as they are. */
export function resetScaling(vector: RoleVector): void {
  for (const { means, factors } of [vector.components, vector.cluster, vector.critic]) {
    means.fill(0);
    factors.fill(1);
  }
}
