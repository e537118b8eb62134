/** What becomes of the calls over an edge, retries included, and what meters see of it. */

import { pauseSeconds } from '../back-off.ts';
import { Attempts, Sum } from './attempts.ts';
import { GateOutcomes } from './gate-outcomes.ts';
import { percentileAt, quantilePosition } from './latency.ts';
import { attemptShare, rowsInUse } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import type { Retries } from './retries.ts';
import {
  CALL_WIDTH,
  Call,
  EDGE_FACTS,
  EDGE_WIDTH,
  Edge,
  EdgeFact,
  GATE_WIDTH,
  Gate,
  REPLICA_WIDTH,
  Replica,
  SERVICE_WIDTH,
  Service,
} from './rows.ts';

const { attempts, sent, guarded, quiet, varied, disturbed, gateRow, barredRatio, networkSeconds, plain, oneRow } = Edge;
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
  readonly #gates: GateOutcomes;
  /** Sums over the caller replicas of a disturbed edge. */
  readonly #totals: Float64Array;

  constructor(parts: FlowParts, retries: Retries) {
    this.#parts = parts;
    this.#retries = retries;
    this.#attempts = new Attempts(parts);
    this.#gates = new GateOutcomes(parts);
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
    const edges = this.#parts.edges;
    if (edges[edge * EDGE + oneRow]! > 0) {
      this.#attempts.overRow(edge, edges[edge * EDGE + oneRow]! - 1, 1);
      this.#evaluateAlike(edge);
    } else if (edges[edge * EDGE + disturbed]! + edges[edge * EDGE + varied]! > 0) this.#evaluateRows(edge);
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

  /** Chance that all calls of one request over an edge succeed, or 1 where the caller can do without. */
  allSucceed(edge: number, success: number): number {
    const facts = this.#parts.plan.edgeFacts;
    const at = edge * FACTS;
    if (facts[at + EdgeFact.required] === 0) return 1;
    let all = 1 - facts[at + EdgeFact.perRequestPart]! * (1 - success);
    for (let call = facts[at + EdgeFact.perRequestWhole]!; call > 0; call -= 1) all *= success;
    return all;
  }

  /** Whether all attempts succeed, and in time: the case of health, which needs no sums. */
  #isSound(edge: number): boolean {
    const { plan } = this.#parts;
    const edges = this.#parts.edges;
    const at = edge * EDGE;
    if (edges[at + plain] === 0) return false;
    if (edges[at + guarded] !== edges[at + quiet] && this.#isGated(at)) return false;
    const reach = this.#parts.services[plan.callee[edge]! * SERVICE + reachSeconds]! + edges[at + networkSeconds]!;
    return reach < plan.edgeFacts[edge * FACTS + timeoutSeconds]!;
  }

  /** Whether a guarded edge holds attempts back, or treats callers differently. */
  #isGated(at: number): boolean {
    const edges = this.#parts.edges;
    return edges[at + varied] === 1 || !this.#gates.isOpen(edges[at + gateRow]!);
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
    if (edges[at + guarded] === 0) return;
    if (edges[at + quiet] === 1) {
      this.#gates.countQuiet(edge, 1);
      return;
    }
    this.#gates.hold(edge, edges[at + seconds]!, edges[at + variance]!);
    this.#gates.countAlike(edge, 1);
    this.#gates.finish(edge, false);
  }

  #evaluateAlike(edge: number): void {
    const edges = this.#parts.edges;
    const { sums } = this.#attempts;
    const isQuiet = edges[edge * EDGE + quiet] === 1;
    const isGuarded = edges[edge * EDGE + guarded] === 1 && !isQuiet;
    if (isQuiet) this.#gates.countQuiet(edge, sums[Sum.success]!);
    if (isGuarded) {
      this.#gates.widen(edge, edges[edge * EDGE + gateRow]!, sums);
      this.#gates.countAlike(edge, sums[Sum.success]!);
    }
    const late = sums[Sum.late]!;
    writeAttempt(edges, edge * EDGE, sums);
    this.#count(edge, sums);
    this.#retryAll(edge, late, false);
    if (isGuarded) this.#gates.finish(edge, false);
  }

  #evaluateRows(edge: number): void {
    const { plan, flow, gates } = this.#parts;
    const edges = this.#parts.edges;
    const rows = flow.rows.value;
    const totals = this.#totals;
    const { sums } = this.#attempts;
    const isGuarded = edges[edge * EDGE + guarded] === 1;
    const first = plan.rowStart[edge]!;
    const count = rowsInUse(this.#parts, edge);
    for (let sum = 0; sum < totals.length; sum += 1) totals[sum] = 0;
    for (let row = 0; row < count; row += 1) {
      const share = isGuarded ? gates[(first + row) * GATE_WIDTH + Gate.share]! : this.#shareOf(edge, row);
      this.#attempts.overRow(edge, row, isGuarded ? this.#sentShare(edge, first + row) : share);
      if (isGuarded) {
        this.#gates.widen(edge, first + row, sums);
        this.#gates.count(edge, first + row, sums[Sum.success]!);
      }
      writeAttempt(rows, (first + row) * CALL_WIDTH, sums);
      rows[(first + row) * CALL_WIDTH + Call.failedShare] = share * (1 - sums[Sum.success]!);
      for (let sum = 0; sum < totals.length; sum += 1) totals[sum]! += share * sums[sum]!;
    }
    this.#scaleFailedShares(edge, count, 1 - totals[Sum.success]!);
    const late = totals[Sum.late]!;
    writeAttempt(edges, edge * EDGE, totals);
    this.#count(edge, totals);
    this.#retryAll(edge, late, true);
    if (isGuarded) this.#gates.finish(edge, true);
  }

  /** A caller slot's share of the edge's attempts: it makes the retries of its own failures. */
  #shareOf(edge: number, row: number): number {
    const { plan, context, replicas } = this.#parts;
    const caller = plan.caller[edge]!;
    if (caller < 0) return 1;
    const share = replicas[(context.topology.replicaStart[caller]! + row) * REPLICA_WIDTH + Replica.share]!;
    return attemptShare(this.#parts, edge, { row, share });
  }

  /** Makes a row's part of the failures a share of them; where nothing fails, retries come from all alike. */
  #scaleFailedShares(edge: number, count: number, failed: number): void {
    const { plan, flow } = this.#parts;
    const first = plan.rowStart[edge]!;
    for (let row = 0; row < count; row += 1) {
      const at = (first + row) * CALL_WIDTH + Call.failedShare;
      flow.rows.value[at] = failed > 0 ? flow.rows.value[at]! / failed : 1 / count;
    }
  }

  /** The same of those that were sent, where gates hold some back. */
  #sentShare(edge: number, row: number): number {
    const all = this.#parts.edges[edge * EDGE + sent]!;
    return all > 0 ? this.#parts.gates[row * GATE_WIDTH + Gate.sentRate]! / all : 0;
  }

  /** Schedules the retries of an edge's failures and counts them into its outcome, and into those of its rows. */
  #retryAll(edge: number, late: number, byRows: boolean): void {
    const { plan, flow, edges, gates } = this.#parts;
    const at = edge * EDGE;
    const barred = edges[at + barredRatio]!;
    const allowed = this.#retries.schedule(edge, 1 - edges[at + success]! - barred, late);
    this.#addRetries(edges, at, edge, { allowed, barred });
    if (!byRows) return;
    const first = plan.rowStart[edge]!;
    const end = first + rowsInUse(this.#parts, edge);
    const isGuarded = edges[at + guarded] === 1;
    for (let row = first; row < end; row += 1) {
      const own = isGuarded ? gates[row * GATE_WIDTH + Gate.barred]! : 0;
      this.#addRetries(flow.rows.value, row * CALL_WIDTH, edge, { allowed, barred: own });
    }
  }

  /** What breakers refuse never went out. */
  #count(edge: number, sums: Float64Array): void {
    const { plan, context } = this.#parts;
    const meter = context.meters.services;
    const edges = this.#parts.edges;
    const callee = plan.callee[edge]!;
    const count = edges[edge * EDGE + attempts]! * plan.tickSeconds;
    const out = count * Math.max(0, 1 - edges[edge * EDGE + barredRatio]!);
    const answered = count * sums[Sum.answered]!;
    const mean = edges[edge * EDGE + seconds]!;
    const deviation = Math.sqrt(edges[edge * EDGE + variance]!);
    const tail = deviation * percentileAt(quantilePosition(mean, deviation));
    // Nobody waits beyond the time-out.
    const p99 = Math.min(plan.edgeFacts[edge * FACTS + timeoutSeconds]!, mean + tail);
    meter.requests[callee]! += out;
    meter.failures[callee]! += Math.max(0, out - count * edges[edge * EDGE + success]!);
    meter.answered[callee]! += answered;
    meter.latencySum[callee]! += count * sums[Sum.answeredSeconds]!;
    meter.latencyP99Sum[callee]! += answered * p99;
  }

  /**
   * From one attempt to the call: each failure is tried again with the chance `allowed`, after its back-off, but for
   * the `barred` share that breakers refused.
   */
  #addRetries(calls: Float64Array, at: number, edge: number, options: { allowed: number; barred: number }): void {
    const { plan } = this.#parts;
    const { allowed, barred } = options;
    const failed = 1 - calls[at + success]!;
    const open = Math.max(0, failed - barred);
    const again = open * allowed;
    if (again <= 0) return;
    const backoff = plan.edgeFacts[edge * FACTS + EdgeFact.backoffSeconds]!;
    let reached = 1;
    let tries = 1;
    let triesSquare = 1;
    let pauses = 0;
    let pausesSquare = 0;
    let both = 0;
    let before = 0;
    let failure = failed;
    for (let retry = 1; retry <= plan.retriesMax[edge]!; retry += 1) {
      reached *= again;
      tries += reached;
      triesSquare += (2 * retry + 1) * reached;
      // Full jitter: half the longest pause on average.
      const longest = pauseSeconds(backoff, retry);
      const pause = longest / 2;
      pauses += reached * pause;
      pausesSquare += reached * ((longest * longest) / 3 + 2 * pause * before);
      both += reached * ((retry + 1) * pause + before);
      before += pause;
      failure = failed - open + open * (1 - allowed + allowed * failure);
    }
    const each = calls[at + seconds]!;
    const spread = pausesSquare - pauses * pauses + 2 * each * (both - tries * pauses);
    calls[at + success] = 1 - failure;
    calls[at + seconds] = tries * each + pauses;
    calls[at + variance] =
      tries * calls[at + variance]! + (triesSquare - tries * tries) * each * each + Math.max(0, spread);
  }
}

function writeAttempt(calls: Float64Array, at: number, sums: Float64Array): void {
  const mean = sums[Sum.seconds]!;
  calls[at + success] = Math.min(1, sums[Sum.success]!);
  calls[at + seconds] = mean;
  calls[at + variance] = Math.max(0, sums[Sum.square]! - mean * mean);
}
