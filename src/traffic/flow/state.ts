/** The flow engine's own tables in the state arena. */

import type { StateLayout, Table } from '../../base/index.ts';
import type { ClusterTopology } from '../../cluster/index.ts';
import type { FlowPlan } from './plan.ts';
import { CALL_WIDTH, EDGE_WIDTH, GATE_WIDTH, REPLICA_WIDTH, SERVICE_WIDTH } from './rows.ts';

const clockColumns = {
  ticks: 'f64',
  /** What has to be worked out anew before the next tick. */
  conditionsStale: 'u8',
  disturbedStale: 'u8',
  delaysStale: 'u8',
  plainStale: 'u8',
  nodesTight: 'u8',
  /** 1 while some container's cores are stolen. */
  coresStolen: 'u8',
  /** Bumped when loss or delay of a link or a port changes. */
  networks: 'f64',
} as const;

const nodeColumns = {
  tight: 'u8',
  limitMax: 'f64',
  /** Cores that foreign work takes, on the machine and in its containers. */
  stolenCores: 'f64',
} as const;

const linkColumns = {
  /** Bytes a second of calls: so far in this tick, and in the last. */
  callBytes: 'f64',
  load: 'f64',
  /** One way; and as the edges last knew it. */
  delaySeconds: 'f64',
  delayKnown: 'f64',
  /** Share of bytes lost, both ways together, and of packets each way. */
  loss: 'f64',
  lossIn: 'f64',
  lossOut: 'f64',
  disturbed: 'u8',
  /** What effects do: loss each way, delay added, its variance, foreign traffic, capacity, buffer. */
  effectLossIn: 'f64',
  effectLossOut: 'f64',
  effectDelay: 'f64',
  variance: 'f64',
  foreignBytes: 'f64',
  rate: 'f64',
  bufferBytes: 'f64',
  /** Bytes waiting, and the share of what was offered in the last tick that found no room. */
  backlogBytes: 'f64',
  overflow: 'f64',
  /** Bytes a second beyond the capacity in the last tick, and the part of them that is not taken to pile up. */
  excess: 'f64',
  damping: 'f64',
  /** Bytes sent for every byte, and what a cap on the rate adds to every byte. */
  copies: 'f64',
  secondsPerByte: 'f64',
} as const;

const diskColumns = {
  operationRate: 'f64',
  awaitSeconds: 'f64',
  /** Time of an operation on the device, and on what foreign operations leave of it; how many of those a second. */
  deviceSeconds: 'f64',
  operationSeconds: 'f64',
  foreignRate: 'f64',
  writeErrors: 'f64',
} as const;
const workloadColumns = { logSwing: 'f64', offered: 'f64', shedRatio: 'f64' } as const;
const pairColumns = {
  /** Share of attempts whose packets do not come through in time, and of those whose request never arrives. */
  lost: 'f64',
  lostRequests: 'f64',
  /** There and back; and what retransmissions add to it, on average over the rest, and its variance. */
  seconds: 'f64',
  lateSeconds: 'f64',
  lateVariance: 'f64',
} as const;
const pathColumns = { link: 'i32', share: 'f64' } as const;
const loadColumns = { link: 'i32', bytes: 'f64' } as const;
const packed = { value: 'f64' } as const;

export interface FlowState {
  readonly clock: Table<typeof clockColumns>;
  /** Packed rows of `Replica`, `Service` and `Edge`. */
  readonly replicas: Table<typeof packed>;
  readonly services: Table<typeof packed>;
  readonly edges: Table<typeof packed>;
  /** Packed rows of `Call`, one per caller slot of each edge, valid where these differ. */
  readonly rows: Table<typeof packed>;
  /** Packed rows of `Gate`, one per caller slot of each edge, valid where the edge is guarded. */
  readonly gates: Table<typeof packed>;
  /** Share of an edge's attempts that each callee slot gets. */
  readonly columns: Table<{ weight: 'f64' }>;
  /** What the network does to the attempts of each pair of slots, on disturbed edges. */
  readonly pairs: Table<typeof pairColumns>;
  /** Links an edge touches, and the share of its attempts on each. */
  readonly paths: Table<typeof pathColumns>;
  /** Links the calls of a service touch, and bytes on each per request it starts, retries left out. */
  readonly loads: Table<typeof loadColumns>;
  /** Retries of an edge that are sent in this tick, by their number, while there are any. */
  readonly attempts: Table<{ rate: 'f64' }>;
  readonly rings: Table<{ requests: 'f64' }>;
  readonly nodes: Table<typeof nodeColumns>;
  readonly links: Table<typeof linkColumns>;
  readonly disks: Table<typeof diskColumns>;
  readonly workloads: Table<typeof workloadColumns>;
}

/** Declares the tables in `layout`. */
export function flowState(layout: StateLayout, topology: ClusterTopology, plan: FlowPlan): FlowState {
  return {
    clock: layout.table('flow.clock', 1, clockColumns),
    replicas: layout.table('flow.replica', topology.replicas * REPLICA_WIDTH, packed),
    services: layout.table('flow.service', topology.services * SERVICE_WIDTH, packed),
    edges: layout.table('flow.edge', plan.edges * EDGE_WIDTH, packed),
    rows: layout.table('flow.row', plan.rowStart.at(-1)! * CALL_WIDTH, packed),
    gates: layout.table('flow.gate', plan.rowStart.at(-1)! * GATE_WIDTH, packed),
    columns: layout.table('flow.column', plan.columnStart.at(-1)!, { weight: 'f64' }),
    pairs: layout.table('flow.pair', plan.pairStart.at(-1)!, pairColumns),
    paths: layout.table('flow.path', plan.pathStart.at(-1)!, pathColumns),
    loads: layout.table('flow.load', plan.loadStart.at(-1)!, loadColumns),
    attempts: layout.table('flow.attempt', plan.attemptStart.at(-1)!, { rate: 'f64' }),
    rings: layout.table('flow.ring', plan.ringStart.at(-1)!, { requests: 'f64' }),
    nodes: layout.table('flow.node', topology.nodes, nodeColumns),
    links: layout.table('flow.link', topology.links, linkColumns),
    disks: layout.table('flow.disk', topology.disks, diskColumns),
    workloads: layout.table('flow.workload', plan.edges - plan.calls, workloadColumns),
  };
}

/** Sets every entry of every table to zero. */
export function clearFlowState(state: FlowState): void {
  for (const table of Object.values<Readonly<Record<string, { fill(value: number): unknown }>>>({ ...state })) {
    for (const column of Object.values(table)) column.fill(0);
  }
}
