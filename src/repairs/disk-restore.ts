/** The data of a disk are written anew from another replica; the device stays. */

import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';

const PREPARE_SECONDS = 5;

export const diskRestore: RepairKind = {
  name: 'disk.restore',
  target: 'disk',
  meaning: 'write the data of a disk anew from another replica, on the same device; its replica is down meanwhile',
  needs: 'wrong or missing data on a device that is there, and another live replica with complete data to the end',
  cost: 1.5,
  durationSeconds: 60,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: { always: ['replicated'], oneOf: [] },
  precondition: (cluster, disk) => {
    const { diskCorrupt, diskLost } = cluster.effects.values;
    const isWrong = diskCorrupt[disk]! > 0 || cluster.state.disks.intact[disk] === 0;
    return isWrong && diskLost[disk] === 0 && cluster.completeSource(disk) >= 0;
  },
  advance: restore,
};

function restore(context: RepairContext): RepairStep {
  const { cluster, target: disk, step } = context;
  const replica = cluster.topology.diskReplica[disk]!;
  if (step === 0) return PREPARE_SECONDS;
  if (step === 1) {
    const source = cluster.completeSource(disk);
    if (source < 0) return 'failed';
    // Until the copy is complete the process does not start.
    cluster.state.disks.intact[disk] = 0;
    cluster.killReplica(replica);
    const { rebuildBytesPerSecond } = cluster.spec.services[cluster.topology.diskService[disk]!]!.storage!;
    return cluster.state.disks.usedBytes[source]! / rebuildBytesPerSecond;
  }
  if (step === 2) {
    cluster.completeDisk(disk);
    if (cluster.state.disks.intact[disk] === 0) return 'failed';
    cluster.effects.endKind('diskCorrupt', disk);
    return awaitReady(context, replica);
  }
  if (stillWaiting(context)) return POLL_SECONDS;
  return context.misses === 0 ? 'succeeded' : 'failed';
}
