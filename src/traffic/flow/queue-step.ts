/**
 * One backward Euler step of a replica's queue: n1 + dt * capacity * g(n1) = n0 + dt * arrivals, by Newton's method, and
 * what its result means for requests. Everything is read from and written to the replica's row.
 */

import { CURVE_CELLS } from './occupancy.ts';
import type { FlowParts } from './parts.ts';

const STEPS_MAX = 24;
/** Newton's error after a step of this size is its square. */
const STEP_SMALL = 1e-6;
/** A wait this short against the service time does not widen the distribution of latency. */
const WAIT_SMALL = 1e-3;
/** Fewer requests than this wait only by rounding. */
const WAITING_SMALL = 1e-12;

/** Steps queues whose capacity, servers and curve stand in their rows. */
export class QueueStep {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Steps the queue of a replica that serves. */
  serve(replica: number, service: number): void {
    const { plan, flow } = this.#parts;
    const { inSystem, arrivals, busy, capacity, servers, refusedRatio, started, completed } = flow.replicas;
    const tick = plan.tickSeconds;
    const before = inSystem[replica]!;
    const offered = tick * arrivals[replica]!;
    const served = tick * capacity[replica]!;
    const left = this.#solve(replica, before + offered, served);
    const done = before + offered - left;
    const utilisation = Math.min(1, done / served);
    const refused = Math.max(0, left - plan.inSystemMax[service]!);
    const remaining = left - refused;
    const waitingBefore = before - busy[replica]!;
    const inService = Math.min(remaining, servers[replica]! * utilisation);
    inSystem[replica] = remaining;
    busy[replica] = inService;
    refusedRatio[replica] = refused > 0 ? Math.min(1, refused / offered) : 0;
    completed[replica] = done / tick;
    const taken = offered - refused + waitingBefore - (remaining - inService);
    started[replica] = taken > 0 ? taken / tick : 0;
    this.#writeWait(replica, utilisation);
  }

  /** Steps the queue of a replica that accepts requests and answers none. */
  pileUp(replica: number, service: number): void {
    const { plan, flow } = this.#parts;
    const { inSystem, arrivals, busy } = flow.replicas;
    const piled = inSystem[replica]! + plan.tickSeconds * arrivals[replica]!;
    inSystem[replica] = Math.min(plan.inSystemMax[service]!, piled);
    busy[replica] = Math.min(plan.workers[service]!, inSystem[replica]!);
  }

  /** Requests left after the step. From below the solution, Newton's iterates rise to it: the curve is concave. */
  #solve(replica: number, total: number, served: number): number {
    const { flow, plan } = this.#parts;
    const { servers, curveRow, curveRowAbove, curveBlend, inSystem } = flow.replicas;
    const { values } = plan.curves;
    const count = servers[replica]!;
    const row = curveRow[replica]!;
    const rowAbove = curveRowAbove[replica]!;
    const blend = curveBlend[replica]!;
    let left = inSystem[replica]!;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const inverse = 1 / (left + count);
      const position = left * inverse * CURVE_CELLS;
      const cell = Math.floor(position);
      const part = position - cell;
      let low = values[row + cell]!;
      let rise = values[row + cell + 1]! - low;
      if (blend > 0) {
        const lowAbove = values[rowAbove + cell]!;
        const riseAbove = values[rowAbove + cell + 1]! - lowAbove;
        low += blend * (lowAbove - low);
        rise += blend * (riseAbove - rise);
      }
      const slope = rise * CURVE_CELLS * count * inverse * inverse;
      const change = (total - left - served * (low + rise * part)) / (1 + served * slope);
      left = Math.max(0, left + change);
      if (Math.abs(change) <= STEP_SMALL * left) break;
    }
    return Math.min(left, total);
  }

  /**
   * Mean wait by Little's law. Its variance is the M/M/c queue's, or that of a backlog which grew or shrinks at the
   * present rate, whichever is less: the latter diffuses by (arrivals + capacity) / capacity^2 a second.
   */
  #writeWait(replica: number, utilisation: number): void {
    const { inSystem, arrivals, busy, capacity, servers, waitSeconds, waitVariance } = this.#parts.flow.replicas;
    const rate = capacity[replica]!;
    const waiting = inSystem[replica]! - busy[replica]!;
    const wait = waiting > WAITING_SMALL ? waiting / (rate * utilisation) : 0;
    waitSeconds[replica] = wait;
    waitVariance[replica] = 0;
    if (wait * rate < WAIT_SMALL * servers[replica]!) return;
    const drift = Math.abs(arrivals[replica]! - rate);
    const backlog = (wait * (arrivals[replica]! + rate)) / rate;
    const spare = rate * (1 - utilisation);
    const stationary = spare > 0 ? (2 * wait) / spare - wait * wait : Number.POSITIVE_INFINITY;
    const limit = backlog < stationary * drift ? backlog / drift : stationary;
    waitVariance[replica] = Math.max(0, limit);
  }
}
