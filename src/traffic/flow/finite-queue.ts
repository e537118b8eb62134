/**
 * The M/M/c/K queue in closed form, against the logarithm of its load. In a fluid whose equilibrium it is, the number in
 * the system tells the load, and the load tells how many are served and how many find no room.
 */

import { exp, expm1 } from '../../base/index.ts';

/** Requests may be off by this share of all: callers make up the balance. */
const BALANCE_SMALL = 1e-9;
const STEPS_MAX = 60;
/** Loads beyond e to this power do not occur; from e^37 on, 1 less their inverse is 1, and `evaluate` divides by nothing. */
const LOG_LOAD_MAX = 36;
/** Below this, the sums over the waiting room are taken from their series. */
const SERIES_BELOW = 1e-3;
/** The chance that servers are idle outweighs all else long before this. */
const INVERSE_MAX = 1e250;

/** What a step of the fluid starts from. */
export interface FiniteStep {
  /** Requests in the system before. */
  before: number;
  /** Requests that arrive in the step, and that all servers together could do in it. */
  offered: number;
  served: number;
  /** Servers, possibly not a whole number; room for those that wait. */
  servers: number;
  room: number;
  /** The waiting part counts this many times, (1 + cv^2) / 2 for a service time's cv; the room shrinks by as much. */
  queueFactor: number;
}

/** One queue at a time: `solve` finds the state behind a step and leaves it in the fields. */
export class FiniteQueue {
  readonly step: FiniteStep = { before: 0, offered: 0, served: 0, servers: 1, room: 0, queueFactor: 1 };
  /** Share of the servers that are busy. */
  utilisation = 0;
  waiting = 0;
  /** Share of arrivals that find no room. */
  refused = 0;
  /** Chance that all servers are busy, and then the variance of the number that wait. */
  allBusy = 0;
  waitingVariance = 0;
  #utilisationSlope = 0;
  #waitingSlope = 0;
  #refusedSlope = 0;

  /**
   * One backward Euler step: left + served * utilisation(left) = before + offered * (1 - refused(left)), solved for the
   * logarithm of the load by Newton's method within a bracket. Returns it; `start` is a value nearby.
   */
  solve(start: number): number {
    const { before, offered, served, servers } = this.step;
    const small = BALANCE_SMALL * (before + offered);
    let low = -LOG_LOAD_MAX;
    let high = LOG_LOAD_MAX;
    let at = start;
    for (let count = 0; count < STEPS_MAX; count += 1) {
      this.evaluate(at);
      const left = servers * this.utilisation + this.waiting;
      const excess = left + served * this.utilisation - before - offered * (1 - this.refused);
      if (Math.abs(excess) <= small) break;
      if (excess > 0) high = at;
      else low = at;
      const slope = (servers + served) * this.#utilisationSlope + this.#waitingSlope + offered * this.#refusedSlope;
      const newton = at - excess / slope;
      at = newton > low && newton < high ? newton : (low + high) / 2;
    }
    return at;
  }

  /** The queue's equilibrium at a load of e to this power. */
  evaluate(logLoad: number): void {
    const { servers, queueFactor } = this.step;
    const room = this.step.room / queueFactor;
    const load = exp(logLoad);
    const offered = servers * load;
    const inverse = this.#inverseBlocking(offered);
    const inverseSlope = -(inverse * (servers - offered) + offered);
    // The waiting room looks the same from its other end: sums run over the side on which they do not overflow.
    const over = logLoad > 0;
    const side = -Math.abs(logLoad);
    const ends = (room + 1) * side;
    let sum: number;
    let mean: number;
    let variance: number;
    let last: number;
    if (ends > -SERIES_BELOW) {
      sum = (room + 1) * (1 + (room * side) / 2);
      mean = room / 2 + (room * (room + 2) * side) / 12;
      variance = (room * (room + 2)) / 12;
      last = 1 + room * side;
    } else {
      const each = expm1(side);
      const all = expm1(ends);
      sum = all / each;
      mean = ((room + 1) * (all + 1)) / all - (each + 1) / each;
      variance = (each + 1) / (each * each) - ((room + 1) * (room + 1) * (all + 1)) / (all * all);
      last = (all + 1) / (each + 1);
    }
    if (over) mean = room - mean;
    const scale = over ? last : 1;
    const total = (inverse - 1) * scale + sum;
    const busy = sum / total;
    const growth = (inverseSlope * scale) / total + busy * mean;
    this.refused = (over ? 1 : last) / total;
    this.#refusedSlope = this.refused * (room - growth);
    this.utilisation = load * (1 - this.refused);
    this.#utilisationSlope = this.utilisation - load * this.#refusedSlope;
    this.allBusy = busy;
    this.waiting = queueFactor * busy * mean;
    this.#waitingSlope = queueFactor * busy * ((mean - growth) * mean + variance);
    this.waitingVariance = queueFactor * queueFactor * variance;
  }

  /** The inverse of Erlang B by its recursion, from the fraction of a server upwards. */
  #inverseBlocking(offered: number): number {
    const { servers } = this.step;
    const whole = Math.floor(servers);
    const part = servers - whole;
    const perServer = 1 / offered;
    let inverse = 1 + part * perServer;
    for (let server = 1; server <= whole && inverse < INVERSE_MAX; server += 1) {
      inverse = 1 + inverse * (server + part) * perServer;
    }
    return Math.min(inverse, INVERSE_MAX);
  }
}
