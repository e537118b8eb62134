/** What changes slowly: leaking memory, filling disks, replication, elections, replicas waiting for room. */

import type { ClusterCore } from '../core.ts';
import { Phase } from '../state.ts';
import { watchLeader } from './leadership.ts';
import { crashReplica, placePending } from './lifecycle.ts';

/** Seconds between two looks. */
export const HOUSEKEEPING_SECONDS = 1;

/** One look at everything slow. */
export function keepHouse(core: ClusterCore): void {
  for (let replica = 0; replica < core.topology.replicas; replica += 1) watchReplica(core, replica);
  for (let disk = 0; disk < core.topology.disks; disk += 1) watchDisk(core, disk);
  for (let service = 0; service < core.topology.services; service += 1) {
    watchLeader(core, service, HOUSEKEEPING_SECONDS);
  }
}

/** Bytes a replica's process takes now. */
export function memoryBytes(core: ClusterCore, replica: number): number {
  if (core.state.replicas.phase[replica] !== Phase.running) return 0;
  const service = core.spec.services[core.topology.replicaService[replica]!]!;
  const work = core.traffic.inSystem(replica) * service.memoryPerRequestBytes;
  return service.memoryBaseBytes + work + core.state.replicas.leakedBytes[replica]!;
}

function watchReplica(core: ClusterCore, replica: number): void {
  const { replicas } = core.state;
  if (replicas.phase[replica] === Phase.pending) placePending(core, replica);
  if (replicas.phase[replica] !== Phase.running) return;
  replicas.leakedBytes[replica]! += core.effects.values.replicaLeak[replica]! * HOUSEKEEPING_SECONDS;
  const limit = core.spec.services[core.topology.replicaService[replica]!]!.memoryLimitBytes;
  if (memoryBytes(core, replica) > limit) crashReplica(core, replica);
}

function watchDisk(core: ClusterCore, disk: number): void {
  const { disks, services } = core.state;
  const service = core.topology.diskService[disk]!;
  const storage = core.spec.services[service]!.storage!;
  const written = services.writesPerSecond[service]! * storage.bytesPerWrite;
  const freed = disks.usedBytes[disk]! > storage.usedBytes ? storage.compactionBytesPerSecond : 0;
  const used = disks.usedBytes[disk]! + (written - freed) * HOUSEKEEPING_SECONDS;
  disks.usedBytes[disk] = Math.min(storage.diskBytes, Math.max(Math.min(storage.usedBytes, used), used));
}
