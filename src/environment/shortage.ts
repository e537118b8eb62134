/** How far the cluster is from the replicas it needs: what a repaired end asks for, long before users miss it. */

import type { Cluster } from '../cluster/index.ts';

/** The missing share of the required replicas, added up over services; 0 = none is missing, at most 1. */
export function replicaShortage(cluster: Cluster): number {
  const { services } = cluster.spec;
  let sum = 0;
  for (let service = 0; service < services.length; service += 1) {
    const required = services[service]!.replicasRequired;
    const missing = required - cluster.servingReplicas(service);
    if (missing > 0) sum += missing / required;
  }
  return Math.min(1, sum);
}
