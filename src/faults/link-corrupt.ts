/** A link mangles packets; receivers drop them, since their checksums are wrong. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkCorrupt: FaultKind = faultKind({
  name: 'link.corrupt',
  target: 'link',
  meaning:
    'a link flips bits in a share of packets, which checksums then drop; only where the system can do without it',
  knownAs: { chaosMesh: ['NetworkChaos corrupt'], litmus: ['pod-network-corruption'], chaosBlade: ['network corrupt'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { corruptRatio: 0.03 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { corruptRatio: 0.25 } },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { corruptRatio }) => {
    cluster.effects.start({ kind: 'linkLoss', target, value: corruptRatio, owner });
  },
});
