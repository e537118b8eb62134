/** Foreign traffic on a link is held down for a while. */

import { linkCapacity } from '../cluster/index.ts';
import type { RepairKind } from './repair-kind.ts';

const LET_THROUGH_SHARE = 0.05;
/** Delivered share of foreign bytes from which there is something to throttle. */
const FOREIGN_SHARE_MIN = 0.02;

export const linkThrottle: RepairKind = {
  name: 'link.throttle',
  target: 'link',
  meaning: 'let through foreign traffic of 5 % of the capacity only, for a while',
  needs: 'foreign traffic on the link',
  cost: 1,
  durationSeconds: 3,
  failureRatio: 0.03,
  holdSeconds: 240,
  offer: { always: [], oneOf: [{ signal: 'foreignShare', atLeast: FOREIGN_SHARE_MIN }] },
  precondition: (cluster, link) => cluster.effects.values.linkFlood[link]! > 0,
  advance: ({ cluster, target, owner, step }) => {
    if (step === 0) return 3;
    const value = LET_THROUGH_SHARE * linkCapacity(cluster, target);
    cluster.effects.start({ kind: 'linkThrottle', target, value, owner });
    return 'succeeded';
  },
};
