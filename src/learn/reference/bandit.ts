/** A bandit: each arm pays one or nothing by its own chance, so that single rewards mislead and only their mean tells. */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';

/** One pull per episode; arm k of n pays with a chance of (k + 1) / (n + 1), so the last one is the best. */
export function banditDynamics({ arms }: { readonly arms: number }): Dynamics {
  return {
    name: 'bandit',
    features: ['constant'],
    verbs: Array.from({ length: arms }, (_, arm) => `arm${arm}`),
    stateSize: 0,
    stepsMax: 1,
    start: () => {},
    apply(_state: Float64Array, verb: number, stream: RandomStream): DynamicsStep {
      const reward = stream.uniform() < (verb + 1) / (arms + 1) ? 1 : 0;
      return { reward, terminated: true, truncated: false };
    },
    observe(_state: Float64Array, features: Float32Array): void {
      features[0] = 1;
    },
  };
}
