/** A device is swapped for an empty one and filled again from another replica. */

import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';

const SWAP_SECONDS = 10;

export const diskReplace: RepairKind = {
  name: 'disk.replace',
  target: 'disk',
  meaning: 'swap a disk and copy the data from another replica; its replica is down meanwhile',
  needs: 'another live replica with complete data, until the copy is done',
  cost: 3,
  durationSeconds: 90,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: { always: ['replicated'], oneOf: [] },
  precondition: (cluster, disk) => cluster.completeSource(disk) >= 0,
  advance: replace,
};

function replace(context: RepairContext): RepairStep {
  const { cluster, target: disk, step } = context;
  if (step === 0) return SWAP_SECONDS;
  if (step === 1) return cluster.rebuildDisk(disk) ?? 'failed';
  if (step === 2) {
    cluster.completeDisk(disk);
    if (cluster.state.disks.intact[disk] === 0) return 'failed';
    return awaitReady(context, cluster.topology.diskReplica[disk]!);
  }
  if (stillWaiting(context)) return POLL_SECONDS;
  return context.misses === 0 ? 'succeeded' : 'failed';
}
