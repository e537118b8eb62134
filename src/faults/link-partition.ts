/** A link carries nothing any more. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkPartition: FaultKind = faultKind({
  name: 'link.partition',
  target: 'link',
  meaning: 'nothing passes a link; only where the system can do without it',
  severities: [
    { name: 'mild', cost: 2, durationSeconds: 180, parameters: {} },
    { name: 'severe', cost: 3, durationSeconds: 480, parameters: {} },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }) => {
    cluster.effects.start({ kind: 'linkBlocked', target, value: 1, owner });
  },
});
