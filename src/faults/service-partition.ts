/** Replicas are cut off from those they talk to; their machine is not. */

import { type FaultKind, faultKind } from './fault-kind.ts';
import { startPacketLoss, talks } from './ports.ts';

export const servicePartition: FaultKind = faultKind({
  name: 'service.partition',
  target: 'service',
  meaning: 'no packet passes between replicas and those they talk to, until they are started elsewhere',
  knownAs: {
    chaosMesh: ['NetworkChaos partition'],
    litmus: ['pod-network-partition'],
    chaosBlade: ['network drop'],
    toxiproxy: ['down'],
    awsFis: ['aws:eks:pod-network-blackhole-port'],
    gremlin: ['Blackhole'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: { replicasMax: 1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity } },
  ],
  peer: 'any',
  direction: 'packets',
  suits: talks,
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax }) => {
    for (const replica of context.replicas(replicasMax)) startPacketLoss(context, replica, 1);
  },
});
