/**
 * The case of health: calm services with nothing in the way of their calls, as many in a row as there are. Each takes one
 * step for all its endpoints and sends all its calls in one loop; whatever is out of the ordinary is left to other parts.
 */

import { percentileAt, quantilePosition, reachAt } from './latency.ts';
import type { Outcomes } from './outcomes.ts';
import type { FlowParts } from './parts.ts';
import {
  Call,
  EDGE_FACTS,
  EDGE_WIDTH,
  Edge,
  EdgeFact,
  REPLICA_WIDTH,
  Replica,
  SERVICE_FACTS,
  SERVICE_WIDTH,
  Service,
  ServiceFact,
} from './rows.ts';
import type { Sending } from './sending.ts';
import type { Stations } from './stations.ts';

const { calm, swift, representative, arrivals, started, endpoints, loads, rowsDiffer } = Service;
const { callsSuccess, callsSeconds, callsVariance, soundAttempts, soundNetworkSeconds } = Service;
const { responseSeconds, responseVariance, responseP99, reachSeconds } = Service;
const { first, attempts, sent, retriesUntil, networkSeconds } = Edge;
const { success: callSuccess, seconds: callSeconds, variance: callVariance } = Call;
const { perRequest, perRequestVariance, timeoutSeconds } = EdgeFact;
const { ownSeconds, fixedSeconds, waitSeconds, waitVariance, refusedRatio, errorRatio, diskErrorRatio } = Replica;
const { variationSquare } = ServiceFact;
const REPLICA = REPLICA_WIDTH;
const SERVICE = SERVICE_WIDTH;
const EDGE = EDGE_WIDTH;
const FACTS = EDGE_FACTS;
const NEVER: number = Number.POSITIVE_INFINITY;

/** Marks the services whose calls have nothing in their way; conditions, guards and paths must be up to date. */
export function markSwift(parts: FlowParts): void {
  const { edges, services } = parts;
  const { starts, items } = parts.context.topology.callsOut;
  for (let service = 0; service < parts.context.topology.services; service += 1) {
    let isSwift = 1;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
      const at = items[index]! * EDGE;
      if (edges[at + Edge.plain] === 0 || edges[at + Edge.guarded] === 1) isSwift = 0;
    }
    services[service * SERVICE + swift] = isSwift;
  }
}

/** Carries requests through swift services. */
export class SwiftServices {
  readonly #parts: FlowParts;
  readonly #stations: Stations;
  readonly #sending: Sending;
  readonly #outcomes: Outcomes;

  constructor(parts: FlowParts, stations: Stations, sending: Sending, outcomes: Outcomes) {
    this.#parts = parts;
    this.#stations = stations;
    this.#sending = sending;
    this.#outcomes = outcomes;
  }

  /** Steps services and sends their calls, from an index of `callerFirst` up to the first that is not swift: its index. */
  forward(from: number): number {
    const { plan, flow, context, services, edges } = this.#parts;
    const { callerFirst, callsOut } = context.topology;
    const { starts, items } = callsOut;
    const { callee, loadStart, edgeFacts } = plan;
    const { link, bytes } = flow.loads;
    const { callBytes } = flow.links;
    for (let index = from; index < callerFirst.length; index += 1) {
      const service = callerFirst[index]!;
      const at = service * SERVICE;
      if (services[at + calm] === 0 || services[at + swift] === 0) return index;
      this.#stations.stepCalm(service);
      const rate = services[at + started]!;
      const loadEnd = loadStart[service]! + (services[at + loads]! | 0);
      for (let load = loadStart[service]!; load < loadEnd; load += 1) callBytes[link[load]!]! += rate * bytes[load]!;
      const callsEnd = starts[service + 1]!;
      for (let call = starts[service]!; call < callsEnd; call += 1) {
        const edge = items[call]!;
        const row = edge * EDGE;
        const to = callee[edge]! * SERVICE;
        const needed = rate * edgeFacts[edge * FACTS + perRequest]!;
        if (edges[row + retriesUntil]! > 0 || services[to + calm] === 0) this.#sending.sendCall(edge, needed);
        else {
          edges[row + first] = needed;
          edges[row + attempts] = needed;
          edges[row + sent] = needed;
          services[to + arrivals]! += needed / services[to + endpoints]!;
        }
      }
    }
    return callerFirst.length;
  }

  /** Evaluates services whose callees have been evaluated, from an index down to the first that is not swift: its index. */
  backward(from: number): number {
    const { context, services } = this.#parts;
    const { callerFirst } = context.topology;
    for (let index = from; index >= 0; index -= 1) {
      const service = callerFirst[index]!;
      const at = service * SERVICE;
      if (services[at + calm] === 0 || services[at + swift] === 0) return index;
      this.#putCallsTogether(service, at);
      this.#respond(service, at);
    }
    return -1;
  }

  #putCallsTogether(service: number, at: number): void {
    const { plan, context, services, edges } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const { callee, edgeFacts } = plan;
    let seconds = 0;
    let variance = 0;
    let success = 1;
    const end = starts[service + 1]!;
    for (let call = starts[service]!; call < end; call += 1) {
      const edge = items[call]!;
      const row = edge * EDGE;
      const facts = edge * FACTS;
      const to = callee[edge]! * SERVICE;
      const network = edges[row + networkSeconds]!;
      let each = services[to + responseSeconds]! + network;
      let spread = services[to + responseVariance]!;
      if (services[to + reachSeconds]! + network < edgeFacts[facts + timeoutSeconds]!) {
        services[to + soundAttempts]! += edges[row + attempts]!;
        services[to + soundNetworkSeconds]! += edges[row + attempts]! * network;
      } else {
        this.#outcomes.evaluate(edge);
        each = edges[row + callSeconds]!;
        spread = edges[row + callVariance]!;
        success *= this.#outcomes.allSucceed(edge, edges[row + callSuccess]!);
      }
      const count = edgeFacts[facts + perRequest]!;
      seconds += count * each;
      variance += count * spread + edgeFacts[facts + perRequestVariance]! * each * each;
    }
    services[at + callsSuccess] = success;
    services[at + callsSeconds] = seconds;
    services[at + callsVariance] = variance;
    services[at + rowsDiffer] = 0;
  }

  /** The representative's answers, which are the service's. */
  #respond(service: number, at: number): void {
    const { plan, services } = this.#parts;
    const row = this.#parts.replicas;
    const of = (services[at + representative]! | 0) * REPLICA;
    const own = row[of + ownSeconds]!;
    const varied = own - row[of + fixedSeconds]!;
    const spread = plan.serviceFacts[service * SERVICE_FACTS + variationSquare]! * varied * varied;
    const seconds = row[of + waitSeconds]! + own + services[at + callsSeconds]!;
    const variance = row[of + waitVariance]! + spread + services[at + callsVariance]!;
    const success = services[at + callsSuccess]! * (1 - row[of + errorRatio]!) * (1 - row[of + diskErrorRatio]!);
    const deviation = Math.sqrt(variance);
    const isSound = success >= 1 && row[of + refusedRatio] === 0;
    row[of + Replica.responseSeconds] = seconds;
    row[of + Replica.responseVariance] = variance;
    row[of + Replica.responseSuccess] = success;
    services[at + responseSeconds] = seconds;
    services[at + responseVariance] = variance;
    const position = quantilePosition(seconds, deviation);
    services[at + responseP99] = seconds + deviation * percentileAt(position);
    services[at + reachSeconds] = isSound ? seconds + deviation * reachAt(position) : NEVER;
  }
}
