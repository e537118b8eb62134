/** What the parts of a cluster share; built once by `Cluster`. */

import type { RandomStreams } from '../base/index.ts';
import type { EventQueue } from '../kernel/index.ts';
import { type EventPriority, EventPriority as priorities } from './events.ts';
import type { TrafficContext, TrafficEngine } from './traffic-port.ts';

/** The context of traffic, plus the event queue, the control plane's random streams and the engine itself. */
export interface ClusterCore extends TrafficContext {
  readonly queue: EventQueue;
  readonly streams: RandomStreams;
  readonly traffic: TrafficEngine;
  /** Counts changes of replicas, nodes and disks; no part of the state. See `Cluster.revision`. */
  readonly changes: { count: number };
  /** Whether an event has not been outdated since it was scheduled. */
  readonly isCurrent: (kind: number, a: number, b: number) => boolean;
}

/** Schedules an event `afterSeconds` from now (rounded to a microsecond). */
export function scheduleAfter(
  core: ClusterCore,
  event: {
    readonly afterSeconds: number;
    readonly priority?: (typeof EventPriority)[keyof typeof EventPriority];
    readonly kind: number;
    readonly a: number;
    readonly b: number;
  },
): void {
  const at = core.state.global.nowMicros[0]! + Math.floor(event.afterSeconds * 1e6 + 0.5);
  // Outdated events are dropped when their time comes, which may be long; there is room for all that are not.
  if (core.queue.isFull) core.queue.prune(core.isCurrent);
  core.queue.schedule(at, event.priority ?? priorities.control, event.kind, event.a, event.b);
}

/** Marks load-balancing weights as out of date: those to and from a service, or (without one) all. */
export function touchRoutes(core: ClusterCore, service = -1): void {
  const { global, services } = core.state;
  core.changes.count += 1;
  if (service < 0) global.routesScoped[0] = 0;
  else {
    services.routesStale[service] = 1;
    if (global.routesStale[0] === 0) global.routesScoped[0] = 1;
  }
  global.routesStale[0] = 1;
}
