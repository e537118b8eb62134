/** The traffic engines behind the port that the cluster declares. */

export { createTraffic, type EngineName, engineNames } from './engines.ts';
export { createEvenFlowTraffic } from './flow/flow-traffic.ts';
export { EventHeap } from './request/event-heap.ts';
export type { AttemptCounts, ReplicaCounts, RequestCounts } from './request/request-counts.ts';
export { createRequestTraffic, type RequestTraffic } from './request/request-traffic.ts';
export { type ServiceTimeForm, ServiceTimes } from './request/service-times.ts';
