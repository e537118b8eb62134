/** Waiting for a replica to be ready again, with a limit, as rolling repairs do. */

import type { Cluster } from '../cluster/index.ts';
import type { RepairContext } from './repair-kind.ts';

/** Seconds between two looks. */
export const POLL_SECONDS = 1;

/** Seconds within which a replica of a service that starts now should be ready. */
export function readySecondsMax(cluster: Cluster, service: number): number {
  const { startSeconds, readiness } = cluster.spec.services[service]!;
  return (
    Math.max(startSeconds, readiness.initialDelaySeconds) + readiness.successThreshold * readiness.periodSeconds + 5
  );
}

/** Begins to wait for `replica`. */
export function awaitReady(context: RepairContext, replica: number): number {
  const { cluster } = context;
  context.cursor = replica;
  const seconds = readySecondsMax(cluster, cluster.topology.replicaService[replica]!);
  context.deadlineMicros = cluster.nowMicros + Math.ceil(seconds * 1e6);
  return POLL_SECONDS;
}

/** Whether the replica waited for is not ready and may still become so; counts a miss when its limit has passed. */
export function stillWaiting(context: RepairContext): boolean {
  const { cluster, cursor } = context;
  if (cursor < 0 || cluster.state.replicas.ready[cursor] === 1) return false;
  if (cluster.nowMicros < context.deadlineMicros) return true;
  context.misses += 1;
  return false;
}
