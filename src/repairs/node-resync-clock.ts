/** The clock of a machine is set anew from a time server. */

import type { RepairKind } from './repair-kind.ts';

const RESYNC_SECONDS = 5;

export const nodeResyncClock: RepairKind = {
  name: 'node.resync-clock',
  target: 'node',
  meaning: 'set the clock of a machine anew from a time server',
  needs: 'a clock that is off, on a machine that answers',
  cost: 0.5,
  durationSeconds: RESYNC_SECONDS,
  failureRatio: 0.03,
  holdSeconds: 0,
  precondition: (cluster, node) =>
    cluster.state.nodes.silent[node] === 0 && cluster.effects.values.nodeClockSkew[node] !== 0,
  advance: ({ cluster, target, step }) => {
    if (step === 0) return RESYNC_SECONDS;
    if (cluster.state.nodes.silent[target] === 1) return 'failed';
    cluster.effects.endKind('nodeClockSkew', target);
    return 'succeeded';
  },
};
