/**
 * Probes of values: tasks so small that the right value of every state is known in closed form, each of which shows one
 * thing a critic can get wrong. With one action nothing is to be chosen; with more, all of them do the same.
 */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';

/** Makes one of these probes. */
export type ValueProbe = (actions: number) => Dynamics;

/** One step, one reward: worth 1. What fails here is the value loss or the optimiser. */
export function constantProbe(actions: number): Dynamics {
  return {
    ...alike('constant', actions),
    start: () => {},
    apply: () => ({ reward: 1, terminated: true, truncated: false }),
    observe(_state: Float64Array, features: Float32Array): void {
      features[0] = 1;
    },
  };
}

/** One step, whose reward is what is seen, -1 or 1. What fails here pairs values with the wrong observations. */
export function observedProbe(actions: number): Dynamics {
  return {
    ...alike('observed', actions),
    start(state: Float64Array, stream: RandomStream): void {
      state[0] = stream.uniform() < 0.5 ? -1 : 1;
    },
    apply: (state: Float64Array) => ({ reward: state[0]!, terminated: true, truncated: false }),
    observe: showState,
  };
}

/** Two steps, a reward after the second: worth the discount, then 1. What fails here is the discounting. */
export function delayedProbe(actions: number): Dynamics {
  return {
    ...alike('delayed', actions),
    stepsMax: 2,
    start: startAtZero,
    apply(state: Float64Array): DynamicsStep {
      const last = state[0] === 1;
      state[0] = 1;
      return { reward: last ? 1 : 0, terminated: last, truncated: false };
    },
    observe: showState,
  };
}

const CLIMB_STEPS = 8;
const CLIMB_TOP = 4;

/**
 * A climb of four steps to a place that then pays 1 per step for ever, cut after eight steps. The top is worth
 * 1 / (1 - discount) only to a learner that values the observation at the cut, not the one after the reset.
 */
export function climbProbe(actions: number): Dynamics {
  return {
    ...alike('climb', actions),
    stateSize: 2,
    stepsMax: CLIMB_STEPS,
    start: startAtZero,
    apply(state: Float64Array): DynamicsStep {
      const reward = state[0] === CLIMB_TOP ? 1 : 0;
      state[0] = Math.min(CLIMB_TOP, state[0]! + 1);
      state[1] = state[1]! + 1;
      return { reward, terminated: false, truncated: state[1] >= CLIMB_STEPS };
    },
    observe(state: Float64Array, features: Float32Array): void {
      features[0] = state[0]! / CLIMB_TOP;
    },
  };
}

const ENDLESS_STEPS = 10;

/** One reward per step for ever, but episodes are cut after ten: a learner that takes a cut for an end values it too low. */
export function endlessProbe(actions: number): Dynamics {
  return {
    ...alike('endless', actions),
    stepsMax: ENDLESS_STEPS,
    start: startAtZero,
    apply(state: Float64Array): DynamicsStep {
      state[0] = state[0]! + 1;
      return { reward: 1, terminated: false, truncated: state[0] >= ENDLESS_STEPS };
    },
    observe(_state: Float64Array, features: Float32Array): void {
      features[0] = 1;
    },
  };
}

function alike(
  name: string,
  actions: number,
): Pick<Dynamics, 'name' | 'features' | 'verbs' | 'stateSize' | 'stepsMax'> {
  const verbs = Array.from({ length: actions }, (_, action) => `way${action}`);
  return { name, features: ['state'], verbs, stateSize: 1, stepsMax: 1 };
}

function startAtZero(state: Float64Array): void {
  state.fill(0);
}

function showState(state: Float64Array, features: Float32Array): void {
  features[0] = state[0]!;
}
