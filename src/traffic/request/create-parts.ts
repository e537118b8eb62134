/** Builds the parts of a request engine and names their random streams. */

import { RandomStreams, type StateLayout } from '../../base/index.ts';
import type { ClusterSpec, TrafficContext } from '../../cluster/index.ts';
import { AttemptMeters } from './attempt-meters.ts';
import { Attempts } from './attempts.ts';
import { Balancer } from './balancer.ts';
import { Calls } from './calls.ts';
import { Connections } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import { Disks } from './disks.ts';
import { EntityPool } from './entity-pool.ts';
import { EventHeap } from './event-heap.ts';
import { Guards } from './guards.ts';
import { Hosts } from './hosts.ts';
import { LatencyMeter } from './latency-meter.ts';
import { Network } from './network.ts';
import type { RequestParts } from './parts.ts';
import type { RequestPlan } from './plan.ts';
import { RetryBudgets } from './retry-budgets.ts';
import { ServiceTimes } from './service-times.ts';
import { requestState } from './state.ts';
import { Stations } from './stations.ts';
import { Troubles } from './troubles.ts';

interface PartSizes {
  readonly plan: RequestPlan;
  readonly heapCapacity: number;
}

/** Builds the parts; each reaches the others through the result once it is complete. */
export function createParts(layout: StateLayout, context: TrafficContext, sizes: PartSizes): RequestParts {
  const { spec, topology } = context;
  const { plan, heapCapacity } = sizes;
  const state = requestState(layout, topology, plan);
  const names = streamNames(spec);
  const streams = new RandomStreams(layout, names.all, 'request.random');
  const heap = new EventHeap(layout, heapCapacity, 'request.heap');
  const guards = new Guards(plan, state, context, { streams, first: names.cache });
  const latencies = new LatencyMeter(layout, {
    series: spec.services.length + spec.workloads.length,
    windowMicros: Math.max(plan.tickMicros, Math.round(1e6 * spec.monitoring.scrapeSeconds)),
  });
  const parts = {
    plan,
    state,
    context,
    streams,
    heap,
    pool: new EntityPool(plan, state),
    network: new Network(layout, context),
    disks: new Disks(layout, context),
    hosts: new Hosts(layout, context),
    times: new ServiceTimes(streams, names.time, spec.services),
    latencies,
    meters: new AttemptMeters(plan, state, context, { latencies, guards }),
    troubles: new Troubles(plan, state, context, { streams, first: names.fate }),
    balancer: new Balancer(plan, state, context, { streams, first: names.route }),
    guards,
    deadlines: new Deadlines(plan, state, heap),
    budgets: new RetryBudgets(plan, state, context),
    connections: new Connections(plan, state, heap),
    nowMicros: 0,
  } as { -readonly [K in keyof RequestParts]: RequestParts[K] };
  parts.attempts = new Attempts(parts);
  parts.calls = new Calls(parts, names);
  parts.stations = new Stations(parts, names.error);
  return parts;
}

/** One stream for each purpose of each service and edge, and the first of each purpose. */
function streamNames(spec: ClusterSpec) {
  const all: string[] = [];
  const edges = [
    ...spec.calls.map((_, call) => `call/${call}`),
    ...spec.workloads.map((workload) => `workload/${workload.name}`),
  ];
  const services = spec.services.map((service) => `service/${service.name}`);
  const add = (owners: readonly string[], purpose: string): number => {
    const first = all.length;
    all.push(...owners.map((owner) => `${owner}/${purpose}`));
    return first;
  };
  const time = add(services, 'time');
  const error = add(services, 'error');
  const route = add(edges, 'route');
  const fate = add(edges, 'fate');
  const count = add(edges, 'count');
  const cache = add(edges, 'cache');
  const backoff = add(edges, 'backoff');
  return { all, time, error, route, fate, count, cache, backoff };
}
