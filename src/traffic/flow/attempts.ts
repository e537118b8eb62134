/** How one attempt over an edge ends, on average: answered, refused or timed out, and after how long. */

import { sumOfPorts, unionOfPorts } from '../../cluster/index.ts';
import { Cut, cutLatency } from './latency.ts';
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
  /** Time that connections stay taken after their answers. */
  linger: 6,
} as const;

const SUMS = 7;

/** Evaluates attempts; the result of each call stands in `sums` until the next. */
export class Attempts {
  readonly sums: Float64Array = new Float64Array(SUMS);
  readonly #parts: FlowParts;
  readonly #cut: Float64Array = new Float64Array(3);
  /** What faults at the two ends of a pair do to its attempts: reset, cut off, linger. */
  #reset = 0;
  #cutOff = 0;
  #linger = 0;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Attempts of an edge whose endpoints are all like one replica. */
  atRepresentative(edge: number, replica: number): void {
    const { plan, flow, context } = this.#parts;
    this.#clear();
    this.#add(edge, replica, 1, -1);
    const failed = 1 - this.sums[Sum.success]!;
    if (failed <= 0) return;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const start = plan.columnStart[edge]!;
    const end = this.#parts.services[callee * SERVICE_WIDTH + Service.slotEnd]!;
    for (let slot = first; slot < end; slot += 1) {
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
    const end = this.#parts.services[callee * SERVICE_WIDTH + Service.slotEnd]!;
    let rest = 1;
    this.#clear();
    for (let replica = first; replica < end; replica += 1) {
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
    const weights = weightsOf(this.#parts, edge);
    const start = weightStart(this.#parts, edge);
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const standsFor = this.#parts.services[callee * SERVICE_WIDTH + Service.representative]!;
    const frayed = this.#parts.edges[edge * EDGE_WIDTH + Edge.frayed] === 1;
    let rest = 1;
    this.#clear();
    for (let slot = 0; slot < columns; slot += 1) {
      const share = weights[start + row * columns + slot]!;
      if (share <= 0) continue;
      rest -= share;
      if (frayed) this.#fray(edge, row, slot);
      const pair = plan.pairStart[edge]! + row * columns + slot;
      const failed = this.#add(edge, standsFor >= 0 ? standsFor : first + slot, share, pair);
      this.#blame(edge, first + slot, failed * rowShare);
    }
    this.#reset = 0;
    this.#cutOff = 0;
    this.#linger = 0;
    if (rest > 0) this.#addRefused(edge, rest);
  }

  #fray(edge: number, row: number, slot: number): void {
    const { topology, effects } = this.#parts.context;
    const { portReset, portCut, portLinger } = effects.values;
    const callerPort = edge < this.#parts.plan.calls ? topology.callerPortStart[edge]! + row : -1;
    const calleePort = topology.calleePortStart[edge]! + slot;
    this.#reset = unionOfPorts(portReset, callerPort, calleePort);
    this.#cutOff = unionOfPorts(portCut, callerPort, calleePort);
    this.#linger = sumOfPorts(portLinger, callerPort, calleePort);
  }

  /** A loop, because `fill` costs more than a row of attempts. */
  #clear(): void {
    for (let sum = 0; sum < SUMS; sum += 1) this.sums[sum] = 0;
  }

  /** Adds the attempts at one replica, over a disturbed pair or (-1) over quiet links; returns the share that failed. */
  #add(edge: number, replica: number, share: number, pair: number): number {
    const { plan, flow } = this.#parts;
    const row = this.#parts.replicas;
    const answer = row[replica * REPLICA_WIDTH + Replica.answer]!;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const reset = share * this.#reset;
    if (reset > 0) this.#addRefused(edge, reset);
    const lost = pair < 0 ? 0 : (share - reset) * flow.pairs.lost[pair]!;
    const arriving = share - reset - lost;
    if (lost > 0) this.#addLate(lost, timeout);
    if (answer === Answer.serves) {
      const refused = arriving * row[replica * REPLICA_WIDTH + Replica.refusedRatio]!;
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
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const quiet = pair < 0;
    const network = quiet ? this.#parts.edges[edge * EDGE_WIDTH + Edge.networkSeconds]! : flow.pairs.seconds[pair]!;
    cutLatency(row[at + Replica.responseSeconds]! + network, row[at + Replica.responseVariance]!, timeout, this.#cut);
    const late = this.#cut[Cut.beyond]!;
    // Retransmissions that the time-out leaves no room for are among the lost already.
    const added = quiet ? 0 : flow.pairs.lateSeconds[pair]!;
    const spread = this.#cut[Cut.variance]! + (quiet ? 0 : flow.pairs.lateVariance[pair]!);
    const seconds = Math.min(timeout, this.#cut[Cut.seconds]! + added);
    const answered = share * (1 - late);
    const success = answered * row[at + Replica.responseSuccess]! * (1 - this.#cutOff);
    sums[Sum.success]! += success;
    sums[Sum.answered]! += answered;
    sums[Sum.late]! += share * late;
    sums[Sum.seconds]! += share * seconds;
    sums[Sum.square]! += share * (spread + seconds * seconds);
    sums[Sum.answeredSeconds]! += share * Math.max(0, seconds - late * timeout);
    sums[Sum.linger]! += answered * this.#linger;
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
    const { plan } = this.#parts;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const seconds = Math.min(timeout, this.#parts.edges[edge * EDGE_WIDTH + Edge.networkSeconds]!);
    this.sums[Sum.seconds]! += share * seconds;
    this.sums[Sum.square]! += share * seconds * seconds;
  }

  /** Counts failed attempts, a share of those that the edge sent, against the replica they were sent to. */
  #blame(edge: number, replica: number, share: number): void {
    const { plan, context } = this.#parts;
    const failed = share * this.#parts.edges[edge * EDGE_WIDTH + Edge.sent]! * plan.tickSeconds;
    context.meters.replicas.failures[replica]! += failed;
  }
}
