/** Restart of only those replicas that are not ready, all at once: cheap, and it ends a crash back-off. */

import type { Cluster } from '../cluster/index.ts';
import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { POLL_SECONDS, readySecondsMax } from './replica-wait.ts';
import { isUnready, replicasOf } from './replicas.ts';
import { canRestart } from './rolling-restart.ts';

export const serviceRestartUnready: RepairKind = {
  name: 'service.restart-unready',
  target: 'service',
  meaning: 'restart in place the replicas that are not ready, all at once',
  needs: 'a replica that is not ready, on a machine that answers',
  cost: 0.5,
  durationSeconds: 15,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: {
    always: [],
    oneOf: [
      { signal: 'readyRatio', below: 1 },
      { signal: 'restarts', atLeast: 1 },
    ],
  },
  precondition: (cluster, service) => restartable(cluster, service).length > 0,
  advance: restartUnready,
};

function restartUnready(context: RepairContext): RepairStep {
  const { cluster, target: service } = context;
  if (context.step === 0) {
    context.deadlineMicros = cluster.nowMicros + Math.ceil(readySecondsMax(cluster, service) * 1e6);
    for (const replica of restartable(cluster, service)) cluster.restartReplica(replica);
    return POLL_SECONDS;
  }
  if (!replicasOf(cluster, service).some((replica) => isUnready(cluster, replica))) return 'succeeded';
  return cluster.nowMicros < context.deadlineMicros ? POLL_SECONDS : 'failed';
}

function restartable(cluster: Cluster, service: number): number[] {
  return replicasOf(cluster, service).filter((replica) => isUnready(cluster, replica) && canRestart(cluster, replica));
}
