/** A device whose operations hang. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskPause: FaultKind = faultKind({
  name: 'disk.pause',
  target: 'disk',
  meaning: 'no disk operation ends; only where another replica has the data',
  knownAs: { chaosBlade: ['disk iohang'], awsFis: ['aws:ebs:pause-volume-io'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 60, parameters: {} },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: {} },
  ],
  legal: ({ cluster }, disk) => cluster.completeSource(disk) >= 0,
  apply: ({ cluster, owner, target }) => {
    cluster.effects.start({ kind: 'diskPaused', target, value: 1, owner });
  },
});
