/** Answers break off on their way. */

import { type FaultKind, faultKind } from './fault-kind.ts';
import { startOnCalls, talks } from './ports.ts';

export const serviceCut: FaultKind = faultKind({
  name: 'service.cut',
  target: 'service',
  meaning: 'a share of answers is cut off: the work is done, and the caller gets an error',
  knownAs: { chaosMesh: ['HTTPChaos Response abort'], toxiproxy: ['limit_data'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, cutRatio: 0.2 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, cutRatio: 0.8 } },
  ],
  peer: 'any',
  direction: 'calls',
  suits: talks,
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax, cutRatio }) => {
    for (const replica of context.replicas(replicasMax)) {
      startOnCalls(context, { kind: 'portCut', replica, value: cutRatio });
    }
  },
});
