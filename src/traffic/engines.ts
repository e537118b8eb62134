/** The traffic engines by name. */

import type { TrafficFactory } from '../cluster/index.ts';
import { createFlowTraffic } from './flow/flow-traffic.ts';
import { createRequestTraffic } from './request/request-traffic.ts';

/** Name of a traffic engine. */
export type EngineName = 'flow' | 'request';

const engines: Readonly<Record<EngineName, TrafficFactory>> = {
  flow: createFlowTraffic,
  request: createRequestTraffic,
};

/** All of them, the default first. */
export const engineNames: readonly EngineName[] = Object.keys(engines) as EngineName[];

/** The factory of an engine, for `Cluster`. */
export function createTraffic(engine: EngineName): TrafficFactory {
  return engines[engine];
}
