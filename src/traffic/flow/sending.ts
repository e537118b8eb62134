/** Sends an edge's attempts of a tick: over the links and to the replicas of the callee. */

import { LossyPaths } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import type { Retries } from './retries.ts';

/** Turns what callers start into what reaches callees. */
export class Sending {
  readonly #parts: FlowParts;
  readonly #retries: Retries;
  readonly #lossy: LossyPaths;

  constructor(parts: FlowParts, retries: Retries) {
    this.#parts = parts;
    this.#retries = retries;
    this.#lossy = new LossyPaths(parts);
  }

  /** Sends the calls of a service that has just been stepped. */
  sendCalls(service: number): void {
    const { plan, flow, context } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const started = flow.services.started[service]!;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
      const edge = items[index]!;
      flow.edges.first[edge] = started * plan.perRequest[edge]!;
      this.send(edge);
    }
  }

  /** Sends the first attempts of an edge and the retries that are due. */
  send(edge: number): void {
    this.#retries.collect(edge);
    this.#load(edge);
    if (this.#parts.flow.edges.disturbed[edge] === 1) this.#deliverByPairs(edge);
    else this.#deliver(edge);
  }

  #load(edge: number): void {
    const { plan, flow } = this.#parts;
    const { link, share } = flow.paths;
    const { callBytes, delaySeconds } = flow.links;
    const bytes = flow.edges.attempts[edge]! * plan.bytes[edge]!;
    const start = plan.pathStart[edge]!;
    const end = start + flow.edges.links[edge]!;
    let delay = 0;
    for (let at = start; at < end; at += 1) {
      callBytes[link[at]!]! += bytes * share[at]!;
      delay += delaySeconds[link[at]!]! * share[at]!;
    }
    flow.edges.networkSeconds[edge] = 2 * delay;
  }

  #deliver(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const { weight } = flow.columns;
    const { arrivals } = flow.replicas;
    const callee = plan.callee[edge]!;
    const first = context.topology.replicaStart[callee]!;
    const count = flow.services.slotEnd[callee]! - first;
    const start = plan.columnStart[edge]!;
    const attempts = flow.edges.attempts[edge]!;
    for (let slot = 0; slot < count; slot += 1) arrivals[first + slot]! += attempts * weight[start + slot]!;
  }

  /** What the network loses never arrives, but its callers still count it as sent to the replica. */
  #deliverByPairs(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const { requests } = context.meters.replicas;
    this.#lossy.update(edge);
    const isCall = edge < plan.calls;
    const weights = isCall ? context.routes.pairWeights : context.routes.doorWeights;
    const start = isCall ? context.routes.pairStart[edge]! : context.routes.doorStart[edge - plan.calls]!;
    const first = context.topology.replicaStart[plan.callee[edge]!]!;
    const caller = plan.caller[edge]!;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const pairs = plan.pairStart[edge + 1]! - plan.pairStart[edge]!;
    for (let pair = 0; pair < pairs; pair += 1) {
      const row = Math.floor(pair / columns);
      const replica = first + pair - row * columns;
      const share = caller < 0 ? 1 : flow.replicas.share[context.topology.replicaStart[caller]! + row]!;
      const rate = flow.edges.attempts[edge]! * share * weights[start + pair]!;
      const lost = rate * flow.pairs.lost[plan.pairStart[edge]! + pair]!;
      flow.replicas.arrivals[replica]! += rate - lost;
      requests[replica]! += lost * plan.tickSeconds;
    }
  }
}
