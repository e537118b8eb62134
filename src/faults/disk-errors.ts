/** A device that fails operations. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskErrors: FaultKind = faultKind({
  name: 'disk.errors',
  target: 'disk',
  meaning: 'a share of disk operations fails; only where another replica has the data',
  knownAs: { chaosMesh: ['IOChaos fault'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { errorRatio: 0.3 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { errorRatio: 0.8 } },
  ],
  legal: ({ cluster }, disk) => cluster.completeSource(disk) >= 0,
  apply: ({ cluster, owner, target }, { errorRatio }) => {
    cluster.effects.start({ kind: 'diskErrors', target, value: errorRatio, owner });
  },
});
