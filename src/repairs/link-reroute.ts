/** Load balancing keeps off a link for a while. */

import type { RepairKind } from './repair-kind.ts';

export const linkReroute: RepairKind = {
  name: 'link.reroute',
  target: 'link',
  meaning: 'callers prefer replicas that they reach without the link, for a while; the others carry more',
  needs: 'nothing',
  cost: 1,
  durationSeconds: 3,
  failureRatio: 0.03,
  holdSeconds: 180,
  offer: { always: ['severalNodes'], oneOf: [] },
  precondition: () => true,
  advance: ({ cluster, target, owner, step }) => {
    if (step === 0) return 3;
    cluster.effects.start({ kind: 'linkAvoided', target, value: 1, owner });
    return 'succeeded';
  },
};
