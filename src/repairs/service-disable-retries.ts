/** Callers stop retrying, so that a retry storm starves. */

import type { RepairKind } from './repair-kind.ts';

export const serviceDisableRetries: RepairKind = {
  name: 'service.disable-retries',
  target: 'service',
  meaning: 'callers of the service send every request once only, for a while',
  needs: 'nothing',
  cost: 0.5,
  durationSeconds: 2,
  failureRatio: 0.02,
  holdSeconds: 180,
  offer: { always: ['retried'], oneOf: [] },
  precondition: () => true,
  advance: ({ cluster, target, owner, step }) => {
    if (step === 0) return 2;
    cluster.effects.start({ kind: 'serviceRetriesOff', target, value: 1, owner });
    return 'succeeded';
  },
};
