/** The name of a service resolves to an address where nobody answers. */

import { isCalled } from './call-facts.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceDnsSpoof: FaultKind = faultKind({
  name: 'service.dns-spoof',
  target: 'service',
  meaning: 'a share of calls to the service goes to an address where nobody answers',
  knownAs: { chaosMesh: ['DNSChaos random'], litmus: ['pod-dns-spoof'], chaosBlade: ['network dns'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: { misdirectedRatio: 0.3 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { misdirectedRatio: 1 } },
  ],
  suits: isCalled,
  apply: ({ cluster, owner, target }, { misdirectedRatio }) => {
    cluster.effects.start({ kind: 'serviceMisdirected', target, value: misdirectedRatio, owner });
  },
});
