/**
 * Running totals that a traffic engine keeps and monitoring and verdicts read. Totals only grow; whoever needs a rate
 * takes the difference of two readings.
 */

import type { StateLayout, Table } from '../base/index.ts';
import type { ClusterTopology } from './topology.ts';

const serviceColumns = {
  /** Attempts that reached the service's load balancing, by callers and users. */
  requests: 'f64',
  /** Attempts that callers counted as failed: errors, refusals, time-outs. */
  failures: 'f64',
  /** Attempts beyond the first. */
  retries: 'f64',
  /** Seconds, summed over the attempts that got an answer. */
  latencySum: 'f64',
  /** Attempts that got an answer. */
  answered: 'f64',
  /** Latency quantile times answered attempts: divided by `answered` it is the mean p99 of the window. */
  latencyP99Sum: 'f64',
} as const;

const replicaColumns = {
  requests: 'f64',
  failures: 'f64',
  /** Core-seconds used. */
  cpuSeconds: 'f64',
  /** Requests in the replica, integrated over time. */
  inSystemSeconds: 'f64',
} as const;

const linkColumns = {
  /** Bytes carried for calls and for foreign traffic. */
  callBytes: 'f64',
  foreignBytes: 'f64',
  /** Offered bytes, and those of them that were lost. */
  offeredBytes: 'f64',
  lostBytes: 'f64',
  /** One-way delay, integrated over time. */
  delaySeconds: 'f64',
} as const;

const diskColumns = {
  operations: 'f64',
  failures: 'f64',
  /** Seconds, summed over operations. */
  awaitSum: 'f64',
  busySeconds: 'f64',
} as const;

const workloadColumns = {
  /** Requests of users whose outcome is known; shed ones are among them. */
  offered: 'f64',
  /** Answered rightly and in time. */
  good: 'f64',
  shed: 'f64',
  latencySum: 'f64',
  answered: 'f64',
  latencyP99Sum: 'f64',
} as const;

/** Totals per workload. */
export type WorkloadMeters = Table<typeof workloadColumns>;

/** Totals per service, replica slot, link, disk and workload. */
export interface Meters {
  readonly services: Table<typeof serviceColumns>;
  readonly replicas: Table<typeof replicaColumns>;
  readonly links: Table<typeof linkColumns>;
  readonly disks: Table<typeof diskColumns>;
  readonly workloads: WorkloadMeters;
}

/** Declares a set of totals in `layout`; `name` keeps several sets apart. */
export function meters(layout: StateLayout, topology: ClusterTopology, options: MetersOptions): Meters {
  const { name, workloads } = options;
  return {
    services: layout.table(`${name}.service`, topology.services, serviceColumns),
    replicas: layout.table(`${name}.replica`, topology.replicas, replicaColumns),
    links: layout.table(`${name}.link`, topology.links, linkColumns),
    disks: layout.table(`${name}.disk`, topology.disks, diskColumns),
    workloads: layout.table(`${name}.workload`, workloads, workloadColumns),
  };
}

interface MetersOptions {
  readonly name: string;
  readonly workloads: number;
}

/** Copies all totals. */
export function copyMeters(from: Meters, to: Meters): void {
  copyTable(from.services, to.services);
  copyTable(from.replicas, to.replicas);
  copyTable(from.links, to.links);
  copyTable(from.disks, to.disks);
  copyTable(from.workloads, to.workloads);
}

/** Declares totals of workloads alone. */
export function workloadMeters(layout: StateLayout, { name, workloads }: MetersOptions): WorkloadMeters {
  return layout.table(`${name}.workload`, workloads, workloadColumns);
}

/** Copies totals of the same columns. */
export function copyTable<T extends Readonly<Record<string, Float64Array>>>(from: T, to: T): void {
  for (const column in from) to[column]!.set(from[column]!);
}

/** Sets all totals to zero. */
export function clearMeters(totals: Meters): void {
  for (const table of [totals.services, totals.replicas, totals.links, totals.disks, totals.workloads]) {
    for (const column of Object.values<Float64Array>(table)) column.fill(0);
  }
}
