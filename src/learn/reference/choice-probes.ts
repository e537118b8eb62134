/** Probes of choices: tasks of a few states whose best policy is known, each of which shows one thing a learner can get wrong. */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';

const once = { stateSize: 1, stepsMax: 1, start: startAtZero };
const blank = { features: ['constant'], observe: showOne };

/** One action pays, the other costs, whatever is seen. What fails here is the policy's gradient. */
export const rewardedAction: Dynamics = {
  name: 'rewarded-action',
  ...once,
  ...blank,
  verbs: ['costs', 'pays'],
  apply: (_state: Float64Array, verb: number) => ({ reward: verb === 1 ? 1 : -1, terminated: true, truncated: false }),
};

/** The action that pays is the one that is seen. What fails here pairs choices with the wrong observations. */
export const matchedAction: Dynamics = {
  name: 'matched-action',
  ...once,
  features: ['sign'],
  verbs: ['minus', 'plus'],
  start(state: Float64Array, stream: RandomStream): void {
    state[0] = stream.uniform() < 0.5 ? -1 : 1;
  },
  apply(state: Float64Array, verb: number): DynamicsStep {
    const matches = (verb === 1) === (state[0] === 1);
    return { reward: matches ? 1 : -1, terminated: true, truncated: false };
  },
  observe(state: Float64Array, features: Float32Array): void {
    features[0] = state[0]!;
  },
};

const SHARE_STEPS = 64;
/** Share of the second action that is paid. */
const PAID_SHARE = 0.75;

/**
 * Nothing is seen, and an action pays while it has been taken more rarely than its share, a quarter and three quarters:
 * without memory the best policy draws by these shares. State: steps so far, how often the second action was taken.
 */
export const mixedActions: Dynamics = {
  name: 'mixed-actions',
  ...blank,
  verbs: ['a quarter', 'three quarters'],
  stateSize: 2,
  stepsMax: SHARE_STEPS,
  start: startAtZero,
  apply(state: Float64Array, verb: number): DynamicsStep {
    const secondIsRare = state[1]! <= state[0]! * PAID_SHARE;
    state[0] = state[0]! + 1;
    state[1] = state[1]! + verb;
    return { reward: (verb === 1) === secondIsRare ? 1 : 0, terminated: state[0] >= SHARE_STEPS, truncated: false };
  },
};

const UNEVEN_STEPS = 20;
const SHORT = { reward: 0.6, seconds: 1 };
const LONG = { reward: 1, seconds: 3 };

/**
 * For ever either 0.6 after one second or 1 after three. With a discount of 0.9 a second the short action is worth
 * 0.6 / (1 - 0.9) = 6 and the long one 1 / (1 - 0.9^3) = 3.7; a learner that discounts each step alike takes the long one.
 */
export const unevenSteps: Dynamics = {
  name: 'uneven-steps',
  ...blank,
  verbs: ['short', 'long'],
  stateSize: 1,
  stepsMax: UNEVEN_STEPS,
  start: startAtZero,
  apply(state: Float64Array, verb: number): DynamicsStep {
    state[0] = state[0]! + 1;
    return { ...(verb === 0 ? SHORT : LONG), terminated: false, truncated: state[0] >= UNEVEN_STEPS };
  },
};

const WAIT_STEPS = 3;

/**
 * Half a reward now, or three steps in which there is nothing to choose and then a whole one: right with a discount of
 * 0.9 is to wait, with 0.7 to take the half. State: steps waited, 0 while the choice is open.
 */
export const forcedWait: Dynamics = {
  name: 'forced-wait',
  features: ['waited'],
  verbs: ['take', 'wait'],
  stateSize: 1,
  stepsMax: WAIT_STEPS + 1,
  start: startAtZero,
  apply(state: Float64Array, verb: number): DynamicsStep {
    if (verb === 0) return { reward: 0.5, terminated: true, truncated: false };
    const over = state[0] === WAIT_STEPS;
    state[0] = state[0]! + 1;
    return { reward: over ? 1 : 0, terminated: over, truncated: false };
  },
  observe(state: Float64Array, features: Float32Array): void {
    features[0] = state[0]!;
  },
  legal(state: Float64Array, mask: Uint8Array): void {
    mask[0] = state[0] === 0 ? 1 : 0;
  },
};

/** What has to be entered, digit by digit. */
const PASSWORD = [1, 0, 0, 1, 0];

/** A reward at the end if every digit was right, nothing before: what fails here does not explore. State: digits, mistakes. */
export const password: Dynamics = {
  name: 'password',
  features: PASSWORD.map((_, digit) => `digit${digit}`),
  verbs: ['zero', 'one'],
  stateSize: 2,
  stepsMax: PASSWORD.length,
  start: startAtZero,
  apply(state: Float64Array, verb: number): DynamicsStep {
    if (verb !== PASSWORD[state[0]!]) state[1] = 1;
    state[0] = state[0]! + 1;
    const over = state[0] === PASSWORD.length;
    return { reward: over && state[1] === 0 ? 1 : 0, terminated: over, truncated: false };
  },
  observe(state: Float64Array, features: Float32Array): void {
    features.fill(0);
    if (state[0]! < features.length) features[state[0]!] = 1;
  },
};

/**
 * A sign is shown, then gone, and after `wait` steps without a choice asked for. A policy without memory can only guess: who
 * does better sees what it should not. State: the sign, steps so far.
 */
export function memoryProbe({ wait = 0 }: { readonly wait?: number }): Dynamics {
  return {
    name: 'memory',
    features: ['sign'],
    verbs: ['minus', 'plus'],
    stateSize: 2,
    stepsMax: 2 + wait,
    start(state: Float64Array, stream: RandomStream): void {
      state[0] = stream.uniform() < 0.5 ? -1 : 1;
      state[1] = 0;
    },
    apply(state: Float64Array, verb: number): DynamicsStep {
      const asked = state[1] === 1 + wait;
      state[1] = state[1]! + 1;
      return { reward: asked && (verb === 1) === (state[0] === 1) ? 1 : 0, terminated: asked, truncated: false };
    },
    observe(state: Float64Array, features: Float32Array): void {
      features[0] = state[1] === 0 ? state[0]! : 0;
    },
    legal(state: Float64Array, mask: Uint8Array): void {
      const waiting = state[1]! > 0 && state[1]! <= wait;
      mask[1] = waiting ? 0 : 1;
    },
  };
}

function startAtZero(state: Float64Array): void {
  state.fill(0);
}

function showOne(_state: Float64Array, features: Float32Array): void {
  features[0] = 1;
}
