/** Another process in the container takes its memory, at once. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceMemoryStress: FaultKind = faultKind({
  name: 'service.memory-stress',
  target: 'service',
  meaning: 'a foreign process in the container takes a multiple of the memory that replicas have left',
  knownAs: {
    chaosMesh: ['StressChaos memory'],
    litmus: ['pod-memory-hog'],
    chaosBlade: ['mem load'],
    awsFis: ['aws:eks:pod-memory-stress'],
    gremlin: ['Memory'],
  },
  severities: [
    { name: 'mild', cost: 0.5, durationSeconds: 240, parameters: { replicasMax: 1, takenShare: 0.9 } },
    { name: 'severe', cost: 1, durationSeconds: 480, parameters: { replicasMax: Infinity, takenShare: 1.1 } },
  ],
  apply: ({ cluster, owner, target: service, replicas }, { replicasMax, takenShare }) => {
    const { memoryLimitBytes, memoryBaseBytes } = cluster.spec.services[service]!;
    const value = takenShare * (memoryLimitBytes - memoryBaseBytes);
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaMemoryTaken', target, value, owner });
    }
  },
});
