/** Packets overtake each other on a link. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkReorder: FaultKind = faultKind({
  name: 'link.reorder',
  target: 'link',
  meaning:
    'a link delays most packets and a share of them not, so that these overtake; only where the system can do without it',
  knownAs: { chaosMesh: ['NetworkChaos delay reorder'], chaosBlade: ['network reorder'] },
  severities: [
    {
      name: 'mild',
      cost: 1,
      durationSeconds: 240,
      parameters: { reorderRatio: 0.25, gapPackets: 1, delaySeconds: 0.03 },
    },
    {
      name: 'severe',
      cost: 2,
      durationSeconds: 480,
      parameters: { reorderRatio: 0.5, gapPackets: 1, delaySeconds: 0.3 },
    },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { reorderRatio, gapPackets, delaySeconds }) => {
    const share = overtakingShare(reorderRatio, gapPackets);
    cluster.effects.start({ kind: 'linkDelay', target, value: (1 - share) * delaySeconds, owner });
    const value = delaySeconds * Math.sqrt(share * (1 - share));
    if (value > 0) cluster.effects.start({ kind: 'linkJitter', target, value, owner });
  },
});

/** netem (sch_netem.c): after gap - 1 late packets each one may overtake, until one does. */
function overtakingShare(reorderRatio: number, gapPackets: number): number {
  return reorderRatio === 0 ? 0 : 1 / (gapPackets - 1 + 1 / reorderRatio);
}
