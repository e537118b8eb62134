/** A link loses packets. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkLoss: FaultKind = faultKind({
  name: 'link.loss',
  target: 'link',
  meaning: 'a link loses a share of packets; only where the system can do without it',
  knownAs: { litmus: ['node-network-loss'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { lossRatio: 0.03 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { lossRatio: 0.25 } },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { lossRatio }) => {
    cluster.effects.start({ kind: 'linkLoss', target, value: lossRatio, owner });
  },
});
