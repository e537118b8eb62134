/**
 * CartPole-v1 (Barto, Sutton and Anderson 1983, with Gymnasium's constants): balance a pole by pushing its cart; solved
 * at a mean return of 475 of 500. An episode cut at 500 steps is truncated, not terminated.
 */

import type { RandomStream } from '../../base/index.ts';
import type { Dynamics, DynamicsStep } from './single-role-environment.ts';
import { cosine, sine } from './trigonometry.ts';

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const POLE_HALF_LENGTH = 0.5;
const FORCE = 10;
const STEP_SECONDS = 0.02;
const POSITION_MAX = 2.4;
const ANGLE_MAX = (12 * 2 * Math.PI) / 360;
const STEPS_MAX = 500;
const TOTAL_MASS = CART_MASS + POLE_MASS;
const POLE_MASS_LENGTH = POLE_MASS * POLE_HALF_LENGTH;

/** State: position, velocity, angle, angular velocity, steps so far. */
export const cartPole: Dynamics = {
  name: 'cart-pole',
  features: ['position', 'velocity', 'angle', 'angularVelocity'],
  verbs: ['push left', 'push right'],
  stateSize: 5,
  stepsMax: STEPS_MAX,
  start(state: Float64Array, stream: RandomStream): void {
    for (let index = 0; index < 4; index++) state[index] = stream.uniform() * 0.1 - 0.05;
    state[4] = 0;
  },
  apply(state: Float64Array, verb: number): DynamicsStep {
    advance(state, verb === 1 ? FORCE : -FORCE);
    state[4] = state[4]! + 1;
    const terminated = Math.abs(state[0]!) > POSITION_MAX || Math.abs(state[2]!) > ANGLE_MAX;
    return { reward: 1, terminated, truncated: !terminated && state[4]! >= STEPS_MAX };
  },
  observe(state: Float64Array, features: Float32Array): void {
    for (let index = 0; index < 4; index++) features[index] = state[index]!;
  },
};

function advance(state: Float64Array, force: number): void {
  const [x, velocity, angle, spin] = state as unknown as [number, number, number, number];
  const sineOf = sine(angle);
  const cosineOf = cosine(angle);
  const push = (force + POLE_MASS_LENGTH * spin * spin * sineOf) / TOTAL_MASS;
  const resistance = POLE_HALF_LENGTH * (4 / 3 - (POLE_MASS * cosineOf * cosineOf) / TOTAL_MASS);
  const angularAcceleration = (GRAVITY * sineOf - cosineOf * push) / resistance;
  const acceleration = push - (POLE_MASS_LENGTH * angularAcceleration * cosineOf) / TOTAL_MASS;
  state[0] = x + STEP_SECONDS * velocity;
  state[1] = velocity + STEP_SECONDS * acceleration;
  state[2] = angle + STEP_SECONDS * spin;
  state[3] = spin + STEP_SECONDS * angularAcceleration;
}
