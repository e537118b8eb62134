/** Sends an edge's attempts of a tick: over the links and to the replicas of the callee. */

import { leaveCalm } from './calm.ts';
import { LossyPaths, rowsInUse, weightStart, weightsOf } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import type { Retries } from './retries.ts';
import { EDGE_FACTS, EDGE_WIDTH, Edge, EdgeFact, REPLICA_WIDTH, Replica, SERVICE_WIDTH, Service } from './rows.ts';

const { first, attempts, disturbed, plain, links } = Edge;
const { bytes, perRequest } = EdgeFact;
const { arrivals, started, calm, endpoints, slotEnd, representative, loads } = Service;
const REPLICA = REPLICA_WIDTH;
const SERVICE = SERVICE_WIDTH;
const EDGE = EDGE_WIDTH;
const FACTS = EDGE_FACTS;
const replicaArrivals = Replica.arrivals;

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

  /** Forgets the arrivals of the last tick. */
  clear(): void {
    const { context } = this.#parts;
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const { replicaStart, services: count } = context.topology;
    for (let service = 0; service < count; service += 1) {
      const isCalm = services[service * SERVICE + calm] === 1;
      const from = isCalm ? services[service * SERVICE + representative]! : replicaStart[service]!;
      const end = isCalm ? from + 1 : services[service * SERVICE + slotEnd]!;
      for (let replica = from; replica < end; replica += 1) row[replica * REPLICA + replicaArrivals] = 0;
    }
  }

  /** Sends the calls of a service that has just been stepped. */
  sendCalls(service: number): void {
    const { plan, context, edges } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const rate = this.#parts.services[service * SERVICE + started]!;
    const end = starts[service + 1]!;
    this.#loadFirst(service);
    for (let index = starts[service]!; index < end; index += 1) {
      const edge = items[index]!;
      const at = edge * EDGE;
      edges[at + first] = rate * plan.edgeFacts[edge * FACTS + perRequest]!;
      this.#retries.collect(edge);
      if (edges[at + attempts]! > edges[at + first]!) this.#load(edge, edges[at + attempts]! - edges[at + first]!);
      this.#send(edge);
    }
  }

  /** Sends the attempts of users, who do not retry. */
  sendUsers(edge: number): void {
    const { edges } = this.#parts;
    edges[edge * EDGE + attempts] = edges[edge * EDGE + first]!;
    this.#load(edge, edges[edge * EDGE + first]!);
    this.#send(edge);
  }

  #send(edge: number): void {
    if (this.#parts.edges[edge * EDGE + disturbed] === 1) this.#deliverByPairs(edge);
    else this.#deliver(edge);
  }

  /** Puts the first attempts of all calls of a service on their links at once. */
  #loadFirst(service: number): void {
    const { plan, flow, services } = this.#parts;
    const { link, bytes: bytesEach } = flow.loads;
    const { callBytes } = flow.links;
    const rate = services[service * SERVICE + started]!;
    const start = plan.loadStart[service]!;
    const end = start + (services[service * SERVICE + loads]! | 0);
    for (let at = start; at < end; at += 1) callBytes[link[at]!]! += rate * bytesEach[at]!;
  }

  #load(edge: number, rate: number): void {
    const { plan, flow, edges } = this.#parts;
    const { link, share } = flow.paths;
    const { callBytes } = flow.links;
    const load = rate * plan.edgeFacts[edge * FACTS + bytes]!;
    const start = plan.pathStart[edge]!;
    const end = start + (edges[edge * EDGE + links]! | 0);
    for (let at = start; at < end; at += 1) callBytes[link[at]!]! += load * share[at]!;
  }

  #deliver(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const edges = this.#parts.edges;
    const services = this.#parts.services;
    const callee = plan.callee[edge]!;
    const rate = edges[edge * EDGE + attempts]!;
    const at = callee * SERVICE;
    if (services[at + calm] === 1) {
      if (edges[edge * EDGE + plain] === 1) {
        services[at + arrivals]! += rate / services[at + endpoints]!;
        return;
      }
      leaveCalm(this.#parts, callee);
    }
    const { weight } = flow.columns;
    const row = this.#parts.replicas;
    const slot = context.topology.replicaStart[callee]!;
    const count = services[at + slotEnd]! - slot;
    const start = plan.columnStart[edge]!;
    for (let index = 0; index < count; index += 1) {
      row[(slot + index) * REPLICA + replicaArrivals]! += rate * weight[start + index]!;
    }
  }

  /** What the network loses never arrives, but its callers still count it as sent to the replica. */
  #deliverByPairs(edge: number): void {
    const { plan, flow, context, replicas, edges } = this.#parts;
    const { requests } = context.meters.replicas;
    const { replicaStart } = context.topology;
    const { lost } = flow.pairs;
    leaveCalm(this.#parts, plan.callee[edge]!);
    this.#lossy.update(edge);
    const weights = weightsOf(this.#parts, edge);
    const start = weightStart(this.#parts, edge);
    const slot = replicaStart[plan.callee[edge]!]!;
    const caller = plan.caller[edge]!;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const rows = rowsInUse(this.#parts, edge);
    for (let row = 0; row < rows; row += 1) {
      const share = caller < 0 ? 1 : replicas[(replicaStart[caller]! + row) * REPLICA + Replica.share]!;
      const rate = edges[edge * EDGE + attempts]! * share;
      for (let column = 0; column < columns; column += 1) {
        const sent = rate * weights[start + row * columns + column]!;
        if (sent <= 0) continue;
        const failed = sent * lost[plan.pairStart[edge]! + row * columns + column]!;
        replicas[(slot + column) * REPLICA + replicaArrivals]! += sent - failed;
        requests[slot + column]! += failed * plan.tickSeconds;
      }
    }
  }
}
