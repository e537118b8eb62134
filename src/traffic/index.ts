/** The traffic engines behind the port that the cluster declares. */

export { createTraffic, type EngineName, engineNames } from './engines.ts';
export { createEvenFlowTraffic } from './flow/flow-traffic.ts';
