/** Gray failure: replicas that answer probes in time and requests slowly. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceSlow: FaultKind = faultKind({
  name: 'service.slow',
  target: 'service',
  meaning: 'replicas need a multiple of their service time',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, slowFactor: 6 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, slowFactor: 25 } },
  ],
  apply: ({ cluster, owner, replicas }, { replicasMax, slowFactor }) => {
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaSlow', target, value: slowFactor, owner });
    }
  },
});
