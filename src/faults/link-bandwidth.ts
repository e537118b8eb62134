/** A link is throttled below what it can carry. */

import { linkCapacity } from '../cluster/index.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkBandwidth: FaultKind = faultKind({
  name: 'link.bandwidth',
  target: 'link',
  meaning: 'a link carries and buffers only a share of what it could; only where the system can do without it',
  knownAs: { chaosMesh: ['NetworkChaos bandwidth'], litmus: ['pod-network-rate-limit'], toxiproxy: ['bandwidth'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { rateRatio: 0.2, bufferRatio: 1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { rateRatio: 0.02, bufferRatio: 0.1 } },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { rateRatio, bufferRatio }) => {
    const rate = Math.max(1, rateRatio * linkCapacity(cluster, target));
    cluster.effects.start({ kind: 'linkRate', target, value: rate, owner });
    if (bufferRatio === 1) return;
    const value = bufferRatio * cluster.spec.network.bufferBytes;
    cluster.effects.start({ kind: 'linkBuffer', target, value, owner });
  },
});
