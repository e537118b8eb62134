/** What changes slowly: leaking memory, filling disks, replication, elections, replicas waiting for room. */

import type { ClusterCore } from '../core.ts';
import { Phase } from '../state.ts';
import { watchBreakers } from './breakers.ts';
import { watchLeader } from './leadership.ts';
import { crashReplica, placePending } from './lifecycle.ts';

/** Seconds between two looks. */
export const HOUSEKEEPING_SECONDS = 1;

/** One look at everything slow. */
export function keepHouse(core: ClusterCore): void {
  watchReplicas(core);
  for (let disk = 0; disk < core.topology.disks; disk += 1) watchDisk(core, disk);
  for (let service = 0; service < core.topology.services; service += 1) {
    watchLeader(core, service, HOUSEKEEPING_SECONDS);
  }
  watchBreakers(core);
}

/** Bytes that a replica's container takes now. */
export function memoryBytes(core: ClusterCore, replica: number): number {
  if (core.state.replicas.phase[replica] !== Phase.running) return 0;
  const service = core.spec.services[core.topology.replicaService[replica]!]!;
  const work = core.traffic.inSystem(replica) * service.memoryPerRequestBytes;
  const taken = core.effects.values.replicaMemoryTaken[replica]!;
  return service.memoryBaseBytes + work + core.state.replicas.leakedBytes[replica]! + taken;
}

/** Leaks go on, what takes more than its limit is killed, what waits for room looks for it. */
function watchReplicas(core: ClusterCore): void {
  const { phase, leakedBytes } = core.state.replicas;
  const { replicaLeak, replicaMemoryTaken } = core.effects.values;
  const { replicas, replicaService } = core.topology;
  const { services } = core.spec;
  for (let replica = 0; replica < replicas; replica += 1) {
    if (phase[replica] === Phase.running) {
      leakedBytes[replica]! += replicaLeak[replica]! * HOUSEKEEPING_SECONDS;
      const { memoryBaseBytes, memoryPerRequestBytes, memoryLimitBytes } = services[replicaService[replica]!]!;
      const work = core.traffic.inSystem(replica) * memoryPerRequestBytes;
      const bytes = memoryBaseBytes + work + leakedBytes[replica]! + replicaMemoryTaken[replica]!;
      if (bytes > memoryLimitBytes) crashReplica(core, replica);
    } else if (phase[replica] === Phase.pending) placePending(core, replica);
  }
}

function watchDisk(core: ClusterCore, disk: number): void {
  const { disks, services } = core.state;
  const service = core.topology.diskService[disk]!;
  const storage = core.spec.services[service]!.storage!;
  const written = services.writesPerSecond[service]! * storage.bytesPerWrite;
  const freed = disks.usedBytes[disk]! > storage.usedBytes ? storage.compactionBytesPerSecond : 0;
  const used = disks.usedBytes[disk]! + (written - freed) * HOUSEKEEPING_SECONDS;
  // Compaction ends at the usual bytes.
  const least = Math.min(storage.usedBytes, disks.usedBytes[disk]!);
  disks.usedBytes[disk] = Math.min(storage.diskBytes, Math.max(least, used));
}
