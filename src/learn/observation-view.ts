/** One environment's part of the shared observations of a vector environment. */

import { assert } from '../base/index.ts';
import type { Observation, VectorEnvironment } from '../contract/index.ts';
import type { RoleDimensions } from './run-dimensions.ts';

/** Views of a role's arrays, as long as the environment's own components need. */
export function viewObservation(
  environment: VectorEnvironment,
  { shape, role }: RoleDimensions,
  index: number,
): Observation {
  const { components, cluster, critic, mask } = environment.buffers[role]!;
  const count = environment.counts[index]!;
  const stride = environment.componentsMax;
  return {
    components: part(components, index * stride * shape.componentFeatures, count * shape.componentFeatures),
    cluster: part(cluster, index * shape.clusterFeatures, shape.clusterFeatures),
    critic: part(critic, index * shape.criticFeatures, shape.criticFeatures),
    mask: part(mask, index * (stride * shape.verbs + 1), count * shape.verbs + 1),
  };
}

/** Stands for a mask with more than one legal choice. */
export const SEVERAL = -1;

/** The legal choice if there is but one, else `SEVERAL`. */
export function onlyChoice(mask: Uint8Array): number {
  const first = mask.indexOf(1);
  assert(first >= 0, 'a mask without a legal choice');
  return mask.indexOf(1, first + 1) < 0 ? first : SEVERAL;
}

function part<T extends Float32Array | Uint8Array>(array: T, start: number, length: number): T {
  assert(start + length <= array.length, 'an observation lies inside its arrays');
  return array.subarray(start, start + length) as T;
}
