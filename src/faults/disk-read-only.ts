/** A file system that was mounted read-only after an error, as Linux does by default. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskReadOnly: FaultKind = faultKind({
  name: 'disk.read-only',
  target: 'disk',
  meaning: 'all writes to a disk fail until it is mounted anew',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: {} },
    { name: 'severe', cost: 2, durationSeconds: null, parameters: {} },
  ],
  legal: ({ cluster }, disk) => cluster.effects.values.diskLost[disk] === 0,
  apply: ({ cluster, owner, target }) => {
    cluster.effects.start({ kind: 'diskReadOnly', target, value: 1, owner });
  },
});
