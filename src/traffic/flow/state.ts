/** The flow engine's own tables in the state arena. Rates are per second, of the tick at hand. */

import type { StateLayout, Table } from '../../base/index.ts';
import type { ClusterTopology } from '../../cluster/index.ts';
import type { FlowPlan } from './plan.ts';

/** What becomes of a request that load balancing sends to a replica. */
export const Answer = {
  /** Nobody listens: refused at once. */
  refuses: 0,
  serves: 1,
  /** Accepted, never answered. */
  hangs: 2,
  /** The machine is off: silence. */
  silent: 3,
} as const;

const clockColumns = {
  ticks: 'f64',
  /** Set by whatever makes the conditions of components, or the evenness of edges, worth another look. */
  conditionsStale: 'u8',
  evennessStale: 'u8',
  linksDisturbed: 'u8',
  nodesTight: 'u8',
} as const;

const replicaColumns = {
  answer: 'u8',
  /** 1 when load balancing may send here. */
  endpoint: 'u8',
  /** 1 when it must be computed by itself: slowed, warming up, failing or storing. */
  special: 'u8',
  slowFactor: 'f64',
  errorRatio: 'f64',
  warmUntilMicros: 'f64',
  /** Time that disk operations add to a request, most requests a second the disk allows, share of requests it fails. */
  diskSeconds: 'f64',
  diskRateMax: 'f64',
  diskErrorRatio: 'f64',
  /** Cores it may use. */
  cores: 'f64',
  /** Attempts that reach it. */
  arrivals: 'f64',
  /** Requests in it, those being served, and how many can be at once. */
  inSystem: 'f64',
  busy: 'f64',
  servers: 'f64',
  /** Requests a second it can serve. */
  capacity: 'f64',
  /** Rows of the occupancy curve for that many servers, and how far between the two. */
  curveRow: 'i32',
  curveRowAbove: 'i32',
  curveBlend: 'f64',
  ownSeconds: 'f64',
  waitSeconds: 'f64',
  waitVariance: 'f64',
  refusedRatio: 'f64',
  started: 'f64',
  completed: 'f64',
  /** Share of the service's started requests, as the routes last knew it. */
  share: 'f64',
  /** Time, its variance and success of all calls of a request. */
  callsSeconds: 'f64',
  callsVariance: 'f64',
  callsSuccess: 'f64',
  responseSeconds: 'f64',
  responseVariance: 'f64',
  responseSuccess: 'f64',
} as const;

const serviceColumns = {
  /** Behind the last replica slot that is in use. */
  slotEnd: 'i32',
  endpoints: 'i32',
  /** The replica that stands for all endpoints as long as they are alike, -1 = they differ. */
  representative: 'i32',
  /** 1 while only the representative is computed; the rows of the other endpoints are out of date. */
  calm: 'u8',
  /** 1 when every edge spreads its attempts evenly over the endpoints. */
  even: 'u8',
  /** 1 when calls of different replicas fare differently. */
  rowsDiffer: 'u8',
  /** Attempts that reach each endpoint of a calm service. */
  arrivals: 'f64',
  started: 'f64',
  callsSeconds: 'f64',
  callsVariance: 'f64',
  callsSuccess: 'f64',
  /** `callsSeconds` for which the representative's capacity was worked out. */
  equippedSeconds: 'f64',
  responseSeconds: 'f64',
  responseVariance: 'f64',
  responseP99: 'f64',
  /** No request that succeeds takes longer; infinite when not all succeed. */
  reachSeconds: 'f64',
  /** Attempts over edges on which all succeeded, and their time in the network. */
  soundAttempts: 'f64',
  soundNetworkSeconds: 'f64',
} as const;

const edgeColumns = {
  first: 'f64',
  attempts: 'f64',
  /** There and back. */
  networkSeconds: 'f64',
  /** 1 when a link on the way loses or delays: pairs of replicas fare differently. */
  disturbed: 'u8',
  /** 1 when all endpoints of the callee get the same share. */
  even: 'u8',
  links: 'i32',
  /** Outcome of a call with all its retries. */
  success: 'f64',
  seconds: 'f64',
  variance: 'f64',
  retryTokens: 'f64',
  /** Tick up to which the tokens have been counted. */
  tokensTick: 'f64',
  /** Tick up to which retries are waiting, 0 = none. */
  retriesUntil: 'f64',
} as const;

const nodeColumns = { tight: 'u8', limitMax: 'f64', demandCores: 'f64' } as const;

const linkColumns = {
  /** Bytes a second of calls. */
  callBytes: 'f64',
  /** One way; and as the edges last knew it. */
  delaySeconds: 'f64',
  delayKnown: 'f64',
  loss: 'f64',
  disturbed: 'u8',
  effectLoss: 'f64',
  effectDelay: 'f64',
  foreignBytes: 'f64',
} as const;

const diskColumns = { operationRate: 'f64', awaitSeconds: 'f64' } as const;
const workloadColumns = { logSwing: 'f64', offered: 'f64', shedRatio: 'f64' } as const;
const rowColumns = { success: 'f64', seconds: 'f64', variance: 'f64' } as const;
const columnColumns = { weight: 'f64' } as const;
const pairColumns = { lost: 'f64', seconds: 'f64', variance: 'f64' } as const;
const pathColumns = { link: 'i32', share: 'f64' } as const;
const attemptColumns = { rate: 'f64' } as const;
const ringColumns = { requests: 'f64' } as const;

export interface FlowState {
  readonly clock: Table<typeof clockColumns>;
  readonly replicas: Table<typeof replicaColumns>;
  readonly services: Table<typeof serviceColumns>;
  readonly edges: Table<typeof edgeColumns>;
  /** Outcome of a call per caller slot, where it differs between them. */
  readonly rows: Table<typeof rowColumns>;
  /** Share of an edge's attempts that each callee slot gets. */
  readonly columns: Table<typeof columnColumns>;
  /** What the network does to the attempts of each pair of slots, on disturbed edges. */
  readonly pairs: Table<typeof pairColumns>;
  /** Links an edge touches, and the share of its attempts on each. */
  readonly paths: Table<typeof pathColumns>;
  readonly attempts: Table<typeof attemptColumns>;
  readonly rings: Table<typeof ringColumns>;
  readonly nodes: Table<typeof nodeColumns>;
  readonly links: Table<typeof linkColumns>;
  readonly disks: Table<typeof diskColumns>;
  readonly workloads: Table<typeof workloadColumns>;
}

/** Declares the tables in `layout`. */
export function flowState(layout: StateLayout, topology: ClusterTopology, plan: FlowPlan): FlowState {
  return {
    clock: layout.table('flow.clock', 1, clockColumns),
    replicas: layout.table('flow.replica', topology.replicas, replicaColumns),
    services: layout.table('flow.service', topology.services, serviceColumns),
    edges: layout.table('flow.edge', plan.edges, edgeColumns),
    rows: layout.table('flow.row', plan.rowStart.at(-1)!, rowColumns),
    columns: layout.table('flow.column', plan.columnStart.at(-1)!, columnColumns),
    pairs: layout.table('flow.pair', plan.pairStart.at(-1)!, pairColumns),
    paths: layout.table('flow.path', plan.pathStart.at(-1)!, pathColumns),
    attempts: layout.table('flow.attempt', plan.attemptStart.at(-1)!, attemptColumns),
    rings: layout.table('flow.ring', plan.ringStart.at(-1)!, ringColumns),
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
