/** A machine is closed and its replicas are moved away one by one; later it is opened again. */

import { type Cluster, Phase } from '../cluster/index.ts';
import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';

export const nodeDrain: RepairKind = {
  name: 'node.drain',
  target: 'node',
  meaning:
    'close a machine and start its replicas elsewhere: those that are not ready at once, the others one after another',
  needs: 'a replica on the machine, and room elsewhere for the first of them',
  cost: 3,
  durationSeconds: 60,
  failureRatio: 0.03,
  holdSeconds: 180,
  offer: { always: ['severalNodes'], oneOf: [] },
  precondition: (cluster, node) => {
    const [first] = replicasOn(cluster, node);
    return first !== undefined && cluster.chooseNode(cluster.topology.replicaService[first]!, [node]) >= 0;
  },
  advance: moveNext,
};

function moveNext(context: RepairContext): RepairStep {
  const { cluster, target: node, owner } = context;
  if (context.step === 0) {
    cluster.effects.start({ kind: 'nodeCordoned', target: node, value: 1, owner });
    moveUnready(cluster, node);
    return POLL_SECONDS;
  }
  if (stillWaiting(context)) return POLL_SECONDS;
  // Slots are passed in ascending order, so that one without room elsewhere is tried once only.
  const next = replicasOn(cluster, node).find((replica) => replica > context.cursor);
  if (next === undefined) return replicasOn(cluster, node).length === 0 ? 'succeeded' : 'failed';
  if (cluster.moveReplica(next, { avoidNode: node })) return awaitReady(context, next);
  context.cursor = next;
  context.deadlineMicros = cluster.nowMicros;
  return POLL_SECONDS;
}

function moveUnready(cluster: Cluster, node: number): void {
  for (const replica of replicasOn(cluster, node)) {
    if (cluster.state.replicas.ready[replica] === 0) cluster.moveReplica(replica, { avoidNode: node });
  }
}

function replicasOn(cluster: Cluster, node: number): number[] {
  const result: number[] = [];
  cluster.forReplicasOn(node, (replica) => {
    if (cluster.state.replicas.phase[replica] !== Phase.pending) result.push(replica);
  });
  return result;
}
