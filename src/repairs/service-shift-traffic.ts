/** The worst replica gets no more requests for a while; it stays as it is, to be looked at. */

import { type Cluster, Phase } from '../cluster/index.ts';
import type { RepairKind } from './repair-kind.ts';
import { replicasOf } from './replicas.ts';

/** Delivered spread of errors over the replicas from which one stands out. */
const SPREAD_MIN = 0.02;

export const serviceShiftTraffic: RepairKind = {
  name: 'service.shift-traffic',
  target: 'service',
  meaning:
    'take the replica that failed most requests at the last sample out of load balancing for a while; the others carry more',
  needs: 'a replica that stands out, and another that is ready',
  cost: 0.5,
  durationSeconds: 3,
  failureRatio: 0.02,
  holdSeconds: 180,
  // A store's only endpoint is its leader.
  offer: { always: ['stateless'], oneOf: [{ signal: 'replicaSpread', atLeast: SPREAD_MIN }] },
  precondition: (cluster, service) => {
    const worst = worstReplica(cluster, service);
    return worst >= 0 && replicasOf(cluster, service).some((other) => other !== worst && takesRequests(cluster, other));
  },
  advance: ({ cluster, target: service, owner, step }) => {
    if (step === 0) return 3;
    const target = worstReplica(cluster, service);
    if (target < 0) return 'failed';
    cluster.effects.start({ kind: 'replicaExcluded', target, value: 1, owner });
    return 'succeeded';
  },
};

/** -1 = none stands out, or it is gone by now. */
function worstReplica(cluster: Cluster, service: number): number {
  const worst = cluster.monitoring.worstReplica(service);
  return worst >= 0 && cluster.state.replicas.phase[worst] !== Phase.absent ? worst : -1;
}

function takesRequests(cluster: Cluster, replica: number): boolean {
  return cluster.state.replicas.ready[replica] === 1 && cluster.effects.values.replicaExcluded[replica] === 0;
}
