/** Machines that fall silent: heartbeats missed, node lost, replicas evicted, and all of it undone when it comes back. */

import { type ClusterCore, scheduleAfter } from '../core.ts';
import { ClusterEvent } from '../events.ts';
import { Phase } from '../state.ts';
import { loseReplica, moveReplica, setReady, startContainer } from './lifecycle.ts';
import { forReplicasOn } from './scheduling.ts';

/** The machine went off or on. */
export function nodePowerChanged(core: ClusterCore, node: number): void {
  const off = core.effects.values.nodeDown[node]! > 0;
  forReplicasOn(core, node, (replica) => {
    if (off) loseReplica(core, replica);
    else if (core.state.replicas.phase[replica] === Phase.lost) startContainer(core, replica);
  });
  nodeReachChanged(core, node);
}

/** The machine may have begun or ceased to be heard. Its uplink has its own index. */
export function nodeReachChanged(core: ClusterCore, node: number): void {
  const { nodes } = core.state;
  const { nodeDown, linkBlocked, linkOutBlocked } = core.effects.values;
  // Heartbeats go out: a machine that cannot be reached but can still send counts as healthy.
  const silent = nodeDown[node]! + linkBlocked[node]! + linkOutBlocked[node]! > 0 ? 1 : 0;
  if (nodes.silent[node] === silent) return;
  core.changes.count += 1;
  nodes.silent[node] = silent;
  nodes.generation[node]! += 1;
  if (silent === 0) {
    nodes.available[node] = 1;
    return;
  }
  const { heartbeatSeconds, nodeGraceSeconds } = core.spec.control;
  schedule(core, ClusterEvent.nodeLost, node, heartbeatSeconds / 2 + nodeGraceSeconds);
}

/** Grace is over: the node counts as lost and its replicas as not ready. */
export function nodeLost(core: ClusterCore, node: number): void {
  core.changes.count += 1;
  core.state.nodes.available[node] = 0;
  forReplicasOn(core, node, (replica) => {
    setReady(core, replica, 0);
  });
  schedule(core, ClusterEvent.nodeEvicted, node, core.spec.control.evictionSeconds);
}

/** Eviction: replicas without data of their own are started elsewhere; those with a disk wait for an operator. */
export function nodeEvicted(core: ClusterCore, node: number): void {
  forReplicasOn(core, node, (replica) => {
    if (core.topology.replicaDisk[replica]! < 0) moveReplica(core, replica, node);
  });
}

function schedule(core: ClusterCore, kind: number, node: number, afterSeconds: number): void {
  scheduleAfter(core, { afterSeconds, kind, a: node, b: core.state.nodes.generation[node]! });
}
