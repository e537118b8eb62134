/** The configuration and release that worked before are rolled out again, replica by replica. */

import { type Cluster, effectForms } from '../cluster/index.ts';
import type { RepairContext, RepairKind, RepairStep } from './repair-kind.ts';
import { replicasOf } from './replicas.ts';
import { canRestart, restartNext } from './rolling-restart.ts';

export const serviceRollBack: RepairKind = {
  name: 'service.roll-back',
  target: 'service',
  meaning:
    'roll out the release and configuration from before, quotas for its calls included; restarts all replicas one by one',
  needs: 'something that was changed, and a replica with a process on a machine that answers',
  cost: 1.5,
  durationSeconds: 30,
  failureRatio: 0.05,
  holdSeconds: 0,
  precondition: (cluster, service) =>
    wasChanged(cluster, service) && replicasOf(cluster, service).some((replica) => canRestart(cluster, replica)),
  advance: (context: RepairContext): RepairStep => {
    const next = restartNext(context);
    // A roll-out that gets stuck leaves things as they were.
    if (next === 'succeeded') context.cluster.effects.endConfig(context.target);
    return next;
  },
  spoil: (context) => {
    restartNext(context);
  },
};

/** Whether a fault lies on the configuration of a service or on the calls it makes. */
function wasChanged({ effects, spec }: Cluster, service: number): boolean {
  let found = false;
  effects.forEach((kind, target, owner) => {
    const { target: on, bond } = effectForms[kind];
    // Repairs own their effects by negative numbers.
    if (owner > 0 && bond === 'config') found ||= (on === 'call' ? spec.calls[target]!.caller : target) === service;
  });
  return found;
}
