/** Packets between replicas and those they talk to get lost. */

import { type FaultKind, faultKind } from './fault-kind.ts';
import { startPacketLoss, talks } from './ports.ts';

export const serviceLoss: FaultKind = faultKind({
  name: 'service.loss',
  target: 'service',
  meaning: 'a share of packets between replicas and those they talk to is lost',
  knownAs: {
    chaosMesh: ['NetworkChaos loss', 'NetworkChaos corrupt'],
    litmus: ['pod-network-loss', 'pod-network-corruption'],
    chaosBlade: ['network loss'],
    awsFis: ['aws:eks:pod-network-packet-loss'],
    gremlin: ['Packet Loss'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { replicasMax: 1, lossRatio: 0.05 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { replicasMax: Infinity, lossRatio: 0.3 } },
  ],
  peer: 'any',
  direction: 'packets',
  suits: talks,
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax, lossRatio }) => {
    for (const replica of context.replicas(replicasMax)) startPacketLoss(context, replica, lossRatio);
  },
});
