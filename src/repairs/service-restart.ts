/** Rolling restart: one replica after another, each ready again before the next goes. */

import type { RepairKind } from './repair-kind.ts';
import { replicasOf } from './replicas.ts';
import { canRestart, restartNext } from './rolling-restart.ts';

export const serviceRestart: RepairKind = {
  name: 'service.restart',
  target: 'service',
  meaning: 'restart all replicas in place one by one, unready and worst first, a leader last; drops work and caches',
  needs: 'a replica with a process on a machine that answers',
  cost: 1,
  durationSeconds: 30,
  failureRatio: 0.05,
  holdSeconds: 0,
  precondition: (cluster, service) => replicasOf(cluster, service).some((replica) => canRestart(cluster, replica)),
  advance: restartNext,
  spoil: (context) => {
    // The roll-out breaks off after its first replica.
    restartNext(context);
  },
};
