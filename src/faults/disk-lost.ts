/** A device dies with its data. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskLost: FaultKind = faultKind({
  name: 'disk.lost',
  target: 'disk',
  meaning: 'a disk is gone for good, with its data; only where another replica has them too',
  knownAs: { chaosMesh: ['AWSChaos detach-volume'], litmus: ['ebs-loss-by-id', 'ebs-loss-by-tag'] },
  severities: [{ name: 'severe', cost: 3, durationSeconds: null, parameters: {} }],
  legal: ({ cluster }, disk) =>
    cluster.completeSource(disk) >= 0 &&
    cluster.effects.values.diskLost[disk] === 0 &&
    cluster.state.disks.intact[disk] === 1,
  apply: ({ cluster, owner, target }) => {
    cluster.effects.start({ kind: 'diskLost', target, value: 1, owner });
  },
});
