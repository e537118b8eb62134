/**
 * Say which state you see: the smallest task on which a learner that pairs observations and actions wrongly fails. The
 * task of Stable-Baselines3's IdentityEnv and, with masked names, of sb3-contrib's InvalidActionEnvDiscrete: a fresh state
 * and fresh masks at every step, an episode cut (not ended) after 100 steps.
 */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';

const EPISODE_STEPS = 100;

/**
 * One reward for naming the state, out of `states`; `invalid` of the wrong names are masked out at every step.
 * State: the state to name, steps so far, then the mask.
 */
export function identityDynamics(options: { readonly states: number; readonly invalid: number }): Dynamics {
  const { states, invalid } = options;
  const names = Array.from({ length: states }, (_, index) => `state${index}`);
  const draw = (state: Float64Array, stream: RandomStream): void => {
    state[0] = stream.integer(states);
    state.fill(1, 2);
    for (let masked = 0; masked < invalid; ) {
      const verb = stream.integer(states);
      if (verb === state[0] || state[2 + verb] === 0) continue;
      state[2 + verb] = 0;
      masked++;
    }
  };
  return {
    name: invalid > 0 ? 'invalid-action' : 'identity',
    features: names,
    verbs: names,
    stateSize: 2 + states,
    stepsMax: EPISODE_STEPS,
    start(state: Float64Array, stream: RandomStream): void {
      state[1] = 0;
      draw(state, stream);
    },
    apply(state: Float64Array, verb: number, stream: RandomStream): DynamicsStep {
      const reward = verb === state[0] ? 1 : 0;
      state[1] = state[1]! + 1;
      draw(state, stream);
      return { reward, terminated: false, truncated: state[1] >= EPISODE_STEPS };
    },
    observe(state: Float64Array, features: Float32Array): void {
      features.fill(0);
      features[state[0]!] = 1;
    },
    legal(state: Float64Array, mask: Uint8Array): void {
      for (let verb = 0; verb < states; verb++) mask[verb] = state[2 + verb]!;
    },
  };
}
