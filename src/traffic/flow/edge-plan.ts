/**
 * What never changes about edges, in arrays by edge. An edge is a way by which requests reach a service: the calls in
 * the order of the spec, then one edge per workload, whose caller is outside.
 */

import type { CallSpec, ClusterSpec, ClusterTopology, WorkloadSpec } from '../../cluster/index.ts';

/** The caller of users' edges. */
export const OUTSIDE = -1;

/** A segment of 1460 bytes fills an Ethernet frame. */
const PACKET_BYTES = 1460;

export interface EdgePlan {
  readonly edges: number;
  /** Edges below this one are calls. */
  readonly calls: number;
  readonly caller: Int32Array;
  readonly callee: Int32Array;
  readonly timeoutSeconds: Float64Array;
  /** Bytes and packets of a request and its response. */
  readonly bytes: Float64Array;
  readonly packets: Float64Array;
  /** Calls per request of the caller: on average, those made for certain, the chance of one more, its variance. */
  readonly perRequest: Float64Array;
  readonly perRequestWhole: Int32Array;
  readonly perRequestPart: Float64Array;
  readonly perRequestVariance: Float64Array;
  readonly required: Uint8Array;
  readonly retriesMax: Int32Array;
  readonly backoffSeconds: Float64Array;
  readonly retryBudgetRatio: Float64Array;
  /** First caller slot (a row each; one for users), callee slot (a column each) and pair of an edge, with an end. */
  readonly rowStart: Int32Array;
  readonly columnStart: Int32Array;
  readonly pairStart: Int32Array;
  /** First of the links an edge may touch, with an end. */
  readonly pathStart: Int32Array;
  /** First attempt of an edge; retry k is the k-th behind it. With an end. */
  readonly attemptStart: Int32Array;
}

/** Lays out the edges of a cluster. */
export function edgePlan(spec: ClusterSpec, topology: ClusterTopology): EdgePlan {
  const edges: readonly Edge[] = [...spec.calls, ...spec.workloads.map(userEdge)];
  const column = (value: (edge: Edge) => number): Float64Array => Float64Array.from(edges, value);
  const slots = (service: number): number =>
    service === OUTSIDE ? 1 : topology.replicaStart[service + 1]! - topology.replicaStart[service]!;
  const interconnects = topology.links - topology.nodes;
  return {
    edges: edges.length,
    calls: spec.calls.length,
    caller: Int32Array.from(edges, (edge) => edge.caller),
    callee: Int32Array.from(edges, (edge) => edge.callee),
    timeoutSeconds: column((edge) => edge.timeoutSeconds),
    bytes: column((edge) => edge.requestBytes + edge.responseBytes),
    packets: column((edge) => packets(edge.requestBytes) + packets(edge.responseBytes)),
    perRequest: column((edge) => edge.perRequest),
    perRequestWhole: Int32Array.from(edges, (edge) => Math.floor(edge.perRequest)),
    perRequestPart: column(part),
    perRequestVariance: column((edge) => part(edge) * (1 - part(edge))),
    required: Uint8Array.from(edges, (edge) => (edge.required ? 1 : 0)),
    retriesMax: Int32Array.from(edges, (edge) => edge.retriesMax),
    backoffSeconds: column((edge) => edge.backoffSeconds),
    retryBudgetRatio: column((edge) => edge.retryBudgetRatio),
    rowStart: starts(edges, (edge) => slots(edge.caller)),
    columnStart: starts(edges, (edge) => slots(edge.callee)),
    pairStart: starts(edges, (edge) => slots(edge.caller) * slots(edge.callee)),
    pathStart: starts(edges, (edge) =>
      Math.min(topology.links, slots(edge.caller) + slots(edge.callee) + interconnects),
    ),
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
  };
}

function part(edge: Edge): number {
  return edge.perRequest - Math.floor(edge.perRequest);
}

function packets(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PACKET_BYTES));
}
