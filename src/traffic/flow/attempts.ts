/** How one attempt over an edge ends, on average: answered, refused or timed out, and after how long. */

import { Cut, cutLatency, DISTANCE_BEYOND_ALL } from './latency.ts';
import type { FlowParts } from './parts.ts';
import { Answer } from './state.ts';

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
const BEYOND_ALL_SQUARE: number = DISTANCE_BEYOND_ALL * DISTANCE_BEYOND_ALL;

/** Evaluates attempts; the result of each call stands in `sums` until the next. */
export class Attempts {
  readonly sums: Float64Array = new Float64Array(SUMS);
  readonly #parts: FlowParts;
  readonly #cut: Float64Array = new Float64Array(3);

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Whether every attempt at a replica that serves succeeds, and in time: the case of health, which needs no sums. */
  allSucceed(edge: number, replica: number): boolean {
    const { plan, flow } = this.#parts;
    const { refusedRatio, responseSeconds, responseVariance, responseSuccess } = flow.replicas;
    if (responseSuccess[replica]! < 1 || refusedRatio[replica]! > 0) return false;
    const room = plan.timeoutSeconds[edge]! - responseSeconds[replica]! - flow.edges.networkSeconds[edge]!;
    return room > 0 && room * room > BEYOND_ALL_SQUARE * responseVariance[replica]!;
  }

  /** Attempts of an edge whose endpoints are all like one replica. */
  atRepresentative(edge: number, replica: number): void {
    const { plan, flow, context } = this.#parts;
    this.sums.fill(0);
    this.#add(edge, replica, 1, -1);
    const failed = 1 - this.sums[Sum.success]!;
    if (failed <= 0) return;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const start = plan.columnStart[edge]!;
    for (let slot = first; slot < flow.services.slotEnd[callee]!; slot += 1) {
      this.#blame(edge, slot, flow.columns.weight[start + slot - first]! * failed);
    }
  }

  /** Attempts of an edge over all callee slots, each with its share. */
  overColumns(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const { weight } = flow.columns;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const start = plan.columnStart[edge]! - first;
    let rest = 1;
    this.sums.fill(0);
    for (let replica = first; replica < flow.services.slotEnd[callee]!; replica += 1) {
      const share = weight[start + replica]!;
      if (share <= 0) continue;
      rest -= share;
      this.#blame(edge, replica, this.#add(edge, replica, share, -1));
    }
    if (rest > 0) this.#addRefused(edge, rest);
  }

  /** Attempts of one caller replica over a disturbed edge; `rowShare` is its share of the edge's attempts. */
  overRow(edge: number, row: number, rowShare: number): void {
    const { plan, context } = this.#parts;
    const { routes } = context;
    const isCall = edge < plan.calls;
    const weights = isCall ? routes.pairWeights : routes.doorWeights;
    const start = isCall ? routes.pairStart[edge]! : routes.doorStart[edge - plan.calls]!;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const first = context.topology.replicaStart[plan.callee[edge]!]!;
    let rest = 1;
    this.sums.fill(0);
    for (let slot = 0; slot < columns; slot += 1) {
      const share = weights[start + row * columns + slot]!;
      if (share <= 0) continue;
      rest -= share;
      const failed = this.#add(edge, first + slot, share, plan.pairStart[edge]! + row * columns + slot);
      this.#blame(edge, first + slot, failed * rowShare);
    }
    if (rest > 0) this.#addRefused(edge, rest);
  }

  /** Adds the attempts at one replica, over a disturbed pair or (-1) over quiet links; returns the share that failed. */
  #add(edge: number, replica: number, share: number, pair: number): number {
    const { plan, flow } = this.#parts;
    const answer = flow.replicas.answer[replica]!;
    const timeout = plan.timeoutSeconds[edge]!;
    const lost = pair < 0 ? 0 : share * flow.pairs.lost[pair]!;
    const arriving = share - lost;
    if (lost > 0) this.#addLate(lost, timeout);
    if (answer === Answer.serves) {
      const refused = arriving * flow.replicas.refusedRatio[replica]!;
      if (refused > 0) this.#addRefused(edge, refused);
      return share - this.#addServed(edge, replica, arriving - refused, pair);
    }
    if (answer === Answer.refuses) this.#addRefused(edge, arriving);
    else this.#addLate(arriving, timeout);
    return share;
  }

  /** Returns the share that succeeded. */
  #addServed(edge: number, replica: number, share: number, pair: number): number {
    const { plan, flow } = this.#parts;
    const { sums } = this;
    const timeout = plan.timeoutSeconds[edge]!;
    const network = pair < 0 ? flow.edges.networkSeconds[edge]! : flow.pairs.seconds[pair]!;
    const spread = pair < 0 ? 0 : flow.pairs.variance[pair]!;
    const latency = flow.replicas.responseSeconds[replica]! + network;
    cutLatency(latency, flow.replicas.responseVariance[replica]! + spread, timeout, this.#cut);
    const late = this.#cut[Cut.beyond]!;
    const seconds = this.#cut[Cut.seconds]!;
    const answered = share * (1 - late);
    const success = answered * flow.replicas.responseSuccess[replica]!;
    sums[Sum.success]! += success;
    sums[Sum.answered]! += answered;
    sums[Sum.late]! += share * late;
    sums[Sum.seconds]! += share * seconds;
    sums[Sum.square]! += share * (this.#cut[Cut.variance]! + seconds * seconds);
    sums[Sum.answeredSeconds]! += share * Math.max(0, seconds - late * timeout);
    return success;
  }

  #addLate(share: number, timeout: number): void {
    const { sums } = this;
    sums[Sum.late]! += share;
    sums[Sum.seconds]! += share * timeout;
    sums[Sum.square]! += share * timeout * timeout;
  }

  /** Refusals come back as fast as the network carries them. */
  #addRefused(edge: number, share: number): void {
    const { plan, flow } = this.#parts;
    const seconds = Math.min(plan.timeoutSeconds[edge]!, flow.edges.networkSeconds[edge]!);
    this.sums[Sum.seconds]! += share * seconds;
    this.sums[Sum.square]! += share * seconds * seconds;
  }

  /** Counts failed attempts, a share of the edge's, against the replica they were sent to. */
  #blame(edge: number, replica: number, share: number): void {
    const { plan, flow, context } = this.#parts;
    context.meters.replicas.failures[replica]! += share * flow.edges.attempts[edge]! * plan.tickSeconds;
  }
}
