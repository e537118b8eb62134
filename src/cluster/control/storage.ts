/** What an operator does to disks: delete files, swap a device and fill it again from another replica. */

import type { ClusterCore } from '../core.ts';
import { Phase } from '../state.ts';
import { loseWrites } from './leadership.ts';
import { crashReplica, restartReplica } from './lifecycle.ts';

/** Foreign files go, and what the service itself holds above its usual bytes. */
export function freeDisk(core: ClusterCore, disk: number): void {
  const usual = core.spec.services[core.topology.diskService[disk]!]!.storage!.usedBytes;
  core.effects.endKind('diskHoard', disk);
  core.state.disks.usedBytes[disk] = Math.min(core.state.disks.usedBytes[disk]!, usual);
}

/**
 * Swaps the device for an empty one: its faults go, its data too, and its replica stops until `completeDisk`. Returns
 * the seconds a copy from another complete replica takes; null = there is no source, and nothing was done.
 */
export function rebuildDisk(core: ClusterCore, disk: number): number | null {
  const source = completeSource(core, disk);
  if (source < 0) return null;
  const replica = core.topology.diskReplica[disk]!;
  core.effects.endDevice(disk);
  core.changes.count += 1;
  core.state.disks.intact[disk] = 0;
  if (core.state.replicas.phase[replica] === Phase.running) crashReplica(core, replica);
  const storage = core.spec.services[core.topology.diskService[disk]!]!.storage!;
  return core.state.disks.usedBytes[source]! / storage.rebuildBytesPerSecond;
}

/**
 * The copy is complete: the replica starts with the data as it was at the source just now. If it still leads, what the
 * source had not yet got from it is lost.
 */
export function completeDisk(core: ClusterCore, disk: number): void {
  const source = completeSource(core, disk);
  if (source < 0) return;
  const replica = core.topology.diskReplica[disk]!;
  const service = core.topology.diskService[disk]!;
  const storage = core.spec.services[service]!.storage!;
  const leads = core.state.services.leader[service] === replica;
  core.changes.count += 1;
  core.state.disks.intact[disk] = 1;
  core.state.disks.usedBytes[disk] = Math.min(core.state.disks.usedBytes[source]!, storage.usedBytes);
  if (leads) loseWrites(core, service, core.state.replicas.lagSeconds[core.topology.diskReplica[source]!]!);
  core.state.replicas.lagSeconds[replica] = leads ? 0 : storage.replicationLagSeconds;
  restartReplica(core, replica);
}

/** The device is gone: its process fails at its next operation. */
export function diskLossChanged(core: ClusterCore, disk: number): void {
  const replica = core.topology.diskReplica[disk]!;
  if (core.effects.values.diskLost[disk] === 0) return;
  core.changes.count += 1;
  core.state.disks.intact[disk] = 0;
  if (core.state.replicas.phase[replica] === Phase.running) crashReplica(core, replica);
}

/** Another disk of the same service with complete data and a living process, -1 = none. */
export function completeSource(core: ClusterCore, disk: number): number {
  const { topology, state, effects } = core;
  const service = topology.diskService[disk]!;
  for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
    const other = topology.replicaDisk[replica]!;
    if (other < 0 || other === disk || state.replicas.phase[replica] !== Phase.running) continue;
    if (state.disks.intact[other] === 1 && effects.values.diskLost[other] === 0) return other;
  }
  return -1;
}
