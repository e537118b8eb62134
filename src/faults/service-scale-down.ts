/** Somebody wants fewer replicas: they are removed, and the orchestrator agrees. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceScaleDown: FaultKind = faultKind({
  name: 'service.scale-down',
  target: 'service',
  meaning: 'replicas are scaled away; not of stores',
  knownAs: { litmus: ['pod-autoscaler'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity } },
  ],
  suits: ({ spec }, service) => spec.services[service]!.storage === null,
  apply: ({ cluster, owner, replicas }, { replicasMax }) => {
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaUnwanted', target, value: 1, owner });
    }
  },
});
