/**
 * What state and effects in force make of components: pure functions, so that both traffic engines, the control plane
 * and monitoring see the same physics.
 */

import { exp, log } from '../base/index.ts';
import { Phase } from './state.ts';
import type { TrafficContext } from './traffic-port.ts';

/** What the functions read. */
export type Conditions = Pick<TrafficContext, 'spec' | 'topology' | 'state' | 'effects'>;

/** What becomes of a request that load balancing sends to a replica. */
export const Answer = {
  /** Nobody listens: refused at once. */
  refuses: 0,
  serves: 1,
  /** Accepted, never answered. */
  hangs: 2,
  /** The machine is off: silence. */
  silent: 3,
} as const;

/** Which way over a link: towards its machine (or the second zone of an interconnect), or the other. */
export const Way = { in: 0, out: 1 } as const;

/** A starved process still gets this share of its limit. */
export const CPU_SHARE_MIN = 0.01;
/** A disk serves its queue in turn: foreign operations take no more of its time than this. */
const FOREIGN_DISK_SHARE_MAX = 0.9;
/** Half the width of a uniform distribution, in standard deviations. */
const UNIFORM_HALF_WIDTH: number = Math.sqrt(3);

/** How a replica meets requests, as an `Answer`. */
export function answerOf(cluster: Conditions, replica: number): number {
  const { state, effects, topology } = cluster;
  const { replicaHung, replicaFrozen, diskPaused, nodeDown } = effects.values;
  const phase = state.replicas.phase[replica]!;
  const node = state.replicas.node[replica]!;
  if (phase === Phase.lost || (node >= 0 && nodeDown[node]! > 0)) return Answer.silent;
  if (phase !== Phase.running) return Answer.refuses;
  if (replicaHung[replica]! > 0 || replicaFrozen[replica]! > 0) return Answer.hangs;
  const disk = topology.replicaDisk[replica]!;
  return disk >= 0 && diskPaused[disk]! > 0 ? Answer.hangs : Answer.serves;
}

/** Share of requests that a replica answers with an error after its work, by its process, release and clock. */
export function errorRatio(cluster: Conditions, replica: number): number {
  const { replicaErrors, serviceMisconfigured } = cluster.effects.values;
  if (clockIsOff(cluster, cluster.state.replicas.node[replica]!)) return 1;
  const misconfigured = serviceMisconfigured[cluster.topology.replicaService[replica]!]!;
  return misconfigured > 0 ? 1 - (1 - replicaErrors[replica]!) * (1 - misconfigured) : replicaErrors[replica]!;
}

/** Whether the others reject what a machine's replicas say; -1 is no machine. */
function clockIsOff(cluster: Conditions, node: number): boolean {
  if (node < 0) return false;
  return Math.abs(cluster.effects.values.nodeClockSkew[node]!) > cluster.spec.control.clockToleranceSeconds;
}

/** Cores that a replica's process may use: its limit, less what another process in the container takes. */
export function cpuLimitCores(cluster: Conditions, replica: number): number {
  const limit = cluster.spec.services[cluster.topology.replicaService[replica]!]!.cpuLimitCores;
  return Math.max(CPU_SHARE_MIN * limit, limit - cluster.effects.values.replicaCpuStolen[replica]!);
}

/** Cores that another process in a running container takes of its limit. */
export function cpuStolenCores(cluster: Conditions, replica: number): number {
  const stolen = cluster.effects.values.replicaCpuStolen[replica]!;
  if (stolen === 0 || cluster.state.replicas.phase[replica] !== Phase.running) return 0;
  return Math.min(stolen, cluster.spec.services[cluster.topology.replicaService[replica]!]!.cpuLimitCores);
}

/** Bytes a second that a link is built to carry. */
export function linkCapacity(cluster: Pick<Conditions, 'spec' | 'topology'>, link: number): number {
  if (link < cluster.topology.nodes) return cluster.spec.nodes[link]!.uplinkBytesPerSecond;
  return cluster.spec.network.interconnectBytesPerSecond;
}

/** Bytes a second that a link carries now. */
export function linkRate(cluster: Conditions, link: number): number {
  return Math.min(linkCapacity(cluster, link), cluster.effects.values.linkRate[link]!);
}

/**
 * Seconds that a byte takes longer than on the link as it is built: the latter are part of the link's latency, a cap on
 * the rate is not.
 */
export function linkSecondsPerByte(cluster: Conditions, link: number): number {
  return 1 / linkRate(cluster, link) - 1 / linkCapacity(cluster, link);
}

/** Bytes a link buffers before it drops. */
export function linkBufferBytes(cluster: Conditions, link: number): number {
  return Math.min(cluster.spec.network.bufferBytes, cluster.effects.values.linkBuffer[link]!);
}

/** Bytes a second of foreign traffic offered to a link. */
export function linkForeignBytes(cluster: Conditions, link: number): number {
  const { linkFlood, linkThrottle } = cluster.effects.values;
  return Math.min(linkFlood[link]!, linkThrottle[link]!);
}

/** Share of packets that effects lose on a link, one way; 1 = nothing passes that way. */
export function linkLossRatio(cluster: Conditions, link: number, way: number): number {
  const { linkBlocked, linkInBlocked, linkOutBlocked, linkLoss } = cluster.effects.values;
  const blocked = linkBlocked[link]! + (way === Way.in ? linkInBlocked[link]! : linkOutBlocked[link]!);
  return blocked > 0 ? 1 : linkLoss[link]!;
}

/** Whether pings over a link come back. */
export function linkPasses(cluster: Conditions, link: number): boolean {
  const { linkBlocked, linkInBlocked, linkOutBlocked } = cluster.effects.values;
  return linkBlocked[link]! + linkInBlocked[link]! + linkOutBlocked[link]! === 0;
}

/** Seconds a link takes one way when it is empty, without what effects add. */
export function linkLatencySeconds(cluster: Pick<Conditions, 'spec' | 'topology'>, link: number): number {
  const { uplinkLatencySeconds, interconnectLatencySeconds } = cluster.spec.network;
  return link < cluster.topology.nodes ? uplinkLatencySeconds : interconnectLatencySeconds;
}

/** Link between the zones of two nodes; -1 = they are in the same. */
export function linkBetween(cluster: Pick<Conditions, 'spec' | 'topology'>, fromNode: number, toNode: number): number {
  const { interconnect, nodeZone } = cluster.topology;
  return interconnect[nodeZone[fromNode]! * cluster.spec.zones.length + nodeZone[toNode]!]!;
}

/** The way over an interconnect of one who comes from a node. */
export function wayBetween(cluster: Pick<Conditions, 'topology'>, link: number, fromNode: number): number {
  const { linkZones, nodeZone } = cluster.topology;
  return linkZones[2 * link] === nodeZone[fromNode] ? Way.in : Way.out;
}

/** Chance of a loss at either end of a path; the caller's port is -1 for users. */
export function unionOfPorts(values: Float64Array, callerPort: number, calleePort: number): number {
  const atCallee = values[calleePort]!;
  return callerPort < 0 ? atCallee : 1 - (1 - values[callerPort]!) * (1 - atCallee);
}

/** Sum over both ends of a path; the caller's port is -1 for users. */
export function sumOfPorts(values: Float64Array, callerPort: number, calleePort: number): number {
  return callerPort < 0 ? values[calleePort]! : values[callerPort]! + values[calleePort]!;
}

/** Whether no request of any call reaches a replica or no response leaves it, whatever its machine's links do. */
export function portsCut(cluster: Conditions, replica: number): boolean {
  const { callsIn, calleePortStart, replicaService, replicaStart } = cluster.topology;
  const { portRequestLoss, portResponseLoss } = cluster.effects.values;
  const service = replicaService[replica]!;
  const first = callsIn.starts[service]!;
  const end = callsIn.starts[service + 1]!;
  for (let index = first; index < end; index += 1) {
    const port = calleePortStart[callsIn.items[index]!]! + replica - replicaStart[service]!;
    if (portRequestLoss[port]! < 1 && portResponseLoss[port]! < 1) return false;
  }
  return end > first;
}

/** Mean of a delay spread evenly around `seconds` with a standard deviation, where what would be negative is zero. */
export function spreadSeconds(seconds: number, deviation: number): number {
  const half = UNIFORM_HALF_WIDTH * deviation;
  if (seconds >= half) return seconds;
  return ((seconds + half) * (seconds + half)) / (4 * half);
}

/** Its variance. */
export function spreadVariance(seconds: number, deviation: number): number {
  const half = UNIFORM_HALF_WIDTH * deviation;
  if (seconds >= half) return deviation * deviation;
  const mean = spreadSeconds(seconds, deviation);
  const above = seconds + half;
  return Math.max(0, (above * above * above) / (6 * half) - mean * mean);
}

/** Such a delay, from a number drawn evenly from 0 to 1. */
export function spreadDraw(seconds: number, deviation: number, uniform: number): number {
  return Math.max(0, seconds + UNIFORM_HALF_WIDTH * deviation * (2 * uniform - 1));
}

/** Seconds a disk takes for one operation, alone. */
export function diskOperationSeconds(cluster: Conditions, disk: number): number {
  const storage = cluster.spec.services[cluster.topology.diskService[disk]!]!.storage!;
  return cluster.effects.values.diskSlow[disk]! / storage.operationsPerSecondMax;
}

/** Share of a disk's time that operations of foreign processes take. */
export function diskForeignShare(cluster: Conditions, disk: number): number {
  const stress = cluster.effects.values.diskStress[disk]!;
  return stress === 0 ? 0 : Math.min(FOREIGN_DISK_SHARE_MAX, stress * diskOperationSeconds(cluster, disk));
}

/** Share of reading requests that a disk fails: operations in error, data that is wrong. */
export function diskReadErrors(cluster: Conditions, disk: number): number {
  const { diskErrors, diskCorrupt } = cluster.effects.values;
  if (!diskIsWhole(cluster, disk)) return 1;
  if (diskErrors[disk] === 0) return diskCorrupt[disk]!;
  return 1 - (1 - diskCorrupt[disk]!) * operationsPass(cluster, disk);
}

/** Share of writing requests that a disk fails: all of them when it is full or read-only. */
export function diskWriteErrors(cluster: Conditions, disk: number): number {
  const { diskErrors, diskReadOnly, diskHoard } = cluster.effects.values;
  if (!diskIsWhole(cluster, disk) || diskReadOnly[disk]! > 0) return 1;
  const storage = cluster.spec.services[cluster.topology.diskService[disk]!]!.storage!;
  const used = cluster.state.disks.usedBytes[disk]! + diskHoard[disk]!;
  if (used > storage.watermarkRatio * storage.diskBytes) return 1;
  return diskErrors[disk] === 0 ? 0 : 1 - operationsPass(cluster, disk);
}

/** Whether a disk is there, with all its data. */
function diskIsWhole(cluster: Conditions, disk: number): boolean {
  return cluster.effects.values.diskLost[disk] === 0 && cluster.state.disks.intact[disk] === 1;
}

/** Chance that all operations of a request succeed. */
function operationsPass(cluster: Conditions, disk: number): number {
  const errors = cluster.effects.values.diskErrors[disk]!;
  const storage = cluster.spec.services[cluster.topology.diskService[disk]!]!.storage!;
  return errors >= 1 ? 0 : exp(storage.operationsPerRequest * log(1 - errors));
}
