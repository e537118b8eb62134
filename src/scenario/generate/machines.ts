/** Machines and links that a generated system fits on with room to scale, and that its traffic leaves mostly free. */
import type { ClusterSpec } from '../../cluster/index.ts';
import type { ContestSection, NetworkSection, NodeSection, ScenarioDocument } from '../document.ts';
import { estimateLoad } from '../load-estimate.ts';
import { compileDocument } from '../parse-scenario.ts';
import { item } from './item.ts';

/** Share of the machines that the replicas request. */
const REQUESTED = 0.6;
/** Orchestrators commonly allow 110; most clusters have fewer. */
const REPLICAS_PER_NODE = 40;
const NODES_LEAST = 6;
const CORES = [2, 4, 8, 16, 32, 64, 128, 192];
const GIBIBYTE = 1_073_741_824;
const UPLINKS = [0.2, 1, 10, 25, 50, 100, 200, 400];
const INTERCONNECTS = [1, 10, 25, 100, 400, 1000, 4000];
/** Busy share of a link on average; single machines have several times as much as others. */
const BUSY_LINK = 0.15;

/** Nodes, network, and what the contest must allow for systems of this size. */
export function roomFor(
  document: ScenarioDocument,
  file: string,
): { nodes: NodeSection[]; network: NetworkSection; contest: ContestSection } {
  const { cluster } = compileDocument(document, { file });
  const zones = cluster.zones.length;
  const replicas = total(cluster, () => 1);
  const requestedCores = total(cluster, (service) => service.cpuRequestCores);
  const requestedBytes = total(cluster, (service) => service.memoryRequestBytes);
  const largest = Math.max(...cluster.services.map((service) => service.cpuRequestCores));
  const fewest = zones * Math.ceil(Math.max(NODES_LEAST, replicas / REPLICAS_PER_NODE) / zones);
  const cores = atLeast(CORES, Math.max(requestedCores / REQUESTED / fewest, 2 * largest));
  const count = zones * Math.ceil(Math.max(fewest, requestedCores / REQUESTED / cores) / zones);
  const gibibytes = Math.max(4, 4 * Math.ceil(requestedBytes / REQUESTED / count / GIBIBYTE / 4));
  const traffic = bitsPerSecond(cluster) / 1e9;
  return {
    nodes: [
      {
        name: 'node',
        count,
        cores,
        memory: `${gibibytes}Gi`,
        uplink: gigabits(atLeast(UPLINKS, (2 * traffic) / count / BUSY_LINK)),
      },
    ],
    // Of three zones, two ninths of all calls pass between any two.
    network: { interconnect: gigabits(atLeast(INTERCONNECTS, (2 * traffic) / (zones * zones) / BUSY_LINK)) },
    contest: { lostWrites: lostWrites(cluster) },
  };
}

function total(cluster: ClusterSpec, of: (service: ClusterSpec['services'][number]) => number): number {
  return cluster.services.reduce((sum, service) => sum + service.replicas * of(service), 0);
}

function bitsPerSecond(cluster: ClusterSpec): number {
  const rates = estimateLoad(cluster).map((load) => load.requestsPerSecond);
  let bytes = 0;
  for (const call of cluster.calls) {
    bytes += item(rates, call.caller) * call.perRequest * (call.requestBytes + call.responseBytes);
  }
  for (const workload of cluster.workloads) {
    bytes += workload.requestsPerSecond * (workload.requestBytes + workload.responseBytes);
  }
  return 8 * bytes;
}

/** One failover of the busiest store with twice its usual lag is not careless. */
function lostWrites(cluster: ClusterSpec): number {
  const writes = estimateLoad(cluster).map((load, index) => {
    const { storage } = item(cluster.services, index);
    return storage === null ? 0 : 2 * load.requestsPerSecond * storage.writeRatio * storage.replicationLagSeconds;
  });
  return Math.max(500, Math.ceil(Math.max(...writes)));
}

function atLeast(sizes: readonly number[], wanted: number): number {
  return sizes.find((size) => size >= wanted) ?? Math.ceil(wanted);
}

function gigabits(amount: number): string {
  return amount < 1 ? `${1000 * amount}Mbit/s` : `${amount}Gbit/s`;
}
