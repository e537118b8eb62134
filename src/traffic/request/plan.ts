/** Everything about a cluster that the request engine computes once. */

import type { CallSpec, ClusterSpec, ClusterTopology, WorkloadSpec } from '../../cluster/index.ts';
import { EDGE_FACTS, EdgeFact } from './rows.ts';

/** Users may come this many times as often as usual before entities run short. */
const SURGE_ROOM = 4;
/** Entities beyond those in queues, with workers and of users. */
const ENTITIES_SPARE = 4096;
const ENTITIES_MAX = 131_072;

export interface RequestPlan {
  readonly tickMicros: number;
  readonly edges: number;
  /** Edges below this one are calls. */
  readonly calls: number;
  /** Packed rows of `EdgeFact`. */
  readonly edgeFacts: Float64Array;
  /** Most entities at once, and those of them that users leave free for calls. */
  readonly entitiesMax: number;
  readonly entitiesReserved: number;
  /** Core-microseconds at the limit of cores that one request takes, by service. */
  readonly coreSeconds: Float64Array;
  readonly ownMicros: Float64Array;
}

/** Lays out a cluster. */
export function requestPlan(spec: ClusterSpec, topology: ClusterTopology): RequestPlan {
  const edges = spec.calls.length + spec.workloads.length;
  const edgeFacts = new Float64Array(edges * EDGE_FACTS);
  spec.calls.forEach((call, edge) => {
    edgeFacts.set(callFacts(call, topology, edge), edge * EDGE_FACTS);
  });
  spec.workloads.forEach((workload, index) => {
    edgeFacts.set(userFacts(workload, topology), (spec.calls.length + index) * EDGE_FACTS);
  });
  return {
    tickMicros: Math.max(1, Math.round(spec.tickSeconds * 1e6)),
    edges,
    calls: spec.calls.length,
    edgeFacts,
    ...entities(spec),
    coreSeconds: Float64Array.from(spec.services, (service) => service.cpuSecondsPerRequest),
    ownMicros: Float64Array.from(spec.services, (service) => 1e6 * service.serviceTimeSeconds),
  };
}

/** Room for all queues full, every worker waiting for a lost call, and users who wait for nothing. */
function entities(spec: ClusterSpec): { entitiesMax: number; entitiesReserved: number } {
  let inside = 0;
  let workers = 0;
  for (const service of spec.services) {
    inside += service.replicasMax * (service.workers + service.queueMax);
    workers += service.replicasMax * service.workers;
  }
  let users = 0;
  for (const workload of spec.workloads) users += SURGE_ROOM * workload.requestsPerSecond * workload.timeoutSeconds;
  const entitiesMax = Math.min(ENTITIES_MAX, Math.ceil(inside + workers + users) + ENTITIES_SPARE);
  return { entitiesMax, entitiesReserved: Math.min(workers, Math.floor(entitiesMax / 4)) };
}

function callFacts(call: CallSpec, topology: ClusterTopology, edge: number): Float64Array {
  const facts = new Float64Array(EDGE_FACTS);
  const whole = Math.floor(call.perRequest);
  fillCallee(facts, topology, call.callee);
  facts[EdgeFact.timeoutMicros] = Math.round(1e6 * call.timeoutSeconds);
  facts[EdgeFact.whole] = whole;
  facts[EdgeFact.part] = call.perRequest - whole;
  facts[EdgeFact.retriesMax] = call.retriesMax;
  facts[EdgeFact.backoffMicros] = 1e6 * call.backoffSeconds;
  facts[EdgeFact.budgetRatio] = call.retryBudgetRatio;
  facts[EdgeFact.required] = call.required ? 1 : 0;
  facts[EdgeFact.connectionsMax] = call.connectionsMax ?? -1;
  facts[EdgeFact.connectionWaitMicros] = Math.round(1e6 * call.connectionWaitSeconds);
  facts[EdgeFact.breaker] = call.breaker === null ? 0 : 1;
  facts[EdgeFact.cache] = call.cache === null ? 0 : 1;
  facts[EdgeFact.portStart] = topology.callerPortStart[edge]!;
  facts[EdgeFact.callerStart] = topology.replicaStart[call.caller]!;
  return facts;
}

/** Users send once and do not retry. */
function userFacts(workload: WorkloadSpec, topology: ClusterTopology): Float64Array {
  const facts = new Float64Array(EDGE_FACTS);
  fillCallee(facts, topology, workload.service);
  facts[EdgeFact.timeoutMicros] = Math.round(1e6 * workload.timeoutSeconds);
  facts[EdgeFact.whole] = 1;
  facts[EdgeFact.required] = 1;
  facts[EdgeFact.connectionsMax] = -1;
  facts[EdgeFact.portStart] = -1;
  facts[EdgeFact.callerStart] = -1;
  return facts;
}

function fillCallee(facts: Float64Array, topology: ClusterTopology, callee: number): void {
  const first = topology.replicaStart[callee]!;
  facts[EdgeFact.callee] = callee;
  facts[EdgeFact.calleeStart] = first;
  facts[EdgeFact.calleeSlots] = topology.replicaStart[callee + 1]! - first;
}
