/**
 * One backward Euler step of a replica's queue: n1 + dt * capacity * g(n1) = n0 + dt * arrivals, by Newton's method, and
 * what its result means for requests. Everything is read from and written to the replica's row.
 */

import { CURVE_CELLS } from './occupancy.ts';
import type { FlowParts } from './parts.ts';
import { REPLICA_WIDTH, Replica, SERVICE_FACTS, ServiceFact } from './rows.ts';

const { arrivals, inSystem, busy, servers, capacity, curveRow, curveRowAbove, curveBlend, stepTotal, stepGain } =
  Replica;
const { waitSeconds, waitVariance, refusedRatio, started, completed } = Replica;
const { workers, inSystemMax } = ServiceFact;
const WIDTH = REPLICA_WIDTH;
const FACTS = SERVICE_FACTS;
const CELLS = CURVE_CELLS;

const STEPS_MAX = 24;
/** Newton's relative error after a step of this relative size is about its square. */
const STEP_SMALL = 1e-2;
/** A wait this short against the service time does not widen the distribution of latency. */
const WAIT_SMALL = 1e-3;
/** Fewer requests than this wait only by rounding. */
const WAITING_SMALL = 1e-12;
/** Below this share of idle servers, a queue is saturated. */
const IDLE_SMALL = 1e-3;

/** Steps queues whose capacity, servers and curve stand in their rows. */
export class QueueStep {
  readonly #parts: FlowParts;
  readonly #tick: number;
  readonly #perTick: number;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#tick = parts.plan.tickSeconds;
    this.#perTick = 1 / parts.plan.tickSeconds;
  }

  /** Steps the queue of a replica that serves. */
  serve(replica: number, service: number): void {
    const row = this.#parts.replicas;
    const at = replica * WIDTH;
    const before = row[at + inSystem]!;
    const offered = this.#tick * row[at + arrivals]!;
    const waitingBefore = before - row[at + busy]!;
    const total = before + offered;
    row[at + inSystem] = Math.max(0, before + (total - row[at + stepTotal]!) * row[at + stepGain]!);
    row[at + stepTotal] = total;
    this.#solve(at);
    const left = Math.min(row[at + inSystem]!, total);
    const done = total - left;
    const utilisation = Math.min(1, done / (this.#tick * row[at + capacity]!));
    const refused = Math.max(0, left - this.#parts.plan.serviceFacts[service * FACTS + inSystemMax]!);
    const remaining = left - refused;
    const inService = Math.min(remaining, row[at + servers]! * utilisation);
    const waiting = remaining - inService;
    const taken = offered - refused + waitingBefore - waiting;
    row[at + inSystem] = remaining;
    row[at + busy] = inService;
    row[at + refusedRatio] = refused > 0 ? Math.min(1, refused / offered) : 0;
    row[at + completed] = done * this.#perTick;
    row[at + started] = taken > 0 ? taken * this.#perTick : 0;
    row[at + waitSeconds] = waiting > WAITING_SMALL ? (waiting * this.#tick) / done : 0;
    this.#writeWaitVariance(at);
  }

  /** Steps the queue of a replica that accepts requests and answers none. */
  pileUp(replica: number, service: number): void {
    const row = this.#parts.replicas;
    const facts = this.#parts.plan.serviceFacts;
    const at = replica * WIDTH;
    const piled = row[at + inSystem]! + this.#tick * row[at + arrivals]!;
    row[at + inSystem] = Math.min(facts[service * FACTS + inSystemMax]!, piled);
    row[at + busy] = Math.min(facts[service * FACTS + workers]!, row[at + inSystem]!);
  }

  /**
   * Solves for the requests left after the step, in place: `inSystem` holds the first guess, which follows the tangent
   * of the last step. The curve is concave, so that every iterate but that guess lies below the solution.
   */
  #solve(at: number): void {
    const row = this.#parts.replicas;
    const curve = this.#parts.plan.curves.values;
    const total = row[at + stepTotal]!;
    const served = this.#tick * row[at + capacity]!;
    const count = row[at + servers]!;
    const below = row[at + curveRow]! | 0;
    const above = row[at + curveRowAbove]! | 0;
    const blend = row[at + curveBlend]!;
    let left = row[at + inSystem]!;
    let gain = 0;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const inverse = 1 / (left + count);
      const position = left * inverse * CELLS;
      const cell = position | 0;
      const part = position - cell;
      let low = curve[below + cell]!;
      let rise = curve[below + cell + 1]! - low;
      if (blend > 0) {
        const lowAbove = curve[above + cell]!;
        const riseAbove = curve[above + cell + 1]! - lowAbove;
        low += blend * (lowAbove - low);
        rise += blend * (riseAbove - rise);
      }
      gain = 1 / (1 + served * rise * CELLS * count * inverse * inverse);
      const change = (total - left - served * (low + rise * part)) * gain;
      left = Math.max(0, left + change);
      if (Math.abs(change) <= STEP_SMALL * left) break;
    }
    row[at + inSystem] = left;
    row[at + stepGain] = gain;
  }

  /**
   * The variance of the wait is the M/M/c queue's, or that of a backlog which grew or shrinks at the present rate,
   * whichever is less: the latter diffuses by (arrivals + capacity) / capacity^2 a second.
   */
  #writeWaitVariance(at: number): void {
    const row = this.#parts.replicas;
    const rate = row[at + capacity]!;
    const wait = row[at + waitSeconds]!;
    const count = row[at + servers]!;
    if (wait * rate < WAIT_SMALL * count) {
      row[at + waitVariance] = 0;
      return;
    }
    const idle = count - row[at + busy]!;
    // Where all servers are busy, the chance to wait is as good as 1, and the M/M/c queue's spare capacity its inverse.
    const spare = idle > IDLE_SMALL * count ? (rate * idle) / count : Math.max((rate * idle) / count, 1 / wait);
    const stationary = 2 - wait * spare;
    const diffusion = row[at + arrivals]! + rate;
    const drift = rate * Math.abs(row[at + arrivals]! - rate);
    const variance = stationary * drift < diffusion * spare ? stationary / spare : diffusion / drift;
    row[at + waitVariance] = Math.max(0, wait * variance);
  }
}
