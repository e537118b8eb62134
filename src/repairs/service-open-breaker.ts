/** Callers stop calling a service for a while, so that it can drain and they do not wait for it. */

import type { RepairKind } from './repair-kind.ts';

/** Delivered error share, and load of the workers, from which callers may be better off without the service. */
const ERROR_RATIO_MIN = 0.05;
const SATURATION_MIN = 1;

export const serviceOpenBreaker: RepairKind = {
  name: 'service.open-breaker',
  target: 'service',
  meaning: 'callers refuse calls to the service at once, for a while: they fail fast, and do without it if they can',
  needs: 'nothing',
  cost: 1,
  durationSeconds: 2,
  failureRatio: 0.02,
  holdSeconds: 45,
  offer: {
    always: ['called'],
    oneOf: [
      { signal: 'errorRatio', atLeast: ERROR_RATIO_MIN },
      { signal: 'saturation', atLeast: SATURATION_MIN },
    ],
  },
  precondition: () => true,
  advance: ({ cluster, target, owner, step }) => {
    if (step === 0) return 2;
    cluster.effects.start({ kind: 'serviceBreakerOpen', target, value: 1, owner });
    return 'succeeded';
  },
};
