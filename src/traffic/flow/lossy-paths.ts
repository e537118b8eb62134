/**
 * What loss and delay on links do to the attempts between each pair of replicas: a lost packet is sent again after a
 * time-out that doubles, so small requests come late rather than never, until their caller has given up.
 */

import type { FlowParts } from './parts.ts';
import { EDGE_FACTS, EdgeFact, SERVICE_WIDTH, Service } from './rows.ts';

const RETRANSMIT_SECONDS = 0.2;
const RETRANSMITS_MAX = 12;
const CHANCE_SMALL = 1e-9;

/** Works out pairs of disturbed edges. */
export class LossyPaths {
  readonly #parts: FlowParts;
  readonly #zones: number;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#zones = parts.context.spec.zones.length;
  }

  /** Writes loss, delay and its variance for every pair of an edge that is in use. */
  update(edge: number): void {
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
        this.#updatePair(edge, plan.pairStart[edge]! + index, fromNode, node[to + column]!);
      }
    }
  }

  #updatePair(edge: number, pair: number, fromNode: number, toNode: number): void {
    const { links, pairs } = this.#parts.flow;
    let passes = 1;
    let delay = 0;
    if (toNode >= 0 && fromNode !== toNode) {
      passes = 1 - links.loss[toNode]!;
      delay = links.delaySeconds[toNode]!;
      if (fromNode >= 0) {
        passes *= 1 - links.loss[fromNode]!;
        delay += links.delaySeconds[fromNode]!;
        const between = this.#interconnect(fromNode, toNode);
        if (between >= 0) {
          passes *= 1 - links.loss[between]!;
          delay += links.delaySeconds[between]!;
        }
      }
    }
    pairs.lost[pair] = passes > 0 ? 0 : 1;
    pairs.seconds[pair] = 2 * delay;
    pairs.lateSeconds[pair] = 0;
    pairs.lateVariance[pair] = 0;
    if (passes > 0 && passes < 1) this.#retransmit(edge, pair, passes);
  }

  /** The k-th retransmission comes after (2^k - 1) time-outs; what does not fit before the caller gives up is lost. */
  #retransmit(edge: number, pair: number, passes: number): void {
    const { plan, flow } = this.#parts;
    const { lost, seconds, lateSeconds, lateVariance } = flow.pairs;
    const answer = this.#parts.services[plan.callee[edge]! * SERVICE_WIDTH + Service.responseSeconds]!;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    const room = timeout - seconds[pair]! - answer;
    let chance = 1 - wholePower(passes, plan.packets[edge]!);
    let added = RETRANSMIT_SECONDS;
    let mean = 0;
    let square = 0;
    for (let count = 1; count <= RETRANSMITS_MAX && chance > CHANCE_SMALL && added <= room; count += 1) {
      const here = chance * passes;
      mean += here * added;
      square += here * added * added;
      chance -= here;
      added = 2 * added + RETRANSMIT_SECONDS;
    }
    lost[pair] = chance > CHANCE_SMALL ? chance : 0;
    if (chance >= 1) return;
    mean /= 1 - chance;
    lateSeconds[pair] = mean;
    lateVariance[pair] = Math.max(0, square / (1 - chance) - mean * mean);
  }

  #interconnect(fromNode: number, toNode: number): number {
    const { interconnect, nodeZone } = this.#parts.context.topology;
    return interconnect[nodeZone[fromNode]! * this.#zones + nodeZone[toNode]!]!;
  }
}

/** Caller slots of an edge that may send something; users are one. */
export function rowsInUse(parts: FlowParts, edge: number): number {
  const caller = parts.plan.caller[edge]!;
  if (caller < 0) return 1;
  return parts.services[caller * SERVICE_WIDTH + Service.slotEnd]! - parts.context.topology.replicaStart[caller]!;
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

/** Base to a whole power, by squaring. */
function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
