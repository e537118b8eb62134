/** Takes one sample of every component: rates from the totals since the last sample, levels as they are. */

import { memoryBytes } from '../control/housekeeping.ts';
import { forReplicasOn } from '../control/nodes.ts';
import type { ClusterCore } from '../core.ts';
import type { Meters } from '../meters.ts';
import { Phase } from '../state.ts';
import { signalColumn as column, signalNames } from './signal-names.ts';

/** Totals now and at the last sample, and where the values go: row major, one row per component. */
export interface SampleTarget {
  readonly now: Meters;
  readonly before: Meters;
  readonly seconds: number;
  readonly values: Float64Array;
  /** Restarts per replica at the last sample. */
  readonly restartsBefore: Float64Array;
  /** Replica with the largest error share, per service; -1 when none stands out. */
  readonly worstReplica: Int32Array;
}

const WIDTH = signalNames.length;

/** Writes the sample of every component into `target.values`. */
export function takeSample(core: ClusterCore, target: SampleTarget): void {
  const { topology } = core;
  const { offsets } = topology;
  target.values.fill(0);
  for (let service = 0; service < topology.services; service += 1) {
    sampleService(core, target, service);
    sampleReplicas(core, target, service);
  }
  for (let node = 0; node < topology.nodes; node += 1) sampleNode(core, target, node, (offsets.node + node) * WIDTH);
  for (let link = 0; link < topology.links; link += 1) sampleLink(core, target, link, (offsets.link + link) * WIDTH);
  for (let disk = 0; disk < topology.disks; disk += 1) sampleDisk(core, target, disk, (offsets.disk + disk) * WIDTH);
}

function sampleService(core: ClusterCore, target: SampleTarget, service: number): void {
  const { values, seconds } = target;
  const [now, before] = [target.now.services, target.before.services];
  const at = service * WIDTH;
  const requests = now.requests[service]! - before.requests[service]!;
  const answered = now.answered[service]! - before.answered[service]!;
  values[at + column.requestRate] = requests / seconds;
  values[at + column.errorRatio] = ratio(now.failures[service]! - before.failures[service]!, requests);
  values[at + column.retryRatio] = ratio(now.retries[service]! - before.retries[service]!, requests);
  values[at + column.latencyMean] = ratio(now.latencySum[service]! - before.latencySum[service]!, answered);
  values[at + column.latencyP99] = ratio(now.latencyP99Sum[service]! - before.latencyP99Sum[service]!, answered);
  if (core.spec.services[service]!.storage !== null) {
    values[at + column.replicationLag] = worstLag(core, service);
  }
}

function sampleReplicas(core: ClusterCore, target: SampleTarget, service: number): void {
  const { topology, state } = core;
  const spec = core.spec.services[service]!;
  const [now, before] = [target.now.replicas, target.before.replicas];
  const sums = { ready: 0, restarts: 0, cpu: 0, inSystem: 0, memory: 0, running: 0, requests: 0, failures: 0 };
  let worstShare = 0;
  let worst = -1;
  for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
    sums.restarts += state.replicas.restarts[replica]! - target.restartsBefore[replica]!;
    target.restartsBefore[replica] = state.replicas.restarts[replica]!;
    if (state.replicas.phase[replica] === Phase.absent) continue;
    const requests = now.requests[replica]! - before.requests[replica]!;
    const failures = now.failures[replica]! - before.failures[replica]!;
    const share = ratio(failures, requests);
    if (share > worstShare) {
      worstShare = share;
      worst = replica;
    }
    sums.ready += state.replicas.ready[replica]!;
    sums.running += state.replicas.phase[replica] === Phase.running ? 1 : 0;
    sums.cpu += now.cpuSeconds[replica]! - before.cpuSeconds[replica]!;
    sums.inSystem += now.inSystemSeconds[replica]! - before.inSystemSeconds[replica]!;
    sums.memory = Math.max(sums.memory, memoryBytes(core, replica));
    sums.requests += requests;
    sums.failures += failures;
  }
  const at = service * WIDTH;
  const { values, seconds } = target;
  const running = Math.max(1, sums.running);
  values[at + column.readyRatio] = sums.ready / Math.max(1, spec.replicas);
  values[at + column.restarts] = sums.restarts;
  values[at + column.cpu] = sums.cpu / seconds / (running * spec.cpuLimitCores);
  values[at + column.saturation] = sums.inSystem / seconds / (running * spec.workers);
  values[at + column.memory] = sums.memory / spec.memoryLimitBytes;
  values[at + column.replicaSpread] = Math.max(0, worstShare - ratio(sums.failures, sums.requests));
  target.worstReplica[service] = worst;
}

function sampleNode(core: ClusterCore, target: SampleTarget, node: number, at: number): void {
  const spec = core.spec.nodes[node]!;
  const silent = core.state.nodes.silent[node] === 1;
  target.values[at + column.nodeReady] = core.state.nodes.available[node]!;
  if (silent) return;
  const stolen = core.effects.values.nodeCpuStolen[node]!;
  target.values[at + column.cpu] = Math.min(1, (core.state.nodes.cpuUsedCores[node]! + stolen) / spec.cores);
  let memory = 0;
  forReplicasOn(core, node, (replica) => {
    memory += memoryBytes(core, replica);
  });
  target.values[at + column.memory] = memory / spec.memoryBytes;
}

function sampleLink(core: ClusterCore, target: SampleTarget, link: number, at: number): void {
  const { values, seconds } = target;
  const [now, before] = [target.now.links, target.before.links];
  const capacity = linkCapacity(core, link) * seconds;
  const offered = now.offeredBytes[link]! - before.offeredBytes[link]!;
  const blocked = core.effects.values.linkBlocked[link]! > 0;
  values[at + column.utilisation] = offered / capacity;
  values[at + column.foreignShare] = (now.foreignBytes[link]! - before.foreignBytes[link]!) / capacity;
  // A link that carries nothing because nothing passes still fails the pings of monitoring.
  values[at + column.loss] = blocked ? 1 : ratio(now.lostBytes[link]! - before.lostBytes[link]!, offered);
  values[at + column.roundTrip] = (2 * (now.delaySeconds[link]! - before.delaySeconds[link]!)) / seconds;
}

function sampleDisk(core: ClusterCore, target: SampleTarget, disk: number, at: number): void {
  const { values, seconds } = target;
  const [now, before] = [target.now.disks, target.before.disks];
  const storage = core.spec.services[core.topology.diskService[disk]!]!.storage!;
  const operations = now.operations[disk]! - before.operations[disk]!;
  const lost = core.effects.values.diskLost[disk]! > 0;
  const used = core.state.disks.usedBytes[disk]! + core.effects.values.diskHoard[disk]!;
  values[at + column.diskUsed] = Math.min(1, used / storage.diskBytes);
  values[at + column.diskErrors] = lost ? 1 : ratio(now.failures[disk]! - before.failures[disk]!, operations);
  values[at + column.diskAwait] = ratio(now.awaitSum[disk]! - before.awaitSum[disk]!, operations);
  values[at + column.utilisation] = Math.min(1, (now.busySeconds[disk]! - before.busySeconds[disk]!) / seconds);
}

/** Bytes a second a link can carry. */
export function linkCapacity(core: Pick<ClusterCore, 'spec' | 'topology'>, link: number): number {
  if (link < core.topology.nodes) return core.spec.nodes[link]!.uplinkBytesPerSecond;
  return core.spec.network.interconnectBytesPerSecond;
}

function worstLag(core: ClusterCore, service: number): number {
  const { replicas, services } = core.state;
  let worst = 0;
  for (let slot = core.topology.replicaStart[service]!; slot < core.topology.replicaStart[service + 1]!; slot += 1) {
    if (slot === services.leader[service] || replicas.phase[slot] === Phase.absent) continue;
    worst = Math.max(worst, replicas.lagSeconds[slot]!);
  }
  return worst;
}

function ratio(part: number, whole: number): number {
  return whole > 1e-9 ? part / whole : 0;
}
