/** Checks of a cluster's own state: phases, leaders, disks, breakers, caches, events. */

import { type Cluster, Phase } from '../../cluster/index.ts';
import type { Complain } from './fuzz-report.ts';
import { noMore, within } from './number-checks.ts';

/** Lag grows by a second a second. */
const LAG_SLACK_SECONDS = 2;

/** Complains of everything in the state of the control plane that cannot be. */
export function checkCluster(cluster: Cluster, complain: Complain): void {
  checkReplicas(cluster, complain);
  checkServices(cluster, complain);
  checkDisks(cluster, complain);
  checkCallers(cluster, complain);
  checkEffects(cluster, complain);
  within(complain, { name: 'node.cpuUsedCores', values: cluster.state.nodes.cpuUsedCores }, {});
}

function checkReplicas({ state: { replicas }, spec, topology, nowMicros }: Cluster, complain: Complain): void {
  within(complain, { name: 'replica.phase', values: replicas.phase }, { most: () => Phase.lost });
  within(complain, { name: 'replica.ready', values: replicas.ready }, { most: () => 1 });
  within(complain, { name: 'replica.node', values: replicas.node }, { least: -1, most: () => topology.nodes - 1 });
  within(complain, { name: 'replica.leakedBytes', values: replicas.leakedBytes }, {});
  within(complain, { name: 'replica.restarts', values: replicas.restarts }, {});
  within(complain, { name: 'replica.crashes', values: replicas.crashes }, {});
  const lagMost = (replica: number): number => {
    const storage = spec.services[topology.replicaService[replica]!]!.storage;
    return nowMicros / 1e6 + (storage?.replicationLagSeconds ?? 0) + LAG_SLACK_SECONDS;
  };
  within(complain, { name: 'replica.lagSeconds', values: replicas.lagSeconds }, { most: lagMost });
  for (let replica = 0; replica < topology.replicas; replica += 1) {
    const placed = replicas.node[replica]! >= 0;
    const phase = replicas.phase[replica];
    const homeless = phase === Phase.absent || phase === Phase.pending;
    if (!homeless && !placed) complain('replica placement', `replica ${replica} in phase ${phase} is on no node`);
    if (phase === Phase.absent && replicas.ready[replica] === 1) {
      complain('replica placement', `replica ${replica} is absent, yet ready`);
    }
  }
}

function checkServices({ state, spec, topology }: Cluster, complain: Complain): void {
  const { desired, leader, writesPerSecond, writesLost } = state.services;
  within(complain, { name: 'service.writesPerSecond', values: writesPerSecond }, {});
  within(complain, { name: 'service.writesLost', values: writesLost }, {});
  spec.services.forEach(({ name, storage }, service) => {
    const first = topology.replicaStart[service]!;
    const end = topology.replicaStart[service + 1]!;
    let wanted = 0;
    for (let slot = first; slot < end; slot += 1) wanted += state.replicas.phase[slot] === Phase.absent ? 0 : 1;
    if (wanted !== desired[service]) {
      complain('desired replicas', `${name} wants ${desired[service]} replicas, but ${wanted} are not absent`);
    }
    const leads = leader[service]!;
    const fits = storage === null ? leads === -1 : leads === -1 || (leads >= first && leads < end);
    if (!fits) complain('leader', `${name} is led by slot ${leads}, not one of ${first} to ${end - 1}`);
  });
}

function checkDisks({ state: { disks }, spec, topology }: Cluster, complain: Complain): void {
  const most = (disk: number): number => spec.services[topology.diskService[disk]!]!.storage!.diskBytes;
  within(complain, { name: 'disk.usedBytes', values: disks.usedBytes }, { most });
}

function checkCallers({ state: { callers }, spec, topology, nowMicros }: Cluster, complain: Complain): void {
  within(complain, { name: 'caller.breaker', values: callers.breaker }, { most: () => 2 });
  within(complain, { name: 'caller.attempts', values: callers.attempts }, {});
  within(complain, { name: 'caller.failures', values: callers.failures }, {});
  within(complain, { name: 'caller.windowMicros', values: callers.windowMicros }, { least: -1, most: () => nowMicros });
  spec.calls.forEach((call, index) => {
    for (let row = topology.callerPortStart[index]!; row < topology.callerPortStart[index + 1]!; row += 1) {
      const { attempts, failures, cacheEntries } = callers;
      if (!noMore(failures[row]!, attempts[row]!)) {
        complain('caller failures', `row ${row} has ${failures[row]} failures of ${attempts[row]} attempts`);
      }
      const entries = call.cache?.entries ?? 0;
      if (!(cacheEntries[row]! >= 0 && noMore(cacheEntries[row]!, entries))) {
        complain('cache entries', `row ${row} holds ${cacheEntries[row]} of ${entries} entries`);
      }
    }
  });
}

/** Shares combined stay shares; nothing is negative or not a number. */
function checkEffects({ effects }: Cluster, complain: Complain): void {
  for (const [kind, values] of Object.entries(effects.values)) {
    within(complain, { name: `effect ${kind}`, values }, { most: () => Number.POSITIVE_INFINITY });
  }
}
