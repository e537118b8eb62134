/** Processes die, and die again after every start where they run. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceKill: FaultKind = faultKind({
  name: 'service.kill',
  target: 'service',
  meaning: 'replicas crash and go on crashing wherever they are now',
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: { replicasMax: 1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity } },
  ],
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: ({ cluster, owner, replicas }, { replicasMax }) => {
    for (const target of replicas(replicasMax)) {
      cluster.effects.start({ kind: 'replicaCrashing', target, value: 1, owner });
      cluster.killReplica(target);
    }
  },
});
