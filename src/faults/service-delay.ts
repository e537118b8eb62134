/** Packets between replicas and those they talk to take longer. */

import { type FaultKind, faultKind } from './fault-kind.ts';
import { correlatedDeviation } from './jitter.ts';
import { forPorts, talks } from './ports.ts';

export const serviceDelay: FaultKind = faultKind({
  name: 'service.delay',
  target: 'service',
  meaning: 'packets between replicas and those they talk to are late, with jitter (standard deviation); per direction',
  knownAs: {
    chaosMesh: ['NetworkChaos delay'],
    litmus: ['pod-network-latency'],
    chaosBlade: ['network delay'],
    toxiproxy: ['latency'],
    awsFis: ['aws:eks:pod-network-latency'],
    gremlin: ['Latency'],
  },
  severities: [
    {
      name: 'mild',
      cost: 1,
      durationSeconds: 240,
      parameters: { replicasMax: 1, delaySeconds: 0.05, jitterSeconds: 0.01, correlationRatio: 0 },
    },
    {
      name: 'severe',
      cost: 2,
      durationSeconds: 480,
      parameters: { replicasMax: Infinity, delaySeconds: 0.5, jitterSeconds: 0.1, correlationRatio: 0 },
    },
  ],
  peer: 'any',
  direction: 'packets',
  suits: talks,
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax, delaySeconds, jitterSeconds, correlationRatio }) => {
    const { cluster, peer, direction, owner } = context;
    // A port's delay is that of the way there and back together, whose jitters are independent.
    const ways = direction === 'both' ? 2 : 1;
    const jitter = Math.sqrt(ways) * correlatedDeviation(jitterSeconds, correlationRatio);
    for (const replica of context.replicas(replicasMax)) {
      forPorts(cluster, { replica, peer }, (target) => {
        cluster.effects.start({ kind: 'portDelay', target, value: ways * delaySeconds, owner });
        if (jitter > 0) cluster.effects.start({ kind: 'portJitter', target, value: jitter, owner });
      });
    }
  },
});
