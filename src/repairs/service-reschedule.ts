/** The worst replica is started on another machine, away from whatever is wrong where it is. */

import { type Cluster, Phase } from '../cluster/index.ts';
import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { deliveredSignal } from './repair-view.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';
import { isUnready, replicasOf } from './replicas.ts';

export const serviceReschedule: RepairKind = {
  name: 'service.reschedule',
  target: 'service',
  meaning:
    'start one replica on another machine: one that is not ready, else the one that failed most requests at the last sample, else one that has crashed, else the leader or the one on the busiest machine',
  needs: 'another machine with room',
  cost: 1,
  durationSeconds: 20,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: { always: ['severalNodes'], oneOf: [] },
  precondition: (cluster, service) => {
    const replica = worstReplica(cluster, service);
    return replica >= 0 && cluster.chooseNode(service, [cluster.state.replicas.node[replica]!]) >= 0;
  },
  advance: moveWorst,
};

function moveWorst(context: RepairContext): RepairStep {
  const { cluster, target: service } = context;
  if (context.step > 0) {
    if (stillWaiting(context)) return POLL_SECONDS;
    return context.misses === 0 ? 'succeeded' : 'failed';
  }
  const replica = worstReplica(cluster, service);
  return cluster.moveReplica(replica) ? awaitReady(context, replica) : 'failed';
}

/** The replica to move; those that wait for room are nowhere yet. */
function worstReplica(cluster: Cluster, service: number): number {
  const { state, monitoring } = cluster;
  const placed = replicasOf(cluster, service).filter((replica) => state.replicas.phase[replica] !== Phase.pending);
  const unready = placed.find((replica) => isUnready(cluster, replica));
  if (unready !== undefined) return unready;
  const worst = monitoring.worstReplica(service);
  if (placed.includes(worst)) return worst;
  const crashed = placed.find((replica) => state.replicas.crashes[replica]! > 0);
  if (crashed !== undefined) return crashed;
  const leader = state.services.leader[service]!;
  if (placed.includes(leader)) return leader;
  return busiest(cluster, placed);
}

function busiest(cluster: Cluster, replicas: readonly number[]): number {
  let best = -1;
  for (const replica of replicas) if (best < 0 || nodeCpu(cluster, replica) > nodeCpu(cluster, best)) best = replica;
  return best;
}

function nodeCpu(cluster: Cluster, replica: number): number {
  const node = cluster.state.replicas.node[replica]!;
  return deliveredSignal(cluster, cluster.topology.offsets.node + node, 'cpu');
}
