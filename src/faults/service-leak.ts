/** Memory that is never freed, until the machine kills the process. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceLeak: FaultKind = faultKind({
  name: 'service.leak',
  target: 'service',
  meaning: 'replicas leak memory until they are killed at their limit',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 0.5, durationSeconds: 240, parameters: { replicasMax: 1, secondsToLimit: 120 } },
    { name: 'severe', cost: 1, durationSeconds: 480, parameters: { replicasMax: Infinity, secondsToLimit: 45 } },
  ],
  apply: ({ cluster, owner, target: service, replicas }, { replicasMax, secondsToLimit }) => {
    const { memoryLimitBytes, memoryBaseBytes } = cluster.spec.services[service]!;
    const value = Math.max(1, memoryLimitBytes - memoryBaseBytes) / secondsToLimit;
    for (const target of replicas(replicasMax)) cluster.effects.start({ kind: 'replicaLeak', target, value, owner });
  },
});
