/** A proxy beside the process holds every request back. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceRpcDelay: FaultKind = faultKind({
  name: 'service.rpc-delay',
  target: 'service',
  meaning: 'every request waits in replicas before it is worked on, and holds a worker meanwhile',
  knownAs: { chaosMesh: ['HTTPChaos delay', 'JVMChaos latency'], litmus: ['pod-http-latency'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, delaySeconds: 0.2 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, delaySeconds: 2 } },
  ],
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: ({ cluster, owner, replicas }, { replicasMax, delaySeconds }) => {
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaDelay', target, value: delaySeconds, owner });
    }
  },
});
