/** A follower is promoted; what it had not yet received is lost. */

import type { RepairKind } from './repair-kind.ts';
import { replicasOf } from './replicas.ts';

const PROMOTION_SECONDS = 5;

export const serviceFailOver: RepairKind = {
  name: 'service.fail-over',
  target: 'service',
  meaning: 'promote the freshest live follower of a store; loses the writes it had not received',
  needs: 'a live follower with complete data',
  cost: 1.5,
  durationSeconds: PROMOTION_SECONDS,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: { always: ['stateful', 'replicated'], oneOf: [] },
  precondition: (cluster, service) => {
    const leader = cluster.state.services.leader[service];
    return replicasOf(cluster, service).some((replica) => replica !== leader && cluster.canLead(replica));
  },
  advance: ({ cluster, target, step }) => {
    if (step === 0) return PROMOTION_SECONDS;
    return cluster.failOver(target) ? 'succeeded' : 'failed';
  },
};
