/**
 * What loss and delay on links and at ports do to the attempts between each pair of replicas: a lost packet is sent again
 * after a time-out that doubles, so small requests come late rather than never, until their caller has given up.
 */

import {
  linkBetween,
  spreadSeconds,
  spreadVariance,
  sumOfPorts,
  unionOfPorts,
  Way,
  wayBetween,
} from '../../cluster/index.ts';
import { RETRANSMIT_SECONDS } from '../packets.ts';
import type { FlowParts } from './parts.ts';
import { Retransmissions } from './retransmissions.ts';
import { CALL_WIDTH, Call, EDGE_FACTS, EDGE_WIDTH, Edge, EdgeFact, SERVICE_WIDTH, Service } from './rows.ts';

const { network, pairsFrom, pairsTo, ported, guarded, oneRow } = Edge;

/** Delays that differ by less do not keep caller replicas from being alike: each then has their mean. */
const DELAY_NOTABLE_SECONDS = 2e-3;

/** Works out pairs of disturbed edges. */
export class LossyPaths {
  readonly #parts: FlowParts;
  readonly #retransmissions: Retransmissions = new Retransmissions();
  /** Of the pair in hand: shares of request and response packets that pass, round trip and its variance. */
  #requestPasses = 1;
  #responsePasses = 1;
  #seconds = 0;
  #variance = 0;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Writes loss, delay and its variance for every pair of an edge in use, where anything they depend on has changed. */
  update(edge: number): void {
    const { plan, flow, edges } = this.#parts;
    const at = edge * EDGE_WIDTH;
    const answer = this.#parts.services[plan.callee[edge]! * SERVICE_WIDTH + Service.responseSeconds]!;
    const isKnown = edges[at + network] === flow.clock.networks[0];
    if (isKnown && answer > edges[at + pairsFrom]! && answer <= edges[at + pairsTo]!) return;
    edges[at + network] = flow.clock.networks[0]!;
    edges[at + pairsFrom] = Number.NEGATIVE_INFINITY;
    edges[at + pairsTo] = Number.POSITIVE_INFINITY;
    this.#updatePairs(edge, answer);
    edges[at + oneRow] = this.#alikeRow(edge) + 1;
  }

  #updatePairs(edge: number, answer: number): void {
    const { plan, context } = this.#parts;
    const { replicaStart } = context.topology;
    const { node } = context.state.replicas;
    const caller = plan.caller[edge]!;
    const to = replicaStart[plan.callee[edge]!]!;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const rows = rowsInUse(this.#parts, edge);
    const weights = weightsOf(this.#parts, edge);
    const start = weightStart(this.#parts, edge);
    for (let row = 0; row < rows; row += 1) {
      const fromNode = caller < 0 ? -1 : node[replicaStart[caller]! + row]!;
      for (let column = 0; column < columns; column += 1) {
        const index = row * columns + column;
        if (weights[start + index]! <= 0) continue;
        this.#crossLinks(edge, fromNode, node[to + column]!);
        if (this.#parts.edges[edge * EDGE_WIDTH + ported] === 1) this.#passPorts(edge, row, column);
        this.#writePair(edge, plan.pairStart[edge]! + index, answer);
      }
    }
  }

  /** The caller slot that can stand for all of them, -1 = they fare differently. */
  #alikeRow(edge: number): number {
    const { edges } = this.#parts;
    if (edges[edge * EDGE_WIDTH + guarded] === 1) return -1;
    const rows = rowsInUse(this.#parts, edge);
    let first = -1;
    for (let row = 0; row < rows; row += 1) {
      if (!this.#sends(edge, row)) continue;
      if (first < 0) first = row;
      else if (!this.#isAlike(edge, row, first)) return -1;
    }
    if (first >= 0) this.#averageSeconds(edge, first);
    return first;
  }

  #sends(edge: number, row: number): boolean {
    const { plan, context } = this.#parts;
    const caller = plan.caller[edge]!;
    return caller < 0 || context.state.replicas.node[context.topology.replicaStart[caller]! + row]! >= 0;
  }

  #isAlike(edge: number, row: number, other: number): boolean {
    const { plan, flow } = this.#parts;
    const { lost, lostRequests, seconds, lateSeconds, lateVariance } = flow.pairs;
    const weights = weightsOf(this.#parts, edge);
    const start = weightStart(this.#parts, edge);
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    for (let column = 0; column < columns; column += 1) {
      const share = weights[start + row * columns + column]!;
      if (share !== weights[start + other * columns + column]) return false;
      if (share <= 0) continue;
      const one = plan.pairStart[edge]! + row * columns + column;
      const two = plan.pairStart[edge]! + other * columns + column;
      if (lost[one] !== lost[two] || lostRequests[one] !== lostRequests[two]) return false;
      if (lateSeconds[one] !== lateSeconds[two] || lateVariance[one] !== lateVariance[two]) return false;
      if (Math.abs(seconds[one]! - seconds[two]!) > DELAY_NOTABLE_SECONDS) return false;
    }
    return true;
  }

  /** Gives the pairs of a row the mean delay over all rows. */
  #averageSeconds(edge: number, into: number): void {
    const { plan, flow } = this.#parts;
    const { seconds } = flow.pairs;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const rows = rowsInUse(this.#parts, edge);
    for (let column = 0; column < columns; column += 1) {
      const start = plan.pairStart[edge]! + column;
      let sum = 0;
      let count = 0;
      for (let row = 0; row < rows; row += 1) {
        if (!this.#sends(edge, row)) continue;
        sum += seconds[start + row * columns]!;
        count += 1;
      }
      seconds[start + into * columns] = sum / count;
    }
  }

  #crossLinks(edge: number, fromNode: number, toNode: number): void {
    const { context, plan } = this.#parts;
    this.#requestPasses = 1;
    this.#responsePasses = 1;
    this.#seconds = 0;
    this.#variance = 0;
    if (toNode < 0 || fromNode === toNode) return;
    const bytes = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.bytes]!;
    this.#cross(toNode, Way.in, bytes);
    if (fromNode < 0) return;
    this.#cross(fromNode, Way.out, bytes);
    const between = linkBetween(context, fromNode, toNode);
    if (between >= 0) this.#cross(between, wayBetween(context, between, fromNode), bytes);
  }

  /** A link, crossed by the request one way and by the response the other. */
  #cross(link: number, way: number, bytes: number): void {
    const { lossIn, lossOut, delaySeconds, variance, secondsPerByte } = this.#parts.flow.links;
    const isIn = way === Way.in;
    this.#requestPasses *= 1 - (isIn ? lossIn : lossOut)[link]!;
    this.#responsePasses *= 1 - (isIn ? lossOut : lossIn)[link]!;
    this.#seconds += 2 * delaySeconds[link]! + bytes * secondsPerByte[link]!;
    this.#variance += 2 * variance[link]!;
  }

  #passPorts(edge: number, row: number, column: number): void {
    const { plan, context } = this.#parts;
    const { topology, effects } = context;
    const { portRequestLoss, portResponseLoss, portDelay, portJitter } = effects.values;
    const callee = topology.calleePortStart[edge]! + column;
    const caller = plan.caller[edge]! < 0 ? -1 : topology.callerPortStart[edge]! + row;
    this.#requestPasses *= 1 - unionOfPorts(portRequestLoss, caller, callee);
    this.#responsePasses *= 1 - unionOfPorts(portResponseLoss, caller, callee);
    if (sumOfPorts(portDelay, caller, callee) + sumOfPorts(portJitter, caller, callee) === 0) return;
    this.#delay(portDelay[callee]!, portJitter[callee]!);
    if (caller >= 0) this.#delay(portDelay[caller]!, portJitter[caller]!);
  }

  #delay(seconds: number, jitter: number): void {
    this.#seconds += spreadSeconds(seconds, jitter);
    this.#variance += spreadVariance(seconds, jitter);
  }

  #writePair(edge: number, pair: number, answer: number): void {
    const { plan, flow } = this.#parts;
    const { lost, lostRequests, seconds, lateSeconds, lateVariance } = flow.pairs;
    seconds[pair] = this.#seconds;
    lost[pair] = 0;
    lostRequests[pair] = 0;
    lateSeconds[pair] = 0;
    lateVariance[pair] = this.#variance;
    if (this.#requestPasses >= 1 && this.#responsePasses >= 1) return;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const result = this.#retransmissions;
    const steps = this.#stepsLeft(edge, (timeout - this.#seconds - answer) / RETRANSMIT_SECONDS, answer);
    result.work({
      requestPasses: this.#requestPasses,
      requestPackets: plan.requestPackets[edge]!,
      responsePasses: this.#responsePasses,
      responsePackets: plan.responsePackets[edge]!,
      patience: Math.floor(timeout / RETRANSMIT_SECONDS),
      steps,
    });
    lost[pair] = result.lost;
    lostRequests[pair] = result.lostRequests;
    lateSeconds[pair] = result.seconds;
    lateVariance[pair]! += result.variance;
  }

  /** How many first time-outs fit before the caller gives up, and for which answers of the callee it stays so. */
  #stepsLeft(edge: number, room: number, answer: number): number {
    const { edges } = this.#parts;
    const at = edge * EDGE_WIDTH;
    // Where there is no time left, who loses no packet may still be in time by chance.
    const steps = Math.max(0, Math.floor(room));
    const longest = answer + (room - steps) * RETRANSMIT_SECONDS;
    if (steps > 0) edges[at + pairsTo] = Math.min(edges[at + pairsTo]!, longest);
    edges[at + pairsFrom] = Math.max(edges[at + pairsFrom]!, longest - RETRANSMIT_SECONDS);
    return steps;
  }
}

/** Caller slots of an edge that may send something; users are one. */
export function rowsInUse(parts: FlowParts, edge: number): number {
  const caller = parts.plan.caller[edge]!;
  if (caller < 0) return 1;
  return parts.services[caller * SERVICE_WIDTH + Service.slotEnd]! - parts.context.topology.replicaStart[caller]!;
}

/** A caller slot's share of an edge's attempts, from that of the first ones: each retries what it has failed at. */
export function attemptShare(parts: FlowParts, edge: number, of: { row: number; share: number }): number {
  const { plan, flow, edges } = parts;
  const all = edges[edge * EDGE_WIDTH + Edge.attempts]!;
  const again = all - edges[edge * EDGE_WIDTH + Edge.first]!;
  if (again <= 0 || all <= 0) return of.share;
  const failed = flow.rows.value[(plan.rowStart[edge]! + of.row) * CALL_WIDTH + Call.failedShare]!;
  return of.share + (again / all) * (failed - of.share);
}

/** Load-balancing weights, those of an edge among them. */
export function weightsOf(parts: FlowParts, edge: number): Float64Array {
  const { routes } = parts.context;
  return edge < parts.plan.calls ? routes.pairWeights : routes.doorWeights;
}

/** Where the weights of an edge begin: caller slots x callee slots, row major. */
export function weightStart(parts: FlowParts, edge: number): number {
  const { routes } = parts.context;
  return edge < parts.plan.calls ? routes.pairStart[edge]! : routes.doorStart[edge - parts.plan.calls]!;
}
