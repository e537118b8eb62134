/** Connections are reset as soon as a call is made. */

import { type FaultKind, faultKind } from './fault-kind.ts';
import { startOnCalls, talks } from './ports.ts';

export const serviceReset: FaultKind = faultKind({
  name: 'service.reset',
  target: 'service',
  meaning: 'connections of a share of the calls that replicas make and take are reset',
  knownAs: { chaosMesh: ['HTTPChaos Request abort'], toxiproxy: ['reset_peer'], litmus: ['pod-http-reset-peer'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, resetRatio: 0.2 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, resetRatio: 0.8 } },
  ],
  peer: 'any',
  direction: 'calls',
  suits: talks,
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax, resetRatio }) => {
    for (const replica of context.replicas(replicasMax)) {
      startOnCalls(context, { kind: 'portReset', replica, value: resetRatio });
    }
  },
});
