/** The name of a service does not resolve. */

import { isCalled } from './call-facts.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceDnsError: FaultKind = faultKind({
  name: 'service.dns-error',
  target: 'service',
  meaning: 'a share of calls to the service fails at once, because its name does not resolve',
  knownAs: {
    chaosMesh: ['DNSChaos error'],
    litmus: ['pod-dns-error'],
    chaosBlade: ['network dns_down'],
    gremlin: ['DNS'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: { failureRatio: 0.3 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { failureRatio: 1 } },
  ],
  suits: isCalled,
  apply: ({ cluster, owner, target }, { failureRatio }) => {
    cluster.effects.start({ kind: 'serviceUnresolved', target, value: failureRatio, owner });
  },
});
