/** What every part of the request engine works on. */

import type { RandomStreams } from '../../base/index.ts';
import type { TrafficContext } from '../../cluster/index.ts';
import type { AttemptMeters } from './attempt-meters.ts';
import type { Attempts } from './attempts.ts';
import type { Balancer } from './balancer.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './connections.ts';
import type { Deadlines } from './deadlines.ts';
import type { Disks } from './disks.ts';
import type { EntityPool } from './entity-pool.ts';
import type { EventHeap } from './event-heap.ts';
import type { Guards } from './guards.ts';
import type { Hosts } from './hosts.ts';
import type { LatencyMeter } from './latency-meter.ts';
import type { Network } from './network.ts';
import type { RequestPlan } from './plan.ts';
import type { RetryBudgets } from './retry-budgets.ts';
import type { ServiceTimes } from './service-times.ts';
import type { RequestState } from './state.ts';
import type { Stations } from './stations.ts';
import type { Troubles } from './troubles.ts';

/** The parts of one engine; each calls the others through here. */
export interface RequestParts {
  readonly plan: RequestPlan;
  readonly state: RequestState;
  readonly context: TrafficContext;
  readonly streams: RandomStreams;
  readonly heap: EventHeap;
  readonly pool: EntityPool;
  readonly network: Network;
  readonly disks: Disks;
  readonly hosts: Hosts;
  readonly times: ServiceTimes;
  readonly latencies: LatencyMeter;
  readonly troubles: Troubles;
  readonly balancer: Balancer;
  readonly meters: AttemptMeters;
  readonly deadlines: Deadlines;
  readonly guards: Guards;
  readonly budgets: RetryBudgets;
  readonly connections: Connections;
  readonly attempts: Attempts;
  readonly calls: Calls;
  readonly stations: Stations;
  /** Time of the event that is happening. */
  nowMicros: number;
}

/** Seconds as whole microseconds. */
export function wholeMicros(seconds: number): number {
  return Math.floor(seconds * 1e6 + 0.5);
}
