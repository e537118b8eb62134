/** Connections close late, so that pools run dry. */

import { hasCall } from './call-facts.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';
import { startOnCalls } from './ports.ts';

export const serviceSlowClose: FaultKind = faultKind({
  name: 'service.slow-close',
  target: 'service',
  meaning: 'connections stay taken for a while after each answer; only where callers have a bounded number of them',
  knownAs: { toxiproxy: ['slow_close'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, lingerSeconds: 1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, lingerSeconds: 10 } },
  ],
  peer: 'any',
  direction: 'calls',
  suits: (plan, service) => hasCall(plan, service, ({ connectionsMax }) => connectionsMax !== null),
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax, lingerSeconds }) => {
    for (const replica of context.replicas(replicasMax)) {
      startOnCalls(context, { kind: 'portLinger', replica, value: lingerSeconds });
    }
  },
});
