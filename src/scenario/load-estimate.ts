/** How busy a healthy cluster is, by Little's law: the first thing to look at when the numbers of a scenario are chosen. */
import { type ClusterSpec, clusterTopology } from '../cluster/index.ts';

/** Mean load of one service while nothing fails, without queueing and retries. */
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
  const rates = requestRates(cluster);
  const holds = holdTimes(cluster);
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

function requestRates(cluster: ClusterSpec): number[] {
  const rates = cluster.services.map(() => 0);
  for (const workload of cluster.workloads)
    rates[workload.service] = at(rates, workload.service) + workload.requestsPerSecond;
  for (const caller of clusterTopology(cluster).callerFirst) {
    for (const call of cluster.calls) {
      if (call.caller === caller) rates[call.callee] = at(rates, call.callee) + at(rates, caller) * call.perRequest;
    }
  }
  return rates;
}

/** Every round trip is taken to cross two uplinks and an interconnect each way, as most do when zones share the load. */
function holdTimes(cluster: ClusterSpec): number[] {
  const { network } = cluster;
  const crossing = cluster.zones.length > 1 ? network.interconnectLatencySeconds : 0;
  const roundTrip = 2 * (2 * network.uplinkLatencySeconds + crossing);
  const holds = cluster.services.map((service) => service.serviceTimeSeconds);
  for (const caller of [...clusterTopology(cluster).callerFirst].reverse()) {
    for (const call of cluster.calls) {
      if (call.caller === caller)
        holds[caller] = at(holds, caller) + call.perRequest * (at(holds, call.callee) + roundTrip);
    }
  }
  return holds;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
