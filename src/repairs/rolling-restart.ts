/** Restarting the replicas of a service one after another, each ready again before the next goes. */

import { type Cluster, Phase } from '../cluster/index.ts';
import type { RepairContext, RepairStep } from './repair-kind.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';
import { replicasOf } from './replicas.ts';

/** Whether a restart in place can reach a replica. */
export function canRestart(cluster: Cluster, replica: number): boolean {
  const { replicas, nodes } = cluster.state;
  const phase = replicas.phase[replica];
  const reachable = replicas.node[replica]! >= 0 && nodes.silent[replicas.node[replica]!] === 0;
  return reachable && (phase === Phase.running || phase === Phase.backoff);
}

/** Restarts the next replica once the one before is ready, or has had its time; its last step says how it went. */
export function restartNext(context: RepairContext): RepairStep {
  if (stillWaiting(context)) return POLL_SECONDS;
  const next = nextReplica(context);
  const stuck = context.misses > replicasOf(context.cluster, context.target).length;
  if (next < 0 || stuck) return context.misses === 0 ? 'succeeded' : 'failed';
  context.cluster.restartReplica(next);
  return awaitReady(context, next);
}

/** The replica to restart next among those that have not started since the repair began; -1 = none. */
function nextReplica({ cluster, target: service, startedMicros, cursor }: RepairContext): number {
  let best = -1;
  for (const replica of replicasOf(cluster, service)) {
    const old = cluster.state.replicas.startedMicros[replica]! < startedMicros;
    if (!old || replica === cursor || !canRestart(cluster, replica)) continue;
    if (best < 0 || urgency(cluster, replica) > urgency(cluster, best)) best = replica;
  }
  return best;
}

function urgency(cluster: Cluster, replica: number): number {
  const service = cluster.topology.replicaService[replica]!;
  if (cluster.state.replicas.ready[replica] === 0) return 3;
  if (cluster.state.services.leader[service] === replica) return 0;
  return cluster.monitoring.worstReplica(service) === replica ? 2 : 1;
}
