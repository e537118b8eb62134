/** Say which symbol a component's only dependency shows: nobody can who sees components without what lies between them. */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';

/** Sizes of the task. */
export interface NeighboursOptions {
  readonly components: number;
  readonly symbols: number;
}

const EPISODE_STEPS = 50;

/**
 * Components in a ring: each depends on the one 1 to `components - 1` further on, as the environment's number says. One component at a time is asked; a reward for the
 * right symbol. State: the components' symbols, who is asked, steps so far.
 */
export function neighboursDynamics({ components, symbols }: NeighboursOptions, environment: number): Dynamics {
  const distance = 1 + (environment % (components - 1));
  const names = Array.from({ length: symbols }, (_, symbol) => `symbol${symbol}`);
  const draw = (state: Float64Array, stream: RandomStream): void => {
    for (let component = 0; component < components; component++) state[component] = stream.integer(symbols);
    state[components] = stream.integer(components);
  };
  const needed = (component: number): number => (component + distance) % components;
  return {
    name: 'neighbours',
    features: [...names, 'asked'],
    verbs: names,
    stateSize: components + 2,
    stepsMax: EPISODE_STEPS,
    dependencies: Array.from({ length: components }, (_, component) => [needed(component)]),
    start(state: Float64Array, stream: RandomStream): void {
      state[components + 1] = 0;
      draw(state, stream);
    },
    apply(state: Float64Array, verb: number, stream: RandomStream): DynamicsStep {
      const reward = verb % symbols === state[needed(state[components]!)] ? 1 : 0;
      state[components + 1] = state[components + 1]! + 1;
      draw(state, stream);
      return { reward, terminated: state[components + 1]! >= EPISODE_STEPS, truncated: false };
    },
    observe(state: Float64Array, features: Float32Array): void {
      features.fill(0);
      for (let component = 0; component < components; component++) {
        features[component * (symbols + 1) + state[component]!] = 1;
      }
      features[state[components]! * (symbols + 1) + symbols] = 1;
    },
    legal(state: Float64Array, mask: Uint8Array): void {
      mask.fill(0);
      mask.fill(1, state[components]! * symbols, (state[components]! + 1) * symbols);
    },
  };
}
