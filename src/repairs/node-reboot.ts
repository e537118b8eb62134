/** A machine is switched off and on, which ends what ran on it; one that was off comes back. */

import type { RepairKind } from './repair-kind.ts';

const REBOOT_SECONDS = 60;
/** Delivered cpu share from which a machine counts as sick. */
const BUSY_RATIO = 0.9;

export const nodeReboot: RepairKind = {
  name: 'node.reboot',
  target: 'node',
  meaning: 'switch a machine off and on: drops everything on it, ends foreign processes, brings back one that was off',
  needs: 'nothing',
  cost: 2,
  durationSeconds: REBOOT_SECONDS,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: {
    always: [],
    oneOf: [
      { signal: 'nodeReady', below: 1 },
      { signal: 'cpu', atLeast: BUSY_RATIO },
    ],
  },
  precondition: () => true,
  advance: ({ cluster, target, owner, step }) => {
    if (step === 0) {
      cluster.effects.start({ kind: 'nodeDown', target, value: 1, owner });
      return REBOOT_SECONDS;
    }
    cluster.effects.endKind('nodeCpuStolen', target);
    cluster.effects.endKind('nodeDown', target);
    return 'succeeded';
  },
};
