/** A disk is unmounted and mounted anew, for which its process has to stop. */

import { type Cluster, Phase } from '../cluster/index.ts';
import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';

const MOUNT_SECONDS = 5;
/** Delivered error share of the disk or its store from which it may be read-only. */
const ERROR_RATIO_MIN = 0.02;

export const diskRemount: RepairKind = {
  name: 'disk.remount',
  target: 'disk',
  meaning: 'mount a disk anew, writable; restarts its replica, which drops work',
  needs: 'a device that is there and whose operations end, on a machine that answers',
  cost: 1,
  durationSeconds: 15,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: {
    always: [],
    oneOf: [
      { signal: 'diskErrors', atLeast: ERROR_RATIO_MIN },
      { signal: 'errorRatio', of: 'store', atLeast: ERROR_RATIO_MIN },
    ],
  },
  precondition: canMount,
  advance: remount,
};

/** A device whose operations hang cannot be unmounted. */
function canMount({ effects, state, topology }: Cluster, disk: number): boolean {
  const { phase, node } = state.replicas;
  const replica = topology.diskReplica[disk]!;
  const isThere = effects.values.diskLost[disk] === 0 && effects.values.diskPaused[disk] === 0;
  const isPlaced = phase[replica] !== Phase.absent && node[replica]! >= 0;
  return isThere && isPlaced && state.nodes.silent[node[replica]!] === 0;
}

function remount(context: RepairContext): RepairStep {
  const { cluster, target: disk, step } = context;
  if (step === 0) return MOUNT_SECONDS;
  if (step === 1) {
    if (!canMount(cluster, disk)) return 'failed';
    const replica = cluster.topology.diskReplica[disk]!;
    cluster.effects.endKind('diskReadOnly', disk);
    cluster.restartReplica(replica);
    return awaitReady(context, replica);
  }
  if (stillWaiting(context)) return POLL_SECONDS;
  return context.misses === 0 ? 'succeeded' : 'failed';
}
