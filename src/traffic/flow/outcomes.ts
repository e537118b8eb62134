/** What becomes of the calls over an edge, retries included, and what meters see of it. */

import type { Table } from '../../base/index.ts';
import { Attempts, Sum } from './attempts.ts';
import { quantileAboveMean } from './latency.ts';
import type { FlowParts } from './parts.ts';
import type { Retries } from './retries.ts';

/** Success, time and variance of a call: per edge, or per caller replica. */
type Calls = Table<{ success: 'f64'; seconds: 'f64'; variance: 'f64' }>;

/** Evaluates edges whose callees have been evaluated. */
export class Outcomes {
  readonly #parts: FlowParts;
  readonly #retries: Retries;
  readonly #attempts: Attempts;
  /** Sums over the caller replicas of a disturbed edge. */
  readonly #totals: Float64Array;

  constructor(parts: FlowParts, retries: Retries) {
    this.#parts = parts;
    this.#retries = retries;
    this.#attempts = new Attempts(parts);
    this.#totals = new Float64Array(this.#attempts.sums.length);
  }

  /** Writes success, time and variance of a call over the edge, schedules its retries and counts its attempts. */
  evaluate(edge: number): void {
    const { plan, flow } = this.#parts;
    const representative = flow.services.representative[plan.callee[edge]!]!;
    if (flow.edges.disturbed[edge] === 1) this.#evaluateRows(edge);
    else if (representative < 0) {
      this.#attempts.overColumns(edge);
      this.#settle(edge, this.#attempts.sums);
    } else if (this.#attempts.allSucceed(edge, representative)) this.#settleHealthy(edge, representative);
    else {
      this.#attempts.atRepresentative(edge, representative);
      this.#settle(edge, this.#attempts.sums);
    }
  }

  #settleHealthy(edge: number, representative: number): void {
    const { plan, flow, context } = this.#parts;
    const { edges, replicas } = flow;
    const { requests, retries, answered, latencySum, latencyP99Sum } = context.meters.services;
    const callee = plan.callee[edge]!;
    const seconds = replicas.responseSeconds[representative]! + edges.networkSeconds[edge]!;
    edges.success[edge] = 1;
    edges.seconds[edge] = seconds;
    edges.variance[edge] = replicas.responseVariance[representative]!;
    const count = edges.attempts[edge]! * plan.tickSeconds;
    requests[callee]! += count;
    retries[callee]! += count - edges.first[edge]! * plan.tickSeconds;
    answered[callee]! += count;
    latencySum[callee]! += count * seconds;
    latencyP99Sum[callee]! += count * this.#quantile(edge);
    this.#retries.schedule(edge, 0, 0);
  }

  #settle(edge: number, sums: Float64Array): void {
    const { edges } = this.#parts.flow;
    const late = sums[Sum.late]!;
    this.#writeAttempt(edges, edge, sums);
    this.#count(edge, sums);
    const allowed = this.#retries.schedule(edge, 1 - edges.success[edge]!, late);
    this.#addRetries(edges, edge, edge, allowed);
  }

  #evaluateRows(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const totals = this.#totals;
    const { sums } = this.#attempts;
    const caller = plan.caller[edge]!;
    const first = plan.rowStart[edge]!;
    const rows = plan.rowStart[edge + 1]! - first;
    totals.fill(0);
    for (let row = 0; row < rows; row += 1) {
      const share = caller < 0 ? 1 : flow.replicas.share[context.topology.replicaStart[caller]! + row]!;
      this.#attempts.overRow(edge, row, share);
      this.#writeAttempt(flow.rows, first + row, sums);
      for (let sum = 0; sum < totals.length; sum += 1) totals[sum]! += share * sums[sum]!;
    }
    const late = totals[Sum.late]!;
    this.#writeAttempt(flow.edges, edge, totals);
    this.#count(edge, totals);
    const allowed = this.#retries.schedule(edge, 1 - flow.edges.success[edge]!, late);
    this.#addRetries(flow.edges, edge, edge, allowed);
    for (let row = first; row < first + rows; row += 1) this.#addRetries(flow.rows, row, edge, allowed);
  }

  #writeAttempt(calls: Calls, index: number, sums: Float64Array): void {
    const seconds = sums[Sum.seconds]!;
    calls.success[index] = Math.min(1, sums[Sum.success]!);
    calls.seconds[index] = seconds;
    calls.variance[index] = Math.max(0, sums[Sum.square]! - seconds * seconds);
  }

  #count(edge: number, sums: Float64Array): void {
    const { plan, flow, context } = this.#parts;
    const meter = context.meters.services;
    const callee = plan.callee[edge]!;
    const count = flow.edges.attempts[edge]! * plan.tickSeconds;
    const answered = count * sums[Sum.answered]!;
    const latency = count * sums[Sum.answeredSeconds]!;
    const p99 = answered * this.#quantile(edge);
    meter.requests[callee]! += count;
    meter.failures[callee]! += count * (1 - flow.edges.success[edge]!);
    meter.retries[callee]! += count - flow.edges.first[edge]! * plan.tickSeconds;
    meter.answered[callee]! += answered;
    meter.latencySum[callee]! += latency;
    meter.latencyP99Sum[callee]! += p99;
  }

  /** Nobody waits beyond the time-out. */
  #quantile(edge: number): number {
    const { plan, flow } = this.#parts;
    const seconds = flow.edges.seconds[edge]!;
    return Math.min(plan.timeoutSeconds[edge]!, seconds + quantileAboveMean(seconds, flow.edges.variance[edge]!));
  }

  /** From one attempt to the call: each failure is tried again with the chance `allowed`, after its back-off. */
  #addRetries(calls: Calls, index: number, edge: number, allowed: number): void {
    const { plan } = this.#parts;
    const failed = 1 - calls.success[index]!;
    const again = failed * allowed;
    if (again <= 0) return;
    let pause = plan.backoffSeconds[edge]! / 2;
    let reached = 1;
    let attempts = 1;
    let attemptsSquare = 1;
    let pauses = 0;
    let failure = failed;
    for (let retry = 1; retry <= plan.retriesMax[edge]!; retry += 1) {
      reached *= again;
      attempts += reached;
      attemptsSquare += (2 * retry + 1) * reached;
      pauses += reached * pause;
      pause *= 2;
      failure = failed * (1 - allowed + allowed * failure);
    }
    const seconds = calls.seconds[index]!;
    const spread = attemptsSquare - attempts * attempts;
    calls.success[index] = 1 - failure;
    calls.seconds[index] = attempts * seconds + pauses;
    calls.variance[index] = attempts * calls.variance[index]! + spread * seconds * seconds;
  }
}
