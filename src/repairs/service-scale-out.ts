/** One replica more, for the rest of the episode. */

import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { awaitReady, POLL_SECONDS, stillWaiting } from './replica-wait.ts';
import { replicasOf } from './replicas.ts';

export const serviceScaleOut: RepairKind = {
  name: 'service.scale-out',
  target: 'service',
  meaning: 'start one replica more; it serves once it is up and warm',
  needs: 'fewer replicas than the most allowed, and a machine with room',
  cost: 2,
  durationSeconds: 20,
  failureRatio: 0.05,
  holdSeconds: 0,
  // A store's only endpoint is its leader: more followers carry no load.
  offered: ({ spec }, service) => {
    const { replicas, replicasMax, storage } = spec.services[service]!;
    return storage === null && replicasMax > replicas;
  },
  precondition: (cluster, service) =>
    replicasOf(cluster, service).length < cluster.spec.services[service]!.replicasMax &&
    cluster.chooseNode(service) >= 0,
  advance: addReplica,
};

function addReplica(context: RepairContext): RepairStep {
  const { cluster, target: service, step } = context;
  if (step === 0) {
    const replica = cluster.addReplica(service);
    return replica < 0 ? 'failed' : awaitReady(context, replica);
  }
  if (stillWaiting(context)) return POLL_SECONDS;
  if (context.misses === 0) return 'succeeded';
  cluster.removeReplica(context.cursor);
  return 'failed';
}
