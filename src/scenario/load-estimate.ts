/** How busy a healthy cluster is, by Little's law: the first thing to look at when the numbers of a scenario are chosen. */
import { type CallSpec, type ClusterSpec, clusterTopology } from '../cluster/index.ts';

/** Mean load of one service while nothing fails, without queueing and retries, and with full caches. */
export interface ServiceLoad {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Own work, downstream calls one after another, and their round trips. */
  readonly holdSeconds: number;
  /** Share of its workers that are busy; of the leader's alone for a service with storage. More than 1 = overloaded. */
  readonly workerUtilisation: number;
  readonly cpuUtilisation: number;
}

/** Loads of all services, in the order of the cluster. */
export function estimateLoad(cluster: ClusterSpec): ServiceLoad[] {
  const callsInOrder = callsCallersFirst(cluster);
  const rates = requestRates(cluster, callsInOrder);
  const holds = holdTimes(cluster, callsInOrder);
  return cluster.services.map((service, index) => {
    const rate = rates[index] ?? 0;
    const hold = holds[index] ?? 0;
    const serving = service.storage === null ? service.replicas : 1;
    return {
      name: service.name,
      requestsPerSecond: rate,
      holdSeconds: hold,
      workerUtilisation: (rate * hold) / (serving * service.workers),
      cpuUtilisation: (rate * service.cpuSecondsPerRequest) / (serving * service.cpuLimitCores),
    };
  });
}

function requestRates({ services, workloads }: ClusterSpec, callsInOrder: readonly CallSpec[][]): number[] {
  const rates = services.map(() => 0);
  for (const { service, requestsPerSecond } of workloads) rates[service] = at(rates, service) + requestsPerSecond;
  for (const call of callsInOrder.flat()) {
    rates[call.callee] = at(rates, call.callee) + at(rates, call.caller) * missesPerRequest(call);
  }
  return rates;
}

/** Calls per request that its caller's cache does not answer. */
function missesPerRequest({ perRequest, cache }: CallSpec): number {
  return perRequest * (1 - (cache?.hitRatio ?? 0));
}

/** Every round trip is taken to cross two uplinks and an interconnect each way, as most do when zones share the load. */
function holdTimes(cluster: ClusterSpec, callsInOrder: readonly CallSpec[][]): number[] {
  const { network } = cluster;
  const crossing = cluster.zones.length > 1 ? network.interconnectLatencySeconds : 0;
  const roundTrip = 2 * (2 * network.uplinkLatencySeconds + crossing);
  const holds = cluster.services.map((service) => service.serviceTimeSeconds);
  for (const call of callsInOrder.toReversed().flat()) {
    holds[call.caller] = at(holds, call.caller) + missesPerRequest(call) * (at(holds, call.callee) + roundTrip);
  }
  return holds;
}

/** The calls of each service, callers before callees. */
function callsCallersFirst(cluster: ClusterSpec): CallSpec[][] {
  const callsBy: CallSpec[][] = cluster.services.map(() => []);
  for (const call of cluster.calls) callsBy[call.caller]?.push(call);
  return Array.from(clusterTopology(cluster).callerFirst, (service) => callsBy[service] ?? []);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
