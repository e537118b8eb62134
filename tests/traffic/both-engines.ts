/** The same questions to both traffic engines. */
import type { TrafficFactory } from '../../src/cluster/index.ts';
import { createEvenFlowTraffic, createTraffic } from '../../src/traffic/index.ts';
import { difference, type FlowWorld } from './flow-world.ts';

/** Name and factory of each; the fluid without the noise of users. */
export const bothEngines: readonly (readonly [string, TrafficFactory])[] = [
  ['flow', createEvenFlowTraffic],
  ['request', createTraffic('request')],
];

/** What users and the last service of a chain saw between two times. */
export interface Observation {
  /** Users' requests a second, and the share answered rightly and in time. */
  readonly offered: number;
  readonly good: number;
  /** Of the last service: mean and 99th percentile of the time to an answer. */
  readonly latency: number;
  readonly latencyP99: number;
  /** Requests a second that replica 0 of the last service finished, judged by the cores it used; see `CPU_SECONDS`. */
  readonly worked: number;
}

/** Core-seconds a request takes in the worlds of these tests. */
export const CPU_SECONDS = 1e-4;

/** Runs to a time and observes until another. */
export function observe(world: FlowWorld, fromSeconds: number, toSeconds: number): Observation {
  world.runTo(fromSeconds);
  const last = world.spec.services.length - 1;
  const replica = world.topology.replicaStart[last]!;
  const grown = difference(world, toSeconds, ({ workloads, services, replicas }) => ({
    offered: workloads.offered[0]!,
    good: workloads.good[0]!,
    answered: services.answered[last]!,
    latency: services.latencySum[last]!,
    p99: services.latencyP99Sum[last]!,
    cpu: replicas.cpuSeconds[replica]!,
  }));
  const seconds = toSeconds - fromSeconds;
  const answered = Math.max(1e-9, grown.answered);
  return {
    offered: grown.offered / seconds,
    good: grown.good / grown.offered,
    latency: grown.latency / answered,
    latencyP99: grown.p99 / answered,
    worked: grown.cpu / CPU_SECONDS / seconds,
  };
}
