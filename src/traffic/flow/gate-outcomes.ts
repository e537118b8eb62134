/**
 * What gates make of outcomes: from the attempts that were sent to all that were made, from calls that were made to all
 * that were needed; and what callers remember of it: how long connections are held, failures, answers in the cache.
 */

import { Sum } from './attempts.ts';
import type { FlowParts } from './parts.ts';
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
} from './rows.ts';

const { share, hitRatio, barred, failed, starved, misdirected, waitSeconds, waitVariance } = Gate;
const { holdSeconds, holdFactor, rate } = Gate;
const GATE = GATE_WIDTH;

/** Works on the edges that are guarded. */
export class GateOutcomes {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Whether the gate of a row lets every attempt through at once. */
  isOpen(row: number): boolean {
    const gates = this.#parts.gates;
    const at = row * GATE;
    const kept = gates[at + barred]! + gates[at + failed]! + gates[at + starved]! + gates[at + misdirected]!;
    return kept === 0 && gates[at + waitSeconds] === 0;
  }

  /** Turns sums over the attempts that a row sent into sums over all it made; remembers how long they took. */
  widen(edge: number, row: number, sums: Float64Array): void {
    const { plan, context, gates } = this.#parts;
    const at = row * GATE;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const lost = gates[at + misdirected]!;
    const found = 1 - lost;
    const seconds = found * sums[Sum.seconds]! + lost * timeout;
    const square = found * sums[Sum.square]! + lost * timeout * timeout;
    gates[at + holdSeconds] = seconds + found * sums[Sum.linger]!;
    gates[at + holdFactor] = seconds > 0 ? square / (2 * seconds * seconds) : 1;
    const asked = (1 - gates[at + barred]!) * (1 - gates[at + failed]!);
    const starving = asked * gates[at + starved]!;
    const sent = asked - starving;
    const wait = gates[at + waitSeconds]!;
    const longest = edge < plan.calls ? context.spec.calls[edge]!.connectionWaitSeconds : 0;
    sums[Sum.success]! *= sent * found;
    sums[Sum.answered]! *= sent * found;
    sums[Sum.answeredSeconds]! *= sent * found;
    sums[Sum.late] = sent * (found * sums[Sum.late]! + lost) + (2 * longest > timeout ? starving : 0);
    sums[Sum.seconds] = sent * (seconds + wait) + starving * longest;
    const waited = wait * (2 * seconds + wait) + gates[at + waitVariance]!;
    sums[Sum.square] = sent * (square + waited) + starving * longest * longest;
  }

  /** Attempts of all rows succeeded, each after this many seconds: the hold of their connections. */
  hold(edge: number, seconds: number, variance: number): void {
    const { gates } = this.#parts;
    const at = this.#parts.edges[edge * EDGE_WIDTH + Edge.gateRow]! * GATE;
    gates[at + holdSeconds] = seconds;
    gates[at + holdFactor] = seconds > 0 ? (1 + variance / (seconds * seconds)) / 2 : 1;
  }

  /** Counts a row's attempts in the window of its breaker; `success` is the share that succeeded. */
  count(edge: number, row: number, success: number): void {
    const { plan, context, gates } = this.#parts;
    if (context.spec.calls[edge]?.breaker == null) return;
    const { attempts, failures } = context.state.callers;
    const at = row * GATE;
    const made = gates[at + rate]! * plan.tickSeconds;
    const out = made * (1 - gates[at + barred]!);
    attempts[row]! += out;
    failures[row]! += Math.max(0, out - made * success);
  }

  /** The same for all rows when one stands for them, whose hold they share. */
  countAlike(edge: number, success: number): void {
    const { plan, gates, edges } = this.#parts;
    const from = edges[edge * EDGE_WIDTH + Edge.gateRow]! * GATE;
    for (let row = plan.rowStart[edge]!; row < plan.rowStart[edge + 1]!; row += 1) {
      if (gates[row * GATE + share]! <= 0) continue;
      gates[row * GATE + holdSeconds] = gates[from + holdSeconds]!;
      gates[row * GATE + holdFactor] = gates[from + holdFactor]!;
      this.count(edge, row, success);
    }
  }

  /** The same for breakers that are all closed, where nothing else is in the way. */
  countQuiet(edge: number, success: number): void {
    const { plan, context, edges, replicas } = this.#parts;
    const { attempts, failures } = context.state.callers;
    const made = edges[edge * EDGE_WIDTH + Edge.attempts]! * plan.tickSeconds;
    const start = plan.rowStart[edge]!;
    let at = context.topology.replicaStart[plan.caller[edge]!]! * REPLICA_WIDTH + Replica.share;
    for (let row = start; row < plan.rowStart[edge + 1]!; row += 1) {
      const own = made * replicas[at]!;
      attempts[row]! += own;
      failures[row]! += own * (1 - success);
      at += REPLICA_WIDTH;
    }
  }

  /** Puts answers of successful calls into a row's cache. */
  #fill(edge: number, row: number, success: number): void {
    const { plan, context, gates, edges } = this.#parts;
    const cache = context.spec.calls[edge]?.cache;
    if (cache == null) return;
    const { cacheEntries } = context.state.callers;
    const calls = edges[edge * EDGE_WIDTH + Edge.first]! * gates[row * GATE + share]!;
    const answers = (calls * success * plan.tickSeconds) / cache.entries;
    // Each is new with the chance that it is not there yet, taken implicitly: never more than there is room for.
    cacheEntries[row] = (cacheEntries[row]! + answers * cache.entries) / (1 + answers);
  }

  /** From the calls made to those needed: a hit takes no time and does not fail. */
  #addHits(calls: Float64Array, at: number, hits: number): void {
    if (hits <= 0) return;
    const made = 1 - hits;
    const seconds = calls[at + Call.seconds]!;
    calls[at + Call.success] = hits + made * calls[at + Call.success]!;
    calls[at + Call.seconds] = made * seconds;
    calls[at + Call.variance] = made * (calls[at + Call.variance]! + hits * seconds * seconds);
  }

  /** After all retries: fills caches and counts their hits in, row by row where rows have outcomes of their own. */
  finish(edge: number, byRows: boolean): void {
    const { plan, context, edges, flow, gates } = this.#parts;
    if (context.spec.calls[edge]?.cache == null) return;
    const at = edge * EDGE_WIDTH;
    for (let row = plan.rowStart[edge]!; row < plan.rowStart[edge + 1]!; row += 1) {
      if (gates[row * GATE + share]! <= 0) continue;
      const calls = byRows ? flow.rows.value : edges;
      const from = byRows ? row * CALL_WIDTH : at;
      this.#fill(edge, row, calls[from + Call.success]!);
      if (byRows) this.#addHits(calls, from, gates[row * GATE + hitRatio]!);
    }
    this.#addHits(edges, at, edges[at + Edge.hitRatio]!);
  }
}
