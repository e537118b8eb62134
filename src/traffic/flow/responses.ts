/** How services answer: the calls of a request put together, then time and success of the replicas. Callees come first. */

import { leaveCalm } from './calm.ts';
import { percentileAt, quantilePosition, reachAt } from './latency.ts';
import type { Outcomes } from './outcomes.ts';
import type { FlowParts } from './parts.ts';
import type { Pools } from './pools.ts';
import {
  Answer,
  CALL_WIDTH,
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

const { ownSeconds, waitSeconds, waitVariance, refusedRatio, errorRatio, diskErrorRatio } = Replica;
const { responseSeconds, responseVariance, responseSuccess, fixedSeconds } = Replica;
const { callsSuccess, callsSeconds, callsVariance, rowsDiffer, representative, endpoints, slotEnd } = Service;
const { responseSeconds: serviceSeconds, responseVariance: serviceVariance, responseP99, reachSeconds } = Service;
const { perRequest, perRequestVariance } = EdgeFact;
const { success: callSuccess, seconds: callSeconds, variance: callVariance } = Call;
const { disturbed, varied, oneRow } = Edge;
const { variationSquare } = ServiceFact;
const REPLICA = REPLICA_WIDTH;
const SERVICE = SERVICE_WIDTH;
const EDGE = EDGE_WIDTH;
const FACTS = EDGE_FACTS;
const NEVER: number = Number.POSITIVE_INFINITY;

/** Evaluates one service after another. */
export class Responses {
  readonly #parts: FlowParts;
  readonly #outcomes: Outcomes;
  readonly #pools: Pools;

  constructor(parts: FlowParts, outcomes: Outcomes, pools: Pools) {
    this.#parts = parts;
    this.#outcomes = outcomes;
    this.#pools = pools;
  }

  /** Evaluates a service whose callees have been evaluated. */
  evaluate(service: number): void {
    const services = this.#parts.services;
    const at = service * SERVICE;
    this.#putCallsTogether(service);
    if (services[at + rowsDiffer] === 1) {
      leaveCalm(this.#parts, service);
      services[at + representative] = -1;
      this.#putRowsTogether(service);
    }
    const standsFor = services[at + representative]! | 0;
    if (standsFor < 0) this.#respondAll(service);
    else this.#respondAlike(service, standsFor);
    if (this.#pools.pooled[service] === 1) this.#pools.limit(service);
  }

  /** Counts what users sent and got, after the service they entered by has been evaluated. */
  evaluateUsers(workload: number): void {
    const { plan, flow, context } = this.#parts;
    const { workloads } = context.meters;
    const offered = flow.workloads.offered[workload]! * plan.tickSeconds;
    workloads.offered[workload]! += offered;
    workloads.shed[workload]! += offered * flow.workloads.shedRatio[workload]!;
    this.#outcomes.evaluateUsers(plan.calls + workload, workload);
  }

  #putCallsTogether(service: number): void {
    const { plan, context } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const services = this.#parts.services;
    const edges = this.#parts.edges;
    const facts = plan.edgeFacts;
    const end = starts[service + 1]!;
    let seconds = 0;
    let variance = 0;
    let success = 1;
    let differ = 0;
    for (let index = starts[service]!; index < end; index += 1) {
      const edge = items[index]!;
      const at = edge * EDGE;
      this.#outcomes.evaluate(edge);
      if (edges[at + oneRow] === 0 && edges[at + disturbed]! + edges[at + varied]! > 0) differ = 1;
      const each = edges[at + callSeconds]!;
      const count = facts[edge * FACTS + perRequest]!;
      seconds += count * each;
      variance += count * edges[at + callVariance]! + facts[edge * FACTS + perRequestVariance]! * each * each;
      if (edges[at + callSuccess]! < 1) success *= this.#outcomes.allSucceed(edge, edges[at + callSuccess]!);
    }
    services[service * SERVICE + callsSuccess] = success;
    services[service * SERVICE + callsSeconds] = seconds;
    services[service * SERVICE + callsVariance] = variance;
    services[service * SERVICE + rowsDiffer] = differ;
  }

  /** The same for each replica of a caller with edges over which they fare differently. */
  #putRowsTogether(service: number): void {
    const { plan, flow, context } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const edges = this.#parts.edges;
    const facts = plan.edgeFacts;
    const first = context.topology.replicaStart[service]!;
    for (let replica = first; replica < this.#parts.services[service * SERVICE + slotEnd]!; replica += 1) {
      let seconds = 0;
      let variance = 0;
      let success = 1;
      for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
        const edge = items[index]!;
        const isSplit = edges[edge * EDGE + disturbed]! + edges[edge * EDGE + varied]! > 0;
        const differs = isSplit && edges[edge * EDGE + oneRow] === 0;
        const calls = differs ? flow.rows.value : edges;
        const at = differs ? (plan.rowStart[edge]! + replica - first) * CALL_WIDTH : edge * EDGE;
        const each = calls[at + callSeconds]!;
        const count = facts[edge * FACTS + perRequest]!;
        seconds += count * each;
        variance += count * calls[at + callVariance]! + facts[edge * FACTS + perRequestVariance]! * each * each;
        success *= this.#outcomes.allSucceed(edge, calls[at + callSuccess]!);
      }
      this.#parts.replicas[replica * REPLICA + Replica.callsSuccess] = success;
      this.#parts.replicas[replica * REPLICA + Replica.callsSeconds] = seconds;
      this.#parts.replicas[replica * REPLICA + Replica.callsVariance] = variance;
    }
  }

  #respondAlike(service: number, standsFor: number): void {
    this.#respond(standsFor, service);
    const row = this.#parts.replicas;
    const at = standsFor * REPLICA;
    const sound = row[at + responseSuccess]! >= 1 && row[at + refusedRatio] === 0;
    const services = this.#parts.services;
    services[service * SERVICE + serviceSeconds] = row[at + responseSeconds]!;
    services[service * SERVICE + serviceVariance] = row[at + responseVariance]!;
    this.#writeTail(service);
    if (!sound) services[service * SERVICE + reachSeconds] = NEVER;
  }

  /** Endpoints one by one, and their average. */
  #respondAll(service: number): void {
    const { context } = this.#parts;
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const count = services[service * SERVICE + endpoints]!;
    const share = 1 / Math.max(1, count);
    let seconds = 0;
    let square = 0;
    let reach = count > 0 ? 0 : NEVER;
    const end = services[service * SERVICE + slotEnd]!;
    for (let replica = context.topology.replicaStart[service]!; replica < end; replica += 1) {
      const at = replica * REPLICA;
      if (row[at + Replica.endpoint] === 0) continue;
      if (row[at + Replica.answer] !== Answer.serves) {
        reach = NEVER;
        continue;
      }
      this.#respond(replica, service);
      const each = row[at + responseSeconds]!;
      const sound = row[at + responseSuccess]! >= 1 && row[at + refusedRatio] === 0;
      const deviation = Math.sqrt(row[at + responseVariance]!);
      const longest = each + deviation * reachAt(quantilePosition(each, deviation));
      reach = Math.max(reach, sound ? longest : NEVER);
      seconds += share * each;
      square += share * (row[at + responseVariance]! + each * each);
    }
    services[service * SERVICE + serviceSeconds] = seconds;
    services[service * SERVICE + serviceVariance] = Math.max(0, square - seconds * seconds);
    this.#writeTail(service);
    services[service * SERVICE + reachSeconds] = reach;
  }

  #writeTail(service: number): void {
    const services = this.#parts.services;
    const at = service * SERVICE;
    const seconds = services[at + serviceSeconds]!;
    const deviation = Math.sqrt(services[at + serviceVariance]!);
    const position = quantilePosition(seconds, deviation);
    services[at + responseP99] = seconds + deviation * percentileAt(position);
    services[at + reachSeconds] = seconds + deviation * reachAt(position);
  }

  #respond(replica: number, service: number): void {
    const { plan } = this.#parts;
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const at = replica * REPLICA;
    const of = service * SERVICE;
    const differ = services[of + rowsDiffer] === 1;
    const own = row[at + ownSeconds]!;
    const varied = own - row[at + fixedSeconds]!;
    const spread = plan.serviceFacts[service * SERVICE_FACTS + variationSquare]! * varied * varied;
    const calls = differ ? row[at + Replica.callsSeconds]! : services[of + callsSeconds]!;
    const callsSpread = differ ? row[at + Replica.callsVariance]! : services[of + callsVariance]!;
    const succeed = differ ? row[at + Replica.callsSuccess]! : services[of + callsSuccess]!;
    row[at + responseSeconds] = row[at + waitSeconds]! + own + calls;
    row[at + responseVariance] = row[at + waitVariance]! + spread + callsSpread;
    row[at + responseSuccess] = succeed * (1 - row[at + errorRatio]!) * (1 - row[at + diskErrorRatio]!);
  }
}
