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
  core.queue.schedule(at, event.priority ?? priorities.control, event.kind, event.a, event.b);
}

/** Marks load-balancing weights as out of date. */
export function touchRoutes(core: ClusterCore): void {
  core.state.global.routesStale[0] = 1;
}
