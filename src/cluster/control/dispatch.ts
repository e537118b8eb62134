/** Hands each control-plane event to the part it concerns; events that a later change outdated are dropped. */

import { type ClusterCore, scheduleAfter } from '../core.ts';
import { ClusterEvent } from '../events.ts';
import { HOUSEKEEPING_SECONDS, keepHouse } from './housekeeping.ts';
import { containerStarted, crashReplica, startContainer } from './lifecycle.ts';
import { nodeEvicted, nodeLost } from './nodes.ts';
import { livenessProbe, readinessProbe } from './probes.ts';

interface ControlEvent {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/** Handles one event; `b` is the generation of replica or node `a` it was scheduled for. */
export function dispatchClusterEvent(core: ClusterCore, event: ControlEvent): void {
  const { a } = event;
  if (event.kind === ClusterEvent.housekeeping) {
    keepHouse(core);
    scheduleAfter(core, { afterSeconds: HOUSEKEEPING_SECONDS, kind: ClusterEvent.housekeeping, a: 0, b: 0 });
    return;
  }
  if (!isCurrentEvent(core, event)) return;
  if (event.kind === ClusterEvent.nodeLost) nodeLost(core, a);
  else if (event.kind === ClusterEvent.nodeEvicted) nodeEvicted(core, a);
  else dispatchReplicaEvent(core, event.kind, a);
}

/** Whether replica or node `a` is still of the generation `b` that an event was scheduled for. */
export function isCurrentEvent(core: Pick<ClusterCore, 'state'>, { kind, a, b }: ControlEvent): boolean {
  if (kind === ClusterEvent.housekeeping || kind === ClusterEvent.scrape) return true;
  const ofNode = kind === ClusterEvent.nodeLost || kind === ClusterEvent.nodeEvicted;
  return (ofNode ? core.state.nodes.generation[a] : core.state.replicas.generation[a]) === b;
}

function dispatchReplicaEvent(core: ClusterCore, kind: number, replica: number): void {
  if (kind === ClusterEvent.started) containerStarted(core, replica);
  else if (kind === ClusterEvent.backoffOver) startContainer(core, replica);
  else if (kind === ClusterEvent.readinessProbe) readinessProbe(core, replica);
  else if (kind === ClusterEvent.livenessProbe) livenessProbe(core, replica);
  else if (kind === ClusterEvent.crashAgain) crashReplica(core, replica);
}
