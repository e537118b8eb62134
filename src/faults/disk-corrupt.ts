/** Data on a disk that has changed by itself; checksums notice it. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskCorrupt: FaultKind = faultKind({
  name: 'disk.corrupt',
  target: 'disk',
  meaning:
    'a share of what is read from a disk is wrong, and the request fails; only where another replica has the data',
  knownAs: { chaosMesh: ['IOChaos mistake'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { corruptRatio: 0.1 } },
    { name: 'severe', cost: 2, durationSeconds: null, parameters: { corruptRatio: 0.6 } },
  ],
  legal: ({ cluster }, disk) => cluster.completeSource(disk) >= 0,
  apply: ({ cluster, owner, target }, { corruptRatio }) => {
    cluster.effects.start({ kind: 'diskCorrupt', target, value: corruptRatio, owner });
  },
});
