/** Services with storage: one leader, followers that lag behind it, fail-over that loses the lag. */

import { linkBetween, linkPasses, portsCut } from '../conditions.ts';
import { type ClusterCore, touchRoutes } from '../core.ts';
import { Phase } from '../state.ts';

/** A follower that was cut off catches up this many seconds of lag per second. */
const CATCH_UP_RATE = 4;

/**
 * Whether a replica could lead: its process lives and answers, its machine is heard and reached, its data is complete and
 * its disk does not hang.
 */
export function canLead(core: ClusterCore, replica: number): boolean {
  const { replicas, nodes, disks } = core.state;
  const { replicaHung, diskLost, diskPaused } = core.effects.values;
  const disk = core.topology.replicaDisk[replica]!;
  if (disk < 0 || replicas.phase[replica] !== Phase.running || replicaHung[replica]! > 0) return false;
  if (diskLost[disk]! + diskPaused[disk]! > 0 || disks.intact[disk] === 0) return false;
  const node = replicas.node[replica]!;
  return nodes.silent[node] === 0 && linkPasses(core, node);
}

/** Promotes the freshest other replica that can lead; its lag is lost. False when there is none. */
export function failOver(core: ClusterCore, service: number): boolean {
  const { services, replicas } = core.state;
  const next = freshestFollower(core, service);
  if (next < 0) return false;
  loseWrites(core, service, replicas.lagSeconds[next]!);
  services.leader[service] = next;
  services.leaderLostMicros[service] = -1;
  replicas.lagSeconds[next] = 0;
  touchRoutes(core, service);
  return true;
}

/** So many seconds of acknowledged writes are gone, at the rate when there last was a leader that could lead. */
export function loseWrites(core: ClusterCore, service: number, seconds: number): void {
  const { writesLost, writesPerSecond, writesPerSecondLed } = core.state.services;
  // Without a leader the present rate falls to nothing.
  writesLost[service]! += seconds * Math.max(writesPerSecond[service]!, writesPerSecondLed[service]!);
}

/** Follows leader, followers and their lag over the last `seconds`. */
export function watchLeader(core: ClusterCore, service: number, seconds: number): void {
  const { services, global } = core.state;
  const storage = core.spec.services[service]!.storage;
  if (storage === null) return;
  const leader = services.leader[service]!;
  const leads = leader >= 0 && canLead(core, leader);
  updateLags(core, service, seconds, leads);
  if (leads) {
    services.leaderLostMicros[service] = -1;
    services.writesPerSecondLed[service] = services.writesPerSecond[service]!;
    return;
  }
  if (services.leaderLostMicros[service]! < 0) services.leaderLostMicros[service] = global.nowMicros[0]!;
  if (storage.electionSeconds === null) return;
  const waited = (global.nowMicros[0]! - services.leaderLostMicros[service]!) / 1e6;
  if (waited >= storage.electionSeconds) failOver(core, service);
}

function freshestFollower(core: ClusterCore, service: number): number {
  const { replicas, services } = core.state;
  let best = -1;
  for (let slot = core.topology.replicaStart[service]!; slot < core.topology.replicaStart[service + 1]!; slot += 1) {
    if (slot === services.leader[service] || !canLead(core, slot)) continue;
    if (best < 0 || replicas.lagSeconds[slot]! < replicas.lagSeconds[best]!) best = slot;
  }
  return best;
}

function updateLags(core: ClusterCore, service: number, seconds: number, leads: boolean): void {
  const { replicas, services } = core.state;
  const usual = core.spec.services[service]!.storage!.replicationLagSeconds;
  for (let slot = core.topology.replicaStart[service]!; slot < core.topology.replicaStart[service + 1]!; slot += 1) {
    if (slot === services.leader[service] || replicas.phase[slot] === Phase.absent || !leads) continue;
    const follows = canLead(core, slot) && hears(core, slot, services.leader[service]!);
    const lag = replicas.lagSeconds[slot]!;
    replicas.lagSeconds[slot] = follows ? Math.max(usual, lag - CATCH_UP_RATE * seconds) : lag + seconds;
  }
}

/** Whether what a leader writes reaches a follower; the uplinks of both are known to pass. */
function hears(core: ClusterCore, follower: number, leader: number): boolean {
  const { node } = core.state.replicas;
  const between = linkBetween(core, node[follower]!, node[leader]!);
  if (between >= 0 && !linkPasses(core, between)) return false;
  return !portsCut(core, follower) && !portsCut(core, leader);
}
