/** A link sends packets twice, which costs capacity. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkDuplicate: FaultKind = faultKind({
  name: 'link.duplicate',
  target: 'link',
  meaning: 'a link carries a share of packets twice; only where the system can do without it',
  knownAs: {
    chaosMesh: ['NetworkChaos duplicate'],
    litmus: ['pod-network-duplication'],
    chaosBlade: ['network duplicate'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { duplicateRatio: 0.3 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { duplicateRatio: 1 } },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { duplicateRatio }) => {
    cluster.effects.start({ kind: 'linkDuplicate', target, value: duplicateRatio, owner });
  },
});
