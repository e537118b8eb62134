/**
 * One backward Euler step of a replica's queue: n1 + dt * capacity * g(n1) = n0 + dt * arrivals, by Newton's method, and
 * what its result means for requests. Everything is read from and written to the replica's row.
 */

import { FiniteQueue } from './finite-queue.ts';
import { CURVE_CELLS } from './occupancy.ts';
import type { FlowParts } from './parts.ts';
import { REPLICA_WIDTH, Replica, SERVICE_FACTS, ServiceFact } from './rows.ts';

const { arrivals, inSystem, busy, servers, capacity, curveRow, curveRowAbove, curveBlend, stepTotal, stepGain } =
  Replica;
const { waitSeconds, waitVariance, refusedRatio, started, completed, logLoad, queueFactor } = Replica;
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
/** Chances below e to minus this power are as good as none. */
const UNLIKELY = 14;

/** Steps queues whose capacity, servers and curve stand in their rows. */
export class QueueStep {
  readonly #parts: FlowParts;
  readonly #tick: number;
  readonly #perTick: number;
  readonly #finite: FiniteQueue = new FiniteQueue();

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#tick = parts.plan.tickSeconds;
    this.#perTick = 1 / parts.plan.tickSeconds;
  }

  /**
   * Steps the queue of a replica that serves: finds the requests left after the step. The first guess follows the tangent
   * of the last step; the curve is concave, so that every later one lies below the solution.
   */
  serve(replica: number, service: number): void {
    const row = this.#parts.replicas;
    const { serviceFacts, curves } = this.#parts.plan;
    const curve = curves.values;
    const at = replica * WIDTH;
    const before = row[at + inSystem]!;
    const total = before + this.#tick * row[at + arrivals]!;
    const served = this.#tick * row[at + capacity]!;
    const count = row[at + servers]!;
    const below = row[at + curveRow]! | 0;
    const blend = row[at + curveBlend]!;
    const bend = served * count * CELLS;
    let left = Math.max(0, before + (total - row[at + stepTotal]!) * row[at + stepGain]!);
    let gain = 0;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const inverse = 1 / (left + count);
      const position = left * inverse * CELLS;
      const cell = position | 0;
      let low = curve[below + cell]!;
      let rise = curve[below + cell + 1]! - low;
      if (blend > 0) {
        const above = (row[at + curveRowAbove]! | 0) + cell;
        const lowAbove = curve[above]!;
        low += blend * (lowAbove - low);
        rise += blend * (curve[above + 1]! - lowAbove - rise);
      }
      gain = 1 / (1 + bend * rise * inverse * inverse);
      const change = (total - left - served * (low + rise * (position - cell))) * gain;
      left = Math.max(0, left + change);
      if (Math.abs(change) <= STEP_SMALL * left) break;
    }
    row[at + stepTotal] = total;
    row[at + stepGain] = gain;
    row[at + inSystem] = left;
    left = Math.min(left, total);
    const done = total - left;
    const idle = 1 - Math.min(1, done / served);
    const most = serviceFacts[service * FACTS + inSystemMax]!;
    // Bounds from above of the chance to find no room: geometric in the room, Chernoff's in the servers.
    const likely = UNLIKELY - (idle * (most - count)) / row[at + queueFactor]!;
    if (left > most || count * idle * idle < likely * (2 - idle)) {
      this.#serveFinite(at, service, before);
      return;
    }
    const inService = Math.min(left, count * (1 - idle));
    const waiting = left - inService;
    const taken = total - left + inService - row[at + busy]!;
    row[at + inSystem] = left;
    row[at + busy] = inService;
    row[at + refusedRatio] = 0;
    row[at + completed] = done * this.#perTick;
    row[at + started] = taken > 0 ? taken * this.#perTick : 0;
    // What is done in a tick may be too little to show beside what waits.
    row[at + waitSeconds] = waiting > WAITING_SMALL ? (waiting * this.#tick) / (done > 0 ? done : served) : 0;
    this.#writeWaitVariance(at);
  }

  /** The same for a queue that may be full. */
  #serveFinite(at: number, service: number, before: number): void {
    const row = this.#parts.replicas;
    const facts = this.#parts.plan.serviceFacts;
    const queue = this.#finite;
    const { step } = queue;
    const waitingBefore = before - row[at + busy]!;
    step.before = before;
    step.offered = row[at + stepTotal]! - before;
    step.served = this.#tick * row[at + capacity]!;
    step.servers = row[at + servers]!;
    step.room = Math.max(0, facts[service * FACTS + inSystemMax]! - step.servers);
    step.queueFactor = row[at + queueFactor]!;
    row[at + logLoad] = queue.solve(row[at + logLoad]!);
    // Under a vast load the share of busy servers is a small difference times a large number.
    const inService = step.servers * Math.min(1, queue.utilisation);
    const refused = step.offered * queue.refused;
    const left = Math.min(inService + queue.waiting, before + step.offered - refused);
    const done = before + step.offered - refused - left;
    const taken = step.offered - refused + waitingBefore - (left - inService);
    row[at + inSystem] = left;
    row[at + busy] = Math.min(left, inService);
    row[at + refusedRatio] = step.offered > 0 ? queue.refused : 0;
    row[at + completed] = done * this.#perTick;
    row[at + started] = taken > 0 ? taken * this.#perTick : 0;
    row[at + waitSeconds] = queue.waiting > WAITING_SMALL && done > 0 ? (queue.waiting * this.#tick) / done : 0;
    this.#writeFiniteVariance(at, step.queueFactor);
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
   * The variance of the wait is the M/M/c queue's, or that of a backlog which grew or shrinks at the present rate,
   * whichever is less.
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
    const stationary = (wait * (2 * row[at + queueFactor]! - wait * spare)) / spare;
    row[at + waitVariance] = Math.max(0, Math.min(stationary, this.#diffusedVariance(at)));
  }

  /** The same with the variance of the M/M/c/K queue: as many services as requests are found waiting, and one. */
  #writeFiniteVariance(at: number, factor: number): void {
    const row = this.#parts.replicas;
    const rate = row[at + capacity]!;
    const { allBusy, waitingVariance } = this.#finite;
    const services = row[at + waitSeconds]! * rate;
    if (services < WAIT_SMALL * row[at + servers]! || allBusy <= 0) {
      row[at + waitVariance] = 0;
      return;
    }
    const spread = allBusy * waitingVariance + services * services * (1 / allBusy - 1);
    const stationary = (factor * services + spread) / (rate * rate);
    row[at + waitVariance] = Math.min(stationary, this.#diffusedVariance(at));
  }

  /** A backlog diffuses by (arrivals + capacity) / capacity^2 a second, as long as it took to get where it is. */
  #diffusedVariance(at: number): number {
    const row = this.#parts.replicas;
    const rate = row[at + capacity]!;
    const came = row[at + arrivals]!;
    return (row[at + waitSeconds]! * (came + rate)) / (rate * Math.abs(came - rate));
  }
}
