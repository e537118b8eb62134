/** Processes stop answering: all of it, so that probes notice, or requests only, so that they do not. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceHang: FaultKind = faultKind({
  name: 'service.hang',
  target: 'service',
  meaning: 'replicas accept requests and never answer; only in the mild form their probes fail too',
  knownAs: { chaosMesh: ['PodChaos pod-failure'], chaosBlade: ['process stop'], toxiproxy: ['timeout'] },
  severities: [
    { name: 'mild', cost: 0.5, durationSeconds: 240, parameters: { replicasMax: 1, probesAnswered: 0 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, probesAnswered: 1 } },
  ],
  apply: ({ cluster, owner, replicas }, { replicasMax, probesAnswered }) => {
    const kind = probesAnswered === 1 ? 'replicaFrozen' : 'replicaHung';
    for (const target of replicas(replicasMax)) cluster.effects.start({ kind, target, value: 1, owner });
  },
});
