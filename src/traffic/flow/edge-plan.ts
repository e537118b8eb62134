/**
 * What never changes about edges, in arrays by edge. An edge is a way by which requests reach a service: the calls in
 * the order of the spec, then one edge per workload, whose caller is outside.
 */

import type { CallSpec, ClusterSpec, ClusterTopology, WorkloadSpec } from '../../cluster/index.ts';
import { packetsOf } from '../packets.ts';
import { EDGE_FACTS, EdgeFact } from './rows.ts';

/** The caller of users' edges. */
const OUTSIDE = -1;

export interface EdgePlan {
  readonly edges: number;
  /** Edges below this one are calls. */
  readonly calls: number;
  readonly caller: Int32Array;
  readonly callee: Int32Array;
  /** Packed rows of `EdgeFact`. */
  readonly edgeFacts: Float64Array;
  /** Packets of a request, and of a response. */
  readonly requestPackets: Int32Array;
  readonly responsePackets: Int32Array;
  readonly retriesMax: Int32Array;
  /** First caller slot (a row each; one for users), callee slot (a column each) and pair of an edge, with an end. */
  readonly rowStart: Int32Array;
  readonly columnStart: Int32Array;
  readonly pairStart: Int32Array;
  /** First of the links that an edge, or all calls of a service, may touch, with an end. */
  readonly pathStart: Int32Array;
  readonly loadStart: Int32Array;
  /** First attempt of an edge; retry k is the k-th behind it. With an end. */
  readonly attemptStart: Int32Array;
}

/** Lays out the edges of a cluster. */
export function edgePlan(spec: ClusterSpec, topology: ClusterTopology): EdgePlan {
  const edges: readonly Edge[] = [...spec.calls, ...spec.workloads.map(userEdge)];
  const slots = (service: number): number =>
    service === OUTSIDE ? 1 : topology.replicaStart[service + 1]! - topology.replicaStart[service]!;
  const interconnects = topology.links - topology.nodes;
  const linksOf = (edge: Edge): number =>
    Math.min(topology.links, slots(edge.caller) + slots(edge.callee) + interconnects);
  const linksFrom = (service: number): number => {
    const { starts: first, items } = topology.callsOut;
    const calls = items.subarray(first[service], first[service + 1]);
    return calls.reduce((sum, call) => sum + linksOf(edges[call]!), 0);
  };
  return {
    edges: edges.length,
    calls: spec.calls.length,
    caller: Int32Array.from(edges, (edge) => edge.caller),
    callee: Int32Array.from(edges, (edge) => edge.callee),
    edgeFacts: Float64Array.from(edges.flatMap(factsOf)),
    requestPackets: Int32Array.from(edges, ({ requestBytes }) => packetsOf(requestBytes)),
    responsePackets: Int32Array.from(edges, ({ responseBytes }) => packetsOf(responseBytes)),
    retriesMax: Int32Array.from(edges, (edge) => edge.retriesMax),
    rowStart: starts(edges, (edge) => slots(edge.caller)),
    columnStart: starts(edges, (edge) => slots(edge.callee)),
    pairStart: starts(edges, (edge) => slots(edge.caller) * slots(edge.callee)),
    pathStart: starts(edges, linksOf),
    loadStart: starts([...spec.services.keys()], (service) => Math.min(topology.links, linksFrom(service))),
    attemptStart: starts(edges, (edge) => edge.retriesMax + 1),
  };
}

/** First position of each part of a row of parts, and the end of the last. */
export function starts<T>(parts: readonly T[], length: (part: T) => number): Int32Array {
  const result = new Int32Array(parts.length + 1);
  parts.forEach((each, index) => {
    result[index + 1] = result[index]! + length(each);
  });
  return result;
}

type Edge = CallSpec;

/** Users send once and do not retry. */
function userEdge(workload: WorkloadSpec): Edge {
  return {
    caller: OUTSIDE,
    callee: workload.service,
    perRequest: 1,
    timeoutSeconds: workload.timeoutSeconds,
    retriesMax: 0,
    backoffSeconds: 0,
    retryBudgetRatio: 0,
    requestBytes: workload.requestBytes,
    responseBytes: workload.responseBytes,
    required: true,
    connectionsMax: null,
    connectionWaitSeconds: 0,
    breaker: null,
    cache: null,
  };
}

function factsOf(edge: Edge): number[] {
  const whole = Math.floor(edge.perRequest);
  const part = edge.perRequest - whole;
  const facts = new Array<number>(EDGE_FACTS).fill(0);
  facts[EdgeFact.timeoutSeconds] = edge.timeoutSeconds;
  facts[EdgeFact.bytes] = edge.requestBytes + edge.responseBytes;
  facts[EdgeFact.perRequest] = edge.perRequest;
  facts[EdgeFact.perRequestWhole] = whole;
  facts[EdgeFact.perRequestPart] = part;
  facts[EdgeFact.perRequestVariance] = part * (1 - part);
  facts[EdgeFact.required] = edge.required ? 1 : 0;
  facts[EdgeFact.backoffSeconds] = edge.backoffSeconds;
  facts[EdgeFact.retryBudgetRatio] = edge.retryBudgetRatio;
  return facts;
}
