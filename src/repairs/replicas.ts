/** Walking over the replicas of a service. */

import { type Cluster, Phase } from '../cluster/index.ts';

/** Slots of the replicas a service wants now, in order. */
export function replicasOf(cluster: Cluster, service: number): number[] {
  const { replicaStart } = cluster.topology;
  const result: number[] = [];
  for (let replica = replicaStart[service]!; replica < replicaStart[service + 1]!; replica += 1) {
    if (cluster.state.replicas.phase[replica] !== Phase.absent) result.push(replica);
  }
  return result;
}

/** Whether a replica is wanted but not ready. */
export function isUnready(cluster: Cluster, replica: number): boolean {
  return cluster.state.replicas.phase[replica] !== Phase.absent && cluster.state.replicas.ready[replica] === 0;
}
