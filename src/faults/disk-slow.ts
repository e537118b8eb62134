/** A device that takes far longer than usual, as drives do long before they die. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskSlow: FaultKind = faultKind({
  name: 'disk.slow',
  target: 'disk',
  meaning: 'a disk takes a multiple of its time; only where another replica has the data',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { slowFactor: 10 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { slowFactor: 100 } },
  ],
  legal: ({ cluster }, disk) => cluster.completeSource(disk) >= 0,
  apply: ({ cluster, owner, target }, { slowFactor }) => {
    cluster.effects.start({ kind: 'diskSlow', target, value: slowFactor, owner });
  },
});
