/** The configuration of a service names a dependency wrongly: its address, its port or the credential for it. */

import { callsOf } from './call-facts.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceMisconfiguredDependency: FaultKind = faultKind({
  name: 'service.misconfigured-dependency',
  target: 'service',
  meaning: 'calls that the service makes fail at once: wrong address, port or credential; until it is rolled back',
  knownAs: {},
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { callsMax: 1, failureRatio: 0.5 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { callsMax: Infinity, failureRatio: 1 } },
  ],
  peer: 'callee',
  suits: (cluster, service) => callsOf(cluster, service, { peer: -1, callsMax: 1 }).length > 0,
  apply: ({ cluster, owner, target: service, peer }, { callsMax, failureRatio }) => {
    for (const target of callsOf(cluster, service, { peer, callsMax })) {
      cluster.effects.start({ kind: 'callMisconfigured', target, value: failureRatio, owner });
    }
  },
});
