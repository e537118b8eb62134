/** Processes die, and die again after every start where they run, or every so often. */

import { type FaultContext, type FaultKind, faultKind } from './fault-kind.ts';
import { ownedReplicas } from './owned-replicas.ts';

export const serviceKill: FaultKind = faultKind({
  name: 'service.kill',
  target: 'service',
  meaning: 'replicas crash and go on crashing wherever they are now, with an interval only that often',
  knownAs: {
    chaosMesh: ['PodChaos pod-kill', 'PodChaos container-kill'],
    litmus: ['pod-delete', 'container-kill'],
    chaosBlade: ['process kill'],
    awsFis: ['aws:eks:pod-delete', 'aws:ecs:stop-task'],
    gremlin: ['Process Killer'],
  },
  severities: [
    {
      name: 'mild',
      cost: 1,
      durationSeconds: 180,
      parameters: { replicasMax: 1, graceSeconds: 0, intervalSeconds: 0 },
    },
    {
      name: 'severe',
      cost: 2,
      durationSeconds: 480,
      parameters: { replicasMax: Infinity, graceSeconds: 0, intervalSeconds: 0 },
    },
  ],
  legal: (situation, service) => situation.room.hasRoom(service),
  apply: (context, { replicasMax, graceSeconds, intervalSeconds }) => {
    const { cluster, owner } = context;
    for (const target of context.replicas(replicasMax)) {
      if (graceSeconds === 0) kill(context, target, intervalSeconds);
      else cluster.effects.start({ kind: 'replicaExcluded', target, value: 1, owner });
    }
  },
  firstPulseSeconds: ({ graceSeconds, intervalSeconds }) => later(graceSeconds === 0 ? intervalSeconds : graceSeconds),
  pulse: (context, { graceSeconds, intervalSeconds }) => {
    const { cluster, owner } = context;
    const targets = ownedReplicas(context);
    const inGrace = graceSeconds > 0 && context.pulses % 2 === 0;
    cluster.effects.endOwner(owner);
    for (const target of targets) {
      if (inGrace || graceSeconds === 0) kill(context, target, intervalSeconds);
      else cluster.effects.start({ kind: 'replicaExcluded', target, value: 1, owner });
    }
    return later(graceSeconds === 0 || inGrace ? intervalSeconds : graceSeconds);
  },
});

/** With an interval the fault stays on the replica, in a form that does nothing by itself, until the next time. */
function kill({ cluster, owner }: FaultContext, target: number, intervalSeconds: number): void {
  if (intervalSeconds === 0) cluster.effects.start({ kind: 'replicaCrashing', target, value: 1, owner });
  else cluster.effects.start({ kind: 'replicaDelay', target, value: 0, owner });
  cluster.killReplica(target);
}

function later(seconds: number): number | null {
  return seconds === 0 ? null : seconds;
}
