/** Another process in the container takes the processor time it may use. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceCpuStress: FaultKind = faultKind({
  name: 'service.cpu-stress',
  target: 'service',
  meaning: 'a foreign process in the container takes part of the cpu limit of replicas',
  knownAs: {
    chaosMesh: ['StressChaos cpu'],
    litmus: ['pod-cpu-hog'],
    chaosBlade: ['cpu fullload'],
    awsFis: ['aws:eks:pod-cpu-stress'],
    gremlin: ['CPU'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, stolenRatio: 0.5 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, stolenRatio: 0.9 } },
  ],
  apply: ({ cluster, owner, target: service, replicas }, { replicasMax, stolenRatio }) => {
    const value = stolenRatio * cluster.spec.services[service]!.cpuLimitCores;
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaCpuStolen', target, value, owner });
    }
  },
});
