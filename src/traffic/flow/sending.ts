/** Sends an edge's attempts of a tick: over the links and to the replicas of the callee. */

import { unionOfPorts } from '../../cluster/index.ts';
import { leaveCalm } from './calm.ts';
import type { Gates } from './gates.ts';
import { attemptShare, LossyPaths, rowsInUse, weightStart, weightsOf } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import type { Retries } from './retries.ts';
import {
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

const { first, attempts, sent, guarded, frayed, varied, disturbed, plain, links, oneRow } = Edge;
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
  readonly #gates: Gates;
  readonly #lossy: LossyPaths;

  constructor(parts: FlowParts, retries: Retries, gates: Gates) {
    this.#parts = parts;
    this.#retries = retries;
    this.#gates = gates;
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
    const { plan, context } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const rate = this.#parts.services[service * SERVICE + started]!;
    const end = starts[service + 1]!;
    this.#loadFirst(service);
    for (let index = starts[service]!; index < end; index += 1) {
      const edge = items[index]!;
      this.sendCall(edge, rate * plan.edgeFacts[edge * FACTS + perRequest]!);
    }
  }

  /** Sends so many calls a second over an edge, whose bytes are on their links already, with the retries that are due. */
  sendCall(edge: number, needed: number): void {
    const { edges } = this.#parts;
    const at = edge * EDGE;
    if (edges[at + guarded] === 1) this.#gates.open(edge, needed);
    else {
      edges[at + first] = needed;
      this.#retries.collect(edge);
      edges[at + sent] = edges[at + attempts]!;
    }
    if (edges[at + sent] !== needed) this.#load(edge, edges[at + sent]! - needed);
    this.#send(edge);
  }

  /** Sends the attempts of users, who do not retry. */
  sendUsers(edge: number): void {
    const { edges } = this.#parts;
    const at = edge * EDGE;
    edges[at + attempts] = edges[at + first]!;
    edges[at + sent] = edges[at + first]!;
    if (edges[at + guarded] === 1) this.#gates.open(edge, edges[at + first]!);
    this.#load(edge, edges[at + sent]!);
    this.#send(edge);
  }

  #send(edge: number): void {
    const { edges } = this.#parts;
    if (edges[edge * EDGE + disturbed]! + edges[edge * EDGE + varied]! > 0) this.#deliverByPairs(edge);
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
    const rate = edges[edge * EDGE + sent]!;
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

  /** What is reset or lost never arrives, but its callers still count it as sent to the replica. */
  #deliverByPairs(edge: number): void {
    const { plan, flow, context, replicas, edges } = this.#parts;
    const { requests } = context.meters.replicas;
    const { replicaStart } = context.topology;
    const { lostRequests } = flow.pairs;
    leaveCalm(this.#parts, plan.callee[edge]!);
    this.#lossy.update(edge);
    const weights = weightsOf(this.#parts, edge);
    const start = weightStart(this.#parts, edge);
    const slot = replicaStart[plan.callee[edge]!]!;
    const caller = plan.caller[edge]!;
    const columns = plan.columnStart[edge + 1]! - plan.columnStart[edge]!;
    const one = edges[edge * EDGE + oneRow]! - 1;
    const end = one >= 0 ? one + 1 : rowsInUse(this.#parts, edge);
    for (let row = Math.max(0, one); row < end; row += 1) {
      const isOnly = caller < 0 || one >= 0;
      const rate = this.#rateOf(edge, row, isOnly ? -1 : replicaStart[caller]! + row);
      for (let column = 0; column < columns; column += 1) {
        const offered = rate * weights[start + row * columns + column]!;
        if (offered <= 0) continue;
        const reset = edges[edge * EDGE + frayed] === 1 ? this.#resetRatio(edge, row, column) : 0;
        const passes = (1 - reset) * (1 - lostRequests[plan.pairStart[edge]! + row * columns + column]!);
        const arrive = offered * passes;
        replicas[(slot + column) * REPLICA + replicaArrivals]! += arrive;
        requests[slot + column]! += (offered - arrive) * plan.tickSeconds;
      }
    }
  }

  /** Attempts that one caller slot sends. */
  #rateOf(edge: number, row: number, replica: number): number {
    const { plan, edges, gates, replicas } = this.#parts;
    if (edges[edge * EDGE + guarded] === 1) return gates[(plan.rowStart[edge]! + row) * GATE_WIDTH + Gate.sentRate]!;
    const rate = edges[edge * EDGE + sent]!;
    if (replica < 0) return rate;
    return rate * attemptShare(this.#parts, edge, { row, share: replicas[replica * REPLICA + Replica.share]! });
  }

  #resetRatio(edge: number, row: number, column: number): number {
    const { topology, effects } = this.#parts.context;
    const callerPort = edge < this.#parts.plan.calls ? topology.callerPortStart[edge]! + row : -1;
    return unionOfPorts(effects.values.portReset, callerPort, topology.calleePortStart[edge]! + column);
  }
}
