/** Replicas that answer a share of their requests with an error, at once. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceErrors: FaultKind = faultKind({
  name: 'service.errors',
  target: 'service',
  meaning: 'replicas answer a share of requests with an error',
  knownAs: {
    chaosMesh: ['HTTPChaos replace code', 'JVMChaos exception'],
    litmus: ['pod-http-status-code'],
    awsFis: ['aws:fis:inject-api-internal-error', 'aws:fis:inject-api-unavailable-error'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, errorRatio: 0.2 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, errorRatio: 0.8 } },
  ],
  apply: ({ cluster, owner, replicas }, { replicasMax, errorRatio }) => {
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaErrors', target, value: errorRatio, owner });
    }
  },
});
