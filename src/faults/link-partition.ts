/** A link carries nothing any more, both ways or one way only. */

import type { Cluster, EffectKind } from '../cluster/index.ts';
import type { Direction } from './envelope.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkPartition: FaultKind = faultKind({
  name: 'link.partition',
  target: 'link',
  meaning: 'nothing passes a link; only where the system can do without it',
  knownAs: { awsFis: ['aws:network:disrupt-connectivity'] },
  severities: [
    { name: 'mild', cost: 2, durationSeconds: 180, parameters: {} },
    { name: 'severe', cost: 3, durationSeconds: 480, parameters: {} },
  ],
  direction: 'packets',
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target, direction }) => {
    cluster.effects.start({ kind: blockedWay(cluster, target, direction), target, value: 1, owner });
  },
});

/** `to` is away from the machine of an uplink, and towards the second zone of an interconnect. */
function blockedWay({ topology }: Cluster, link: number, direction: Direction): EffectKind {
  if (direction === 'both') return 'linkBlocked';
  const isUplink = link < topology.nodes;
  return (direction === 'to') === isUplink ? 'linkOutBlocked' : 'linkInBlocked';
}
