/** One replica more, for the rest of the episode; one that was scaled away comes back first. */

import { type Cluster, Phase } from '../cluster/index.ts';
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
  offer: { always: ['stateless'], oneOf: [{ fact: 'expandable' }, { signal: 'readyRatio', below: 1 }] },
  precondition: (cluster, service) =>
    replicasOf(cluster, service).length < cluster.spec.services[service]!.replicasMax &&
    cluster.chooseNode(service) >= 0,
  advance: addReplica,
};

function addReplica(context: RepairContext): RepairStep {
  const { cluster, target: service, step } = context;
  if (step === 0) {
    const replica = bringBack(cluster, service) ?? cluster.addReplica(service);
    return replica < 0 ? 'failed' : awaitReady(context, replica);
  }
  if (stillWaiting(context)) return POLL_SECONDS;
  if (context.misses === 0) return 'succeeded';
  cluster.removeReplica(context.cursor);
  return 'failed';
}

/** Wants a replica again that was scaled away; undefined = there is none. */
function bringBack({ topology, state, effects }: Cluster, service: number): number | undefined {
  for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
    const isAway = state.replicas.phase[replica] === Phase.absent && effects.values.replicaUnwanted[replica]! > 0;
    if (!isAway) continue;
    effects.endKind('replicaUnwanted', replica);
    return replica;
  }
  return undefined;
}
