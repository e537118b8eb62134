/** Files that do not belong to the service are deleted from its disk. */

import type { RepairKind } from './repair-kind.ts';

const DELETE_SECONDS = 5;
/** Delivered used share from which there is something to delete. */
const USED_RATIO_MIN = 0.7;

export const diskFreeSpace: RepairKind = {
  name: 'disk.free-space',
  target: 'disk',
  meaning: 'delete foreign files and old logs from a disk',
  needs: 'a device that is there',
  cost: 0.5,
  durationSeconds: DELETE_SECONDS,
  failureRatio: 0.03,
  holdSeconds: 0,
  offer: { always: [], oneOf: [{ signal: 'diskUsed', atLeast: USED_RATIO_MIN }] },
  precondition: (cluster, disk) => cluster.effects.values.diskLost[disk] === 0,
  advance: ({ cluster, target, step }) => {
    if (step === 0) return DELETE_SECONDS;
    cluster.freeDisk(target);
    return 'succeeded';
  },
};
