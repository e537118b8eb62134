/** One reward per step for ever, but episodes are cut after ten: a learner that takes a cut for an end values it too low. */

import type { Dynamics, DynamicsStep } from './single-component-environment.ts';

const EPISODE_STEPS = 10;

/** State: steps so far, which nobody sees. */
export const endless: Dynamics = {
  name: 'endless',
  features: ['constant'],
  verbs: ['one', 'other'],
  stateSize: 1,
  start(state: Float64Array): void {
    state[0] = 0;
  },
  apply(state: Float64Array): DynamicsStep {
    state[0] = state[0]! + 1;
    return { reward: 1, terminated: false, truncated: state[0] >= EPISODE_STEPS };
  },
  observe(_state: Float64Array, features: Float32Array): void {
    features[0] = 1;
  },
};
