/** Garbage collection that stops the process again and again. */

import { type FaultContext, type FaultKind, faultKind } from './fault-kind.ts';
import { ownedReplicas } from './owned-replicas.ts';

export const serviceGcPause: FaultKind = faultKind({
  name: 'service.gc-pause',
  target: 'service',
  meaning: 'replicas answer nothing but probes for some seconds, again and again, until their process is restarted',
  knownAs: { chaosMesh: ['JVMChaos gc'] },
  severities: [
    {
      name: 'mild',
      cost: 1,
      durationSeconds: 240,
      parameters: { replicasMax: 1, pauseSeconds: 2, runSeconds: 13 },
    },
    {
      name: 'severe',
      cost: 2,
      durationSeconds: 480,
      parameters: { replicasMax: Infinity, pauseSeconds: 6, runSeconds: 6 },
    },
  ],
  apply: (context, { replicasMax }) => {
    for (const target of context.replicas(replicasMax)) hold(context, target, true);
  },
  firstPulseSeconds: ({ pauseSeconds }) => atLeastBriefly(pauseSeconds),
  pulse: (context, { pauseSeconds, runSeconds }) => {
    const pauses = context.pulses % 2 === 1;
    const targets = ownedReplicas(context);
    context.cluster.effects.endOwner(context.owner);
    for (const target of targets) hold(context, target, pauses);
    return atLeastBriefly(pauses ? pauseSeconds : runSeconds);
  },
});

/** Between two pauses the fault stays on the replica in a form that does nothing: once as slow as it is. */
function hold({ cluster, owner }: FaultContext, target: number, pauses: boolean): void {
  cluster.effects.start({ kind: pauses ? 'replicaFrozen' : 'replicaSlow', target, value: 1, owner });
}

/** Pulses without any time between them would never end. */
function atLeastBriefly(seconds: number): number {
  return Math.max(0.1, seconds);
}
