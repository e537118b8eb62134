/** Another process keeps the disk of a replica busy where the replica runs. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskStress: FaultKind = faultKind({
  name: 'disk.stress',
  target: 'disk',
  meaning:
    'foreign operations of a multiple of what the disk can do are asked of it, until its replica is started elsewhere',
  knownAs: {
    chaosMesh: ['PhysicalMachineChaos disk-read-payload', 'PhysicalMachineChaos disk-write-payload'],
    litmus: ['pod-io-stress'],
    chaosBlade: ['disk burn'],
    awsFis: ['aws:eks:pod-io-stress'],
    gremlin: ['IO'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { offeredShare: 0.8 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { offeredShare: 3 } },
  ],
  legal: ({ cluster, room }, disk) => room.hasRoom(cluster.topology.diskService[disk]!),
  apply: ({ cluster, owner, target }, { offeredShare }) => {
    const { operationsPerSecondMax } = cluster.spec.services[cluster.topology.diskService[target]!]!.storage!;
    const value = offeredShare * operationsPerSecondMax;
    cluster.effects.start({ kind: 'diskStress', target, value, owner });
  },
});
