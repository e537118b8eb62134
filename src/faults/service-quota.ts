/** A quota for a dependency that is set too low. */

import { usualRates } from '../cluster/index.ts';
import { callsOf } from './call-facts.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceQuota: FaultKind = faultKind({
  name: 'service.quota',
  target: 'service',
  meaning: 'calls that the service makes are refused above a share of their usual rate, until it is rolled back',
  knownAs: { awsFis: ['aws:fis:inject-api-throttle-error'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { callsMax: 1, quotaShare: 0.7 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { callsMax: Infinity, quotaShare: 0.2 } },
  ],
  peer: 'callee',
  suits: (cluster, service) => callsOf(cluster, service, { peer: -1, callsMax: 1 }).length > 0,
  apply: ({ cluster, owner, target: service, peer }, { callsMax, quotaShare }) => {
    const rate = usualRates(cluster.spec, cluster.topology)[service]!;
    for (const target of callsOf(cluster, service, { peer, callsMax })) {
      const value = quotaShare * rate * cluster.spec.calls[target]!.perRequest;
      cluster.effects.start({ kind: 'callQuota', target, value, owner });
    }
  },
});
