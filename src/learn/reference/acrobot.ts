/**
 * Acrobot-v1 (Sutton 1996, with Gymnasium's constants and the book's dynamics): swing the tip of a two-link pendulum one
 * link above its pivot by a torque at the joint; solved at a mean return of -100. Cut at 500 steps.
 */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';
import { cosine, sine } from './trigonometry.ts';

const GRAVITY = 9.8;
const LINK_LENGTH = 1;
const LINK_MASS = 1;
const LINK_CENTRE = 0.5;
const LINK_INERTIA = 1;
const STEP_SECONDS = 0.2;
const SPIN_MAX_INNER = 4 * Math.PI;
const SPIN_MAX_OUTER = 9 * Math.PI;
const STEPS_MAX = 500;
/** Numbers that move: two angles and their velocities. */
const MOVING = 4;

/** State: inner angle, outer angle, their velocities, steps so far. */
export const acrobot: Dynamics = {
  name: 'acrobot',
  features: ['cosineInner', 'sineInner', 'cosineOuter', 'sineOuter', 'spinInner', 'spinOuter'],
  verbs: ['turn back', 'let go', 'turn on'],
  stateSize: MOVING + 1,
  stepsMax: STEPS_MAX,
  start(state: Float64Array, stream: RandomStream): void {
    for (let index = 0; index < MOVING; index++) state[index] = stream.uniform() * 0.2 - 0.1;
    state[MOVING] = 0;
  },
  apply(state: Float64Array, verb: number): DynamicsStep {
    advance(state, verb - 1);
    state[MOVING] = state[MOVING]! + 1;
    const terminated = -cosine(state[0]!) - cosine(state[0]! + state[1]!) > 1;
    return { reward: terminated ? 0 : -1, terminated, truncated: !terminated && state[MOVING]! >= STEPS_MAX };
  },
  observe(state: Float64Array, features: Float32Array): void {
    features[0] = cosine(state[0]!);
    features[1] = sine(state[0]!);
    features[2] = cosine(state[1]!);
    features[3] = sine(state[1]!);
    features[4] = state[2]!;
    features[5] = state[3]!;
  },
};

/** One step of the classic fourth-order Runge-Kutta method. */
function advance(state: Float64Array, torque: number): void {
  const start = Array.from(state.subarray(0, MOVING));
  const along = (slope: readonly number[], seconds: number): number[] =>
    start.map((value, index) => value + seconds * slope[index]!);
  const first = slopes(start, torque);
  const second = slopes(along(first, STEP_SECONDS / 2), torque);
  const third = slopes(along(second, STEP_SECONDS / 2), torque);
  const fourth = slopes(along(third, STEP_SECONDS), torque);
  start.forEach((value, index) => {
    const slope = first[index]! + 2 * second[index]! + 2 * third[index]! + fourth[index]!;
    state[index] = value + (STEP_SECONDS / 6) * slope;
  });
  state[0] = wrapped(state[0]!);
  state[1] = wrapped(state[1]!);
  state[2] = Math.min(SPIN_MAX_INNER, Math.max(-SPIN_MAX_INNER, state[2]!));
  state[3] = Math.min(SPIN_MAX_OUTER, Math.max(-SPIN_MAX_OUTER, state[3]!));
}

/** Velocities and accelerations; equations of Sutton and Barto's book, where `first` and `second` are its d1 and d2. */
function slopes(moving: readonly number[], torque: number): number[] {
  const [inner, outer, spinInner, spinOuter] = moving as [number, number, number, number];
  const arm = LINK_LENGTH * LINK_CENTRE;
  const centreSquare = LINK_CENTRE * LINK_CENTRE;
  const bent = cosine(outer);
  const swing = sine(outer);
  const first =
    LINK_MASS * centreSquare +
    LINK_MASS * (LINK_LENGTH * LINK_LENGTH + centreSquare + 2 * arm * bent) +
    2 * LINK_INERTIA;
  const second = LINK_MASS * (centreSquare + arm * bent) + LINK_INERTIA;
  const weightOuter = LINK_MASS * LINK_CENTRE * GRAVITY * cosine(inner + outer - Math.PI / 2);
  const weightInner =
    -LINK_MASS * arm * spinOuter * spinOuter * swing -
    2 * LINK_MASS * arm * spinOuter * spinInner * swing +
    (LINK_MASS * LINK_CENTRE + LINK_MASS * LINK_LENGTH) * GRAVITY * cosine(inner - Math.PI / 2) +
    weightOuter;
  const push = torque + (second / first) * weightInner - LINK_MASS * arm * spinInner * spinInner * swing - weightOuter;
  const outerSlope = push / (LINK_MASS * centreSquare + LINK_INERTIA - (second * second) / first);
  const innerSlope = -(second * outerSlope + weightInner) / first;
  return [spinInner, spinOuter, innerSlope, outerSlope];
}

function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
}
