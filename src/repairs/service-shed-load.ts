/** Some users are refused at the door, so that the rest are served. */

import type { RepairKind } from './repair-kind.ts';

const SHED_RATIO = 0.3;

export const serviceShedLoad: RepairKind = {
  name: 'service.shed-load',
  target: 'service',
  meaning: 'refuse 30 % of users at the door for a while',
  needs: 'nothing',
  cost: 1.5,
  durationSeconds: 2,
  failureRatio: 0.02,
  holdSeconds: 120,
  offer: { always: ['entry'], oneOf: [] },
  precondition: () => true,
  advance: ({ cluster, target, owner, step }) => {
    if (step === 0) return 2;
    cluster.effects.start({ kind: 'serviceShed', target, value: SHED_RATIO, owner });
    return 'succeeded';
  },
};
