/** The tables of a cluster's dynamic state, all in one arena: a snapshot is a copy, a hash is a loop. */

import type { StateLayout, Table } from '../base/index.ts';
import type { ClusterTopology } from './topology.ts';

/** Where a replica is in its life. */
export const Phase = {
  /** Not wanted, or removed. */
  absent: 0,
  /** Wanted, but no node has room. */
  pending: 1,
  /** Container starting. */
  starting: 2,
  /** Process alive (it may hang). */
  running: 3,
  /** Waiting out a crash back-off. */
  backoff: 4,
  /** Its machine is off; the control plane may not know yet. */
  lost: 5,
} as const;

const globalColumns = {
  nowMicros: 'f64',
  /** 1 while load-balancing weights are out of date: all, or (`routesScoped`) those of the services marked so. */
  routesStale: 'u8',
  routesScoped: 'u8',
  scrapes: 'i32',
} as const;

const nodeColumns = {
  /** 1 while the control plane counts it as alive. */
  available: 'u8',
  /** Bumped when it falls silent or comes back: outdates scheduled events. */
  generation: 'i32',
  /** 1 while it sends no heartbeat. */
  silent: 'u8',
  /** Cores its replicas used in the last tick. */
  cpuUsedCores: 'f64',
  /** What the replicas placed on it request together, in whole millionths of a core and whole bytes. */
  requestedMicrocores: 'f64',
  requestedBytes: 'f64',
  /** First of the replicas placed on it, in slot order, -1 = none; `nextOnNode` leads on. */
  firstReplica: 'i32',
} as const;

const replicaColumns = {
  phase: 'u8',
  /** In load balancing, as far as probes tell. */
  ready: 'u8',
  /** Node index, -1 = none; changed by `assignNode` only. */
  node: 'i32',
  /** The next replica on the same node, -1 = none. */
  nextOnNode: 'i32',
  /** Bumped at every change of phase: outdates scheduled events. */
  generation: 'i32',
  readinessFailures: 'i32',
  readinessSuccesses: 'i32',
  livenessFailures: 'i32',
  crashes: 'i32',
  /** Restarts of any cause since the beginning. */
  restarts: 'i32',
  startedMicros: 'f64',
  leakedBytes: 'f64',
  /** How far a follower's data is behind, in seconds. */
  lagSeconds: 'f64',
} as const;

const serviceColumns = {
  /** See `routesStale` of the cluster. */
  routesStale: 'u8',
  /** Replica slot of the leader of a service with storage, -1 = none. */
  leader: 'i32',
  /** Replicas wanted now. */
  desired: 'i32',
  leaderLostMicros: 'f64',
  /** Acknowledged writes a second, of late. */
  writesPerSecond: 'f64',
  /** The same when its leader was last able to lead: what a lost second of them is worth. */
  writesPerSecondLed: 'f64',
  /** Acknowledged writes lost by failovers and lost disks. */
  writesLost: 'f64',
} as const;

const diskColumns = {
  /** Bytes the service itself holds. */
  usedBytes: 'f64',
  /** 1 while the device's data is complete. */
  intact: 'u8',
} as const;

/** What a breaker does with calls. */
export const Breaker = { closed: 0, open: 1, halfOpen: 2 } as const;

/** One row per caller's end of a call (`ClusterTopology.callerPorts`). */
const callerColumns = {
  /** A `Breaker`; set by the control plane, obeyed by the traffic engines. */
  breaker: 'u8',
  /** Bumped when the breaker changes: outdates scheduled events. */
  generation: 'i32',
  /** Attempts that went out and those of them that failed since the window began; counted by the traffic engines. */
  attempts: 'f64',
  failures: 'f64',
  /** When the window began. */
  windowMicros: 'f64',
  /** Answers the cache holds; filled by the traffic engines, dropped with the process. */
  cacheEntries: 'f64',
} as const;

/** The tables of the control plane and the physics both traffic engines share. */
export interface ClusterState {
  readonly global: Table<typeof globalColumns>;
  readonly nodes: Table<typeof nodeColumns>;
  readonly replicas: Table<typeof replicaColumns>;
  readonly services: Table<typeof serviceColumns>;
  readonly disks: Table<typeof diskColumns>;
  readonly callers: Table<typeof callerColumns>;
}

/** Declares the tables in `layout`. */
export function clusterState(layout: StateLayout, topology: ClusterTopology): ClusterState {
  return {
    global: layout.table('cluster', 1, globalColumns),
    nodes: layout.table('node', topology.nodes, nodeColumns),
    replicas: layout.table('replica', topology.replicas, replicaColumns),
    services: layout.table('service', topology.services, serviceColumns),
    disks: layout.table('disk', topology.disks, diskColumns),
    callers: layout.table('caller', topology.callerPorts, callerColumns),
  };
}
