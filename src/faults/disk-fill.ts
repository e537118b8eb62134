/** Foreign files fill a disk. */

import { type FaultContext, type FaultKind, faultKind } from './fault-kind.ts';

const PULSE_SECONDS = 5;

export const diskFill: FaultKind = faultKind({
  name: 'disk.fill',
  target: 'disk',
  meaning: 'foreign files grow until they leave a disk next to no room',
  knownAs: {
    chaosMesh: ['PhysicalMachineChaos disk-fill'],
    litmus: ['disk-fill'],
    chaosBlade: ['disk fill'],
    awsFis: ['AWSFIS-Run-Disk-Fill'],
    gremlin: ['Disk'],
  },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { usedRatio: 0.98, growSeconds: 60 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { usedRatio: 1, growSeconds: 0 } },
  ],
  apply: (context, { usedRatio, growSeconds }) => {
    fillTo(context, growSeconds === 0 ? usedRatio : 0);
  },
  firstPulseSeconds: ({ growSeconds }) => (growSeconds === 0 ? null : PULSE_SECONDS),
  pulse: (context, { usedRatio, growSeconds }) => {
    const grown = Math.min(1, ((context.pulses + 1) * PULSE_SECONDS) / growSeconds);
    fillTo(context, usedRatio * grown);
    return grown < 1 ? PULSE_SECONDS : null;
  },
});

/** Leaves the disk used to a share of its size, foreign and own files together. */
function fillTo({ cluster, owner, target }: FaultContext, usedRatio: number): void {
  const { diskBytes } = cluster.spec.services[cluster.topology.diskService[target]!]!.storage!;
  const value = Math.max(1, usedRatio * diskBytes - cluster.state.disks.usedBytes[target]!);
  cluster.effects.endOwner(owner);
  cluster.effects.start({ kind: 'diskHoard', target, value, owner });
}
