/** A release with a mistake in it, on every replica. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceBadRelease: FaultKind = faultKind({
  name: 'service.bad-release',
  target: 'service',
  meaning: 'a new release answers a share of requests with an error, on every replica, until it is rolled back',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { errorRatio: 0.2 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { errorRatio: 0.8 } },
  ],
  apply: ({ cluster, owner, target }, { errorRatio }) => {
    cluster.effects.start({ kind: 'serviceMisconfigured', target, value: errorRatio, owner });
  },
});
