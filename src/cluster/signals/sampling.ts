/** Takes one sample of every component: rates from the totals since the last sample, levels as they are. */

import { linkCapacity, linkPasses } from '../conditions.ts';
import { memoryBytes } from '../control/housekeeping.ts';
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
  values[at + column.errorRatio] = share(now.failures[service]! - before.failures[service]!, requests);
  values[at + column.retryRatio] = share(now.retries[service]! - before.retries[service]!, requests);
  values[at + column.latencyMean] = ratio(now.latencySum[service]! - before.latencySum[service]!, answered);
  values[at + column.latencyP99] = ratio(now.latencyP99Sum[service]! - before.latencyP99Sum[service]!, answered);
  if (core.spec.services[service]!.storage !== null) {
    values[at + column.replicationLag] = worstLag(core, service);
  }
}

/** Replicas of a service; their memory is added up on their nodes too. */
function sampleReplicas(core: ClusterCore, target: SampleTarget, service: number): void {
  const { topology } = core;
  const { phase, ready, restarts, node } = core.state.replicas;
  const { values, seconds, restartsBefore } = target;
  const now = target.now.replicas;
  const before = target.before.replicas;
  const spec = core.spec.services[service]!;
  const end = topology.replicaStart[service + 1]!;
  let [restarted, readyCount, running, cpu, inSystem, memory] = [0, 0, 0, 0, 0, 0];
  let [requests, failures, worstShare, worst] = [0, 0, 0, -1];
  for (let replica = topology.replicaStart[service]!; replica < end; replica += 1) {
    restarted += restarts[replica]! - restartsBefore[replica]!;
    restartsBefore[replica] = restarts[replica]!;
    if (phase[replica] === Phase.absent) continue;
    const requested = now.requests[replica]! - before.requests[replica]!;
    const failed = now.failures[replica]! - before.failures[replica]!;
    const failedShare = share(failed, requested);
    if (failedShare > worstShare) {
      worstShare = failedShare;
      worst = replica;
    }
    readyCount += ready[replica]!;
    running += phase[replica] === Phase.running ? 1 : 0;
    cpu += now.cpuSeconds[replica]! - before.cpuSeconds[replica]!;
    inSystem += now.inSystemSeconds[replica]! - before.inSystemSeconds[replica]!;
    const bytes = memoryBytes(core, replica);
    if (bytes > memory) memory = bytes;
    if (node[replica]! >= 0) values[(topology.offsets.node + node[replica]!) * WIDTH + column.memory]! += bytes;
    requests += requested;
    failures += failed;
  }
  const at = service * WIDTH;
  const most = Math.max(1, running);
  values[at + column.readyRatio] = readyCount / Math.max(1, spec.replicas);
  values[at + column.restarts] = restarted;
  values[at + column.cpu] = cpu / seconds / (most * spec.cpuLimitCores);
  values[at + column.saturation] = inSystem / seconds / (most * spec.workers);
  values[at + column.memory] = memory / spec.memoryLimitBytes;
  values[at + column.replicaSpread] = Math.max(0, worstShare - share(failures, requests));
  target.worstReplica[service] = worst;
}

function sampleNode(core: ClusterCore, target: SampleTarget, node: number, at: number): void {
  const spec = core.spec.nodes[node]!;
  const silent = core.state.nodes.silent[node] === 1;
  target.values[at + column.nodeReady] = core.state.nodes.available[node]!;
  const bytes = target.values[at + column.memory]!;
  target.values[at + column.memory] = silent ? 0 : bytes / spec.memoryBytes;
  if (silent) return;
  const stolen = core.effects.values.nodeCpuStolen[node]!;
  target.values[at + column.cpu] = Math.min(1, (core.state.nodes.cpuUsedCores[node]! + stolen) / spec.cores);
}

function sampleLink(core: ClusterCore, target: SampleTarget, link: number, at: number): void {
  const { values, seconds } = target;
  const [now, before] = [target.now.links, target.before.links];
  const capacity = linkCapacity(core, link) * seconds;
  const offered = now.offeredBytes[link]! - before.offeredBytes[link]!;
  const passes = linkPasses(core, link);
  values[at + column.utilisation] = offered / capacity;
  values[at + column.foreignShare] = (now.foreignBytes[link]! - before.foreignBytes[link]!) / capacity;
  // A link over which nothing comes back fails the pings of monitoring, whatever it carries.
  values[at + column.loss] = passes ? ratio(now.lostBytes[link]! - before.lostBytes[link]!, offered) : 1;
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
  if (core.effects.values.diskPaused[disk] === 0) return;
  // Operations that hang have taken as long as anybody has looked, and the device never idles.
  values[at + column.diskAwait] = seconds;
  values[at + column.utilisation] = 1;
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

/** At most all: a request may fail in a later window than it was sent in. */
function share(part: number, whole: number): number {
  return Math.min(1, ratio(part, whole));
}
