/** A link takes longer. */

import { type FaultKind, faultKind } from './fault-kind.ts';
import { correlatedDeviation } from './jitter.ts';

export const linkDelay: FaultKind = faultKind({
  name: 'link.delay',
  target: 'link',
  meaning:
    'a link delays everything, one way, with jitter (standard deviation); only where the system can do without it',
  knownAs: { litmus: ['node-network-latency'] },
  severities: [
    {
      name: 'mild',
      cost: 1,
      durationSeconds: 240,
      parameters: { delaySeconds: 0.03, jitterSeconds: 0, correlationRatio: 0 },
    },
    {
      name: 'severe',
      cost: 2,
      durationSeconds: 480,
      parameters: { delaySeconds: 0.3, jitterSeconds: 0, correlationRatio: 0 },
    },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { delaySeconds, jitterSeconds, correlationRatio }) => {
    cluster.effects.start({ kind: 'linkDelay', target, value: delaySeconds, owner });
    const value = correlatedDeviation(jitterSeconds, correlationRatio);
    if (value > 0) cluster.effects.start({ kind: 'linkJitter', target, value, owner });
  },
});
