/** Foreign traffic fills a link. */

import { linkCapacity } from '../cluster/index.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkFlood: FaultKind = faultKind({
  name: 'link.flood',
  target: 'link',
  meaning: 'foreign traffic of a multiple of the capacity is offered to a link',
  knownAs: { chaosMesh: ['PhysicalMachineChaos network-flood'], chaosBlade: ['network flood'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { offeredShare: 1.1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { offeredShare: 3 } },
  ],
  apply: ({ cluster, owner, target }, { offeredShare }) => {
    const value = offeredShare * linkCapacity(cluster, target);
    cluster.effects.start({ kind: 'linkFlood', target, value, owner });
  },
});
