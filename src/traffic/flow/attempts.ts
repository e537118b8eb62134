/** How one attempt over an edge ends, on average: answered, refused or timed out, and after how long. */

import { CUT_LENGTH, Cut, cutLatency } from './latency.ts';
import { weightStart, weightsOf } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import {
  Answer,
  EDGE_FACTS,
  EDGE_WIDTH,
  Edge,
  EdgeFact,
  REPLICA_WIDTH,
  Replica,
  SERVICE_WIDTH,
  Service,
} from './rows.ts';

/** Sums over the attempts of an edge or of one caller replica, as shares of all of them. */
export const Sum = {
  /** Answered rightly and in time. */
  success: 0,
  /** Answered in time, rightly or with an error. */
  answered: 1,
  /** Not answered in time. */
  late: 2,
  /** Time until the caller knows, and its square. */
  seconds: 3,
  square: 4,
  /** The part of the time that ends with an answer. */
  answeredSeconds: 5,
} as const;

const SUMS = 6;

/** Evaluates attempts; the result of each call stands in `sums` until the next. */
export class Attempts {
  readonly sums: Float64Array = new Float64Array(SUMS);
  /** Sums of all rows of a disturbed edge. */
  readonly totals: Float64Array = new Float64Array(SUMS);
  readonly #parts: FlowParts;
  readonly #cut: Float64Array = new Float64Array(CUT_LENGTH);
  /** The share of attempts at hand, as an array, so that no number is boxed on its way from method to method. */
  readonly #share: Float64Array = new Float64Array(1);

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Attempts of an edge whose endpoints are all like one replica. */
  atRepresentative(edge: number, replica: number): void {
    const { plan, flow, context } = this.#parts;
    this.#clear();
    this.#share[0] = 1;
    this.#add(edge, replica, -1);
    const failed = 1 - this.sums[Sum.success]!;
    if (failed <= 0) return;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const start = plan.columnStart[edge]!;
    const end = this.#parts.services[callee * SERVICE_WIDTH + Service.slotEnd]!;
    for (let slot = first; slot < end; slot += 1) {
      this.#share[0] = flow.columns.weight[start + slot - first]! * failed;
      this.#blame(edge, slot);
    }
  }

  /** Attempts of an edge over all callee slots, each with its share. */
  overColumns(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const { weight } = flow.columns;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const start = plan.columnStart[edge]! - first;
    const end = this.#parts.services[callee * SERVICE_WIDTH + Service.slotEnd]!;
    let rest = 1;
    this.#clear();
    for (let replica = first; replica < end; replica += 1) {
      const share = weight[start + replica]!;
      if (share <= 0) continue;
      rest -= share;
      this.#share[0] = share;
      this.#add(edge, replica, -1);
      this.#blame(edge, replica);
    }
    this.#share[0] = rest;
    this.#addRefused(edge);
  }

  /** Attempts of one caller replica over a disturbed edge; counted with `totals` by its share of the edge's attempts. */
  overRow(edge: number, row: number): void {
    const { plan, context } = this.#parts;
    const weights = weightsOf(this.#parts, edge);
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const start = weightStart(this.#parts, edge) + row * columns;
    const pair = plan.pairStart[edge]! + row * columns;
    const standsFor = this.#parts.services[callee * SERVICE_WIDTH + Service.representative]! | 0;
    const rowShare = this.#rowShare(edge, row);
    let rest = 1;
    this.#clear();
    for (let slot = 0; slot < columns; slot += 1) {
      const share = weights[start + slot]!;
      if (share <= 0) continue;
      rest -= share;
      this.#share[0] = share;
      this.#add(edge, standsFor >= 0 ? standsFor : first + slot, pair + slot);
      this.#share[0]! *= rowShare;
      this.#blame(edge, first + slot);
    }
    this.#share[0] = rest;
    this.#addRefused(edge);
    for (let sum = 0; sum < SUMS; sum += 1) this.totals[sum]! += rowShare * this.sums[sum]!;
  }

  #rowShare(edge: number, row: number): number {
    const caller = this.#parts.plan.caller[edge]!;
    if (caller < 0) return 1;
    return this.#parts.replicas[
      (this.#parts.context.topology.replicaStart[caller]! + row) * REPLICA_WIDTH + Replica.share
    ]!;
  }

  /** Loops, because `fill` costs more than a row of attempts. */
  #clear(): void {
    for (let sum = 0; sum < SUMS; sum += 1) this.sums[sum] = 0;
  }

  /** Begins new totals. */
  clearTotals(): void {
    for (let sum = 0; sum < SUMS; sum += 1) this.totals[sum] = 0;
  }

  /** Adds a share of attempts at one replica, over a disturbed pair or (-1) quiet links; what failed stays in the share. */
  #add(edge: number, replica: number, pair: number): void {
    const row = this.#parts.replicas;
    const share = this.#share[0]!;
    const answer = row[replica * REPLICA_WIDTH + Replica.answer]!;
    let arriving = share;
    if (pair >= 0 && this.#parts.flow.pairs.lost[pair]! > 0) {
      this.#share[0] = share * this.#parts.flow.pairs.lost[pair]!;
      arriving -= this.#share[0];
      this.#addLate(edge);
    }
    if (answer === Answer.serves) {
      const refused = arriving * row[replica * REPLICA_WIDTH + Replica.refusedRatio]!;
      this.#share[0] = refused;
      if (refused > 0) this.#addRefused(edge);
      this.#share[0] = arriving - refused;
      this.#addServed(edge, replica, pair);
      this.#share[0] = share - this.#share[0];
      return;
    }
    this.#share[0] = arriving;
    if (answer === Answer.refuses) this.#addRefused(edge);
    else this.#addLate(edge);
    this.#share[0] = share;
  }

  /** What succeeded stays in the share. */
  #addServed(edge: number, replica: number, pair: number): void {
    const { flow, plan, replicas, edges } = this.#parts;
    const sums = this.sums;
    const cut = this.#cut;
    const share = this.#share[0]!;
    const at = replica * REPLICA_WIDTH;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const quiet = pair < 0;
    const network = quiet ? edges[edge * EDGE_WIDTH + Edge.networkSeconds]! : flow.pairs.seconds[pair]!;
    cut[Cut.seconds] = replicas[at + Replica.responseSeconds]! + network;
    cut[Cut.variance] = replicas[at + Replica.responseVariance]!;
    cut[Cut.limit] = timeout;
    cutLatency(cut);
    const late = cut[Cut.beyond]!;
    // Retransmissions that the time-out leaves no room for are among the lost already.
    const added = quiet ? 0 : flow.pairs.lateSeconds[pair]!;
    const spread = cut[Cut.variance]! + (quiet ? 0 : flow.pairs.lateVariance[pair]!);
    const seconds = Math.min(timeout, cut[Cut.seconds]! + added);
    const answered = share * (1 - late);
    const success = answered * replicas[at + Replica.responseSuccess]!;
    sums[Sum.success]! += success;
    sums[Sum.answered]! += answered;
    sums[Sum.late]! += share * late;
    sums[Sum.seconds]! += share * seconds;
    sums[Sum.square]! += share * (spread + seconds * seconds);
    sums[Sum.answeredSeconds]! += share * Math.max(0, seconds - late * timeout);
    this.#share[0] = success;
  }

  /** The share of attempts is not answered in time. */
  #addLate(edge: number): void {
    const timeout = this.#parts.plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const share = this.#share[0]!;
    this.sums[Sum.late]! += share;
    this.sums[Sum.seconds]! += share * timeout;
    this.sums[Sum.square]! += share * timeout * timeout;
  }

  /** The share of attempts is refused, as fast as the network carries that. */
  #addRefused(edge: number): void {
    const { plan, edges } = this.#parts;
    const share = Math.max(0, this.#share[0]!);
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const seconds = Math.min(timeout, edges[edge * EDGE_WIDTH + Edge.networkSeconds]!);
    this.sums[Sum.seconds]! += share * seconds;
    this.sums[Sum.square]! += share * seconds * seconds;
  }

  /** Counts the share of the edge's attempts as failures of the replica they were sent to. */
  #blame(edge: number, replica: number): void {
    const { plan, context, edges } = this.#parts;
    const failed = this.#share[0]! * edges[edge * EDGE_WIDTH + Edge.attempts]! * plan.tickSeconds;
    context.meters.replicas.failures[replica]! += failed;
  }
}
