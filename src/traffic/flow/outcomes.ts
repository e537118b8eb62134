/** What becomes of the calls over an edge, retries included, and what meters see of it. */

import { Attempts, Sum } from './attempts.ts';
import { quantileAboveMean } from './latency.ts';
import { rowsInUse } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import type { Retries } from './retries.ts';
import {
  CALL_WIDTH,
  Call,
  EDGE_FACTS,
  EDGE_WIDTH,
  Edge,
  EdgeFact,
  REPLICA_WIDTH,
  Replica,
  SERVICE_WIDTH,
  Service,
} from './rows.ts';

const { attempts, networkSeconds, plain } = Edge;
const { success, seconds, variance } = Call;
const { reachSeconds, responseSeconds, responseVariance, responseP99 } = Service;
const { soundAttempts, soundNetworkSeconds } = Service;
const { timeoutSeconds } = EdgeFact;
const SERVICE = SERVICE_WIDTH;
const EDGE = EDGE_WIDTH;
const FACTS = EDGE_FACTS;

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
    if (this.#isSound(edge)) this.#evaluateSound(edge);
    else this.#evaluateFully(edge);
  }

  /** The same, without the short cut for health. */
  #evaluateFully(edge: number): void {
    const { plan } = this.#parts;
    const standsFor = this.#parts.services[plan.callee[edge]! * SERVICE + Service.representative]!;
    if (this.#parts.edges[edge * EDGE + Edge.disturbed] === 1) this.#evaluateRows(edge);
    else {
      if (standsFor < 0) this.#attempts.overColumns(edge);
      else this.#attempts.atRepresentative(edge, standsFor);
      this.#evaluateAlike(edge);
    }
  }

  /** Evaluates the edge of a workload and counts what its users got. */
  evaluateUsers(edge: number, workload: number): void {
    const { plan, context } = this.#parts;
    const { workloads, services: meter } = context.meters;
    const callee = plan.callee[edge]!;
    const edges = this.#parts.edges;
    if (this.#isSound(edge)) {
      const services = this.#parts.services;
      const count = edges[edge * EDGE + attempts]! * plan.tickSeconds;
      this.#evaluateSound(edge);
      workloads.good[workload]! += count;
      workloads.answered[workload]! += count;
      workloads.latencySum[workload]! += count * edges[edge * EDGE + seconds]!;
      const p99 = services[callee * SERVICE + responseP99]! + edges[edge * EDGE + networkSeconds]!;
      workloads.latencyP99Sum[workload]! += count * p99;
      return;
    }
    const answered = meter.answered[callee]!;
    const latencySum = meter.latencySum[callee]!;
    const latencyP99Sum = meter.latencyP99Sum[callee]!;
    this.#evaluateFully(edge);
    const count = edges[edge * EDGE + attempts]! * plan.tickSeconds;
    workloads.good[workload]! += count * edges[edge * EDGE + success]!;
    workloads.answered[workload]! += meter.answered[callee]! - answered;
    workloads.latencySum[workload]! += meter.latencySum[callee]! - latencySum;
    workloads.latencyP99Sum[workload]! += meter.latencyP99Sum[callee]! - latencyP99Sum;
  }

  /** Counts the attempts of all sound edges. */
  countSound(): void {
    const { plan, context } = this.#parts;
    const { requests, answered, latencySum, latencyP99Sum } = context.meters.services;
    const services = this.#parts.services;
    for (let service = 0; service < context.topology.services; service += 1) {
      const at = service * SERVICE;
      const count = services[at + soundAttempts]! * plan.tickSeconds;
      const network = services[at + soundNetworkSeconds]! * plan.tickSeconds;
      if (count === 0) continue;
      services[at + soundAttempts] = 0;
      services[at + soundNetworkSeconds] = 0;
      requests[service]! += count;
      answered[service]! += count;
      latencySum[service]! += count * services[at + responseSeconds]! + network;
      latencyP99Sum[service]! += count * services[at + responseP99]! + network;
    }
  }

  /** Whether all attempts succeed, and in time: the case of health, which needs no sums. */
  #isSound(edge: number): boolean {
    const { plan } = this.#parts;
    const edges = this.#parts.edges;
    const at = edge * EDGE;
    if (edges[at + plain] === 0) return false;
    const reach = this.#parts.services[plan.callee[edge]! * SERVICE + reachSeconds]! + edges[at + networkSeconds]!;
    return reach < plan.edgeFacts[edge * FACTS + timeoutSeconds]!;
  }

  #evaluateSound(edge: number): void {
    const edges = this.#parts.edges;
    const services = this.#parts.services;
    const at = edge * EDGE;
    const callee = this.#parts.plan.callee[edge]! * SERVICE;
    const network = edges[at + networkSeconds]!;
    edges[at + success] = 1;
    edges[at + seconds] = services[callee + responseSeconds]! + network;
    edges[at + variance] = services[callee + responseVariance]!;
    services[callee + soundAttempts]! += edges[at + attempts]!;
    services[callee + soundNetworkSeconds]! += edges[at + attempts]! * network;
  }

  #evaluateAlike(edge: number): void {
    const edges = this.#parts.edges;
    const { sums } = this.#attempts;
    const late = sums[Sum.late]!;
    writeAttempt(edges, edge * EDGE, sums);
    this.#count(edge, sums);
    const allowed = this.#retries.schedule(edge, 1 - edges[edge * EDGE + success]!, late);
    this.#addRetries(edges, edge * EDGE, edge, allowed);
  }

  #evaluateRows(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const edges = this.#parts.edges;
    const rows = flow.rows.value;
    const totals = this.#totals;
    const { sums } = this.#attempts;
    const caller = plan.caller[edge]!;
    const first = plan.rowStart[edge]!;
    const count = rowsInUse(this.#parts, edge);
    for (let sum = 0; sum < totals.length; sum += 1) totals[sum] = 0;
    for (let row = 0; row < count; row += 1) {
      const replica = caller < 0 ? 0 : context.topology.replicaStart[caller]! + row;
      const share = caller < 0 ? 1 : this.#parts.replicas[replica * REPLICA_WIDTH + Replica.share]!;
      this.#attempts.overRow(edge, row, share);
      writeAttempt(rows, (first + row) * CALL_WIDTH, sums);
      for (let sum = 0; sum < totals.length; sum += 1) totals[sum]! += share * sums[sum]!;
    }
    const late = totals[Sum.late]!;
    writeAttempt(edges, edge * EDGE, totals);
    this.#count(edge, totals);
    const allowed = this.#retries.schedule(edge, 1 - edges[edge * EDGE + success]!, late);
    this.#addRetries(edges, edge * EDGE, edge, allowed);
    for (let row = first; row < first + count; row += 1) this.#addRetries(rows, row * CALL_WIDTH, edge, allowed);
  }

  #count(edge: number, sums: Float64Array): void {
    const { plan, context } = this.#parts;
    const meter = context.meters.services;
    const edges = this.#parts.edges;
    const callee = plan.callee[edge]!;
    const count = edges[edge * EDGE + attempts]! * plan.tickSeconds;
    const answered = count * sums[Sum.answered]!;
    const mean = edges[edge * EDGE + seconds]!;
    const tail = quantileAboveMean(mean, Math.sqrt(edges[edge * EDGE + variance]!));
    // Nobody waits beyond the time-out.
    const p99 = Math.min(plan.edgeFacts[edge * FACTS + timeoutSeconds]!, mean + tail);
    meter.requests[callee]! += count;
    meter.failures[callee]! += count * (1 - edges[edge * EDGE + success]!);
    meter.answered[callee]! += answered;
    meter.latencySum[callee]! += count * sums[Sum.answeredSeconds]!;
    meter.latencyP99Sum[callee]! += answered * p99;
  }

  /** From one attempt to the call: each failure is tried again with the chance `allowed`, after its back-off. */
  #addRetries(calls: Float64Array, at: number, edge: number, allowed: number): void {
    const { plan } = this.#parts;
    const failed = 1 - calls[at + success]!;
    const again = failed * allowed;
    if (again <= 0) return;
    let pause = plan.edgeFacts[edge * FACTS + EdgeFact.backoffSeconds]! / 2;
    let reached = 1;
    let tries = 1;
    let triesSquare = 1;
    let pauses = 0;
    let failure = failed;
    for (let retry = 1; retry <= plan.retriesMax[edge]!; retry += 1) {
      reached *= again;
      tries += reached;
      triesSquare += (2 * retry + 1) * reached;
      pauses += reached * pause;
      pause *= 2;
      failure = failed * (1 - allowed + allowed * failure);
    }
    const each = calls[at + seconds]!;
    calls[at + success] = 1 - failure;
    calls[at + seconds] = tries * each + pauses;
    calls[at + variance] = tries * calls[at + variance]! + (triesSquare - tries * tries) * each * each;
  }
}

function writeAttempt(calls: Float64Array, at: number, sums: Float64Array): void {
  const mean = sums[Sum.seconds]!;
  calls[at + success] = Math.min(1, sums[Sum.success]!);
  calls[at + seconds] = mean;
  calls[at + variance] = Math.max(0, sums[Sum.square]! - mean * mean);
}
