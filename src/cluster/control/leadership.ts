/** Services with storage: one leader, followers that lag behind it, fail-over that loses the lag. */

import { type ClusterCore, touchRoutes } from '../core.ts';
import { Phase } from '../state.ts';

/** A follower that was cut off catches up this many seconds of lag per second. */
const CATCH_UP_RATE = 4;

/** Whether a replica could lead: its process lives and answers, its machine is heard, its data is complete. */
export function canLead(core: ClusterCore, replica: number): boolean {
  const { replicas, nodes, disks } = core.state;
  const disk = core.topology.replicaDisk[replica]!;
  return (
    disk >= 0 &&
    replicas.phase[replica] === Phase.running &&
    core.effects.values.replicaHung[replica] === 0 &&
    nodes.silent[replicas.node[replica]!] === 0 &&
    core.effects.values.diskLost[disk] === 0 &&
    disks.intact[disk] === 1
  );
}

/** Promotes the freshest other replica that can lead; its lag is lost. False when there is none. */
export function failOver(core: ClusterCore, service: number): boolean {
  const { services, replicas } = core.state;
  const next = freshestFollower(core, service);
  if (next < 0) return false;
  services.writesLost[service]! += replicas.lagSeconds[next]! * services.writesPerSecond[service]!;
  services.leader[service] = next;
  services.leaderLostMicros[service] = -1;
  replicas.lagSeconds[next] = 0;
  touchRoutes(core);
  return true;
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
    const follows = canLead(core, slot);
    const lag = replicas.lagSeconds[slot]!;
    replicas.lagSeconds[slot] = follows ? Math.max(usual, lag - CATCH_UP_RATE * seconds) : lag + seconds;
  }
}
