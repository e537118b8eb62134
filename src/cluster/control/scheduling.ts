/** Where replicas are and where a new one goes: the node with room that spreads the service best, as orchestrators choose. */

import type { ClusterCore } from '../core.ts';

/** The node for one more replica of a service, none of `avoid`; -1 when no node has room. Ties go to the lower index. */
export function chooseNode(core: ClusterCore, service: number, avoid: readonly number[] = []): number {
  let best = -1;
  let bestScore = -Infinity;
  for (let node = 0; node < core.topology.nodes; node += 1) {
    if (!isSchedulable(core, node) || avoid.includes(node)) continue;
    const score = nodeScore(core, service, node);
    if (score > bestScore) {
      best = node;
      bestScore = score;
    }
  }
  return best;
}

/** Puts a replica on a node (-1 = none) and off the one it was on; the accounts of both nodes follow. */
export function assignNode(core: ClusterCore, replica: number, node: number): void {
  const { replicas } = core.state;
  const before = replicas.node[replica]!;
  if (before === node) return;
  if (before >= 0) {
    unlink(core, replica, before);
    account(core, replica, before, -1);
  }
  replicas.node[replica] = node;
  if (node < 0) return;
  link(core, replica, node);
  account(core, replica, node, 1);
}

/** Calls `visit` for every replica placed on a node, in slot order. */
export function forReplicasOn(core: ClusterCore, node: number, visit: (replica: number) => void): void {
  const { nextOnNode } = core.state.replicas;
  for (let replica = core.state.nodes.firstReplica[node]!; replica >= 0; ) {
    // Taken before the visit, which may move the replica.
    const next = nextOnNode[replica]!;
    visit(replica);
    replica = next;
  }
}

/** Whether the control plane would start replicas on a node. */
function isSchedulable(core: ClusterCore, node: number): boolean {
  return core.state.nodes.available[node] === 1 && core.effects.values.nodeCordoned[node] === 0;
}

/** -Infinity without room; else fewer siblings on the node first, then in the zone, then more free cores. */
function nodeScore(core: ClusterCore, service: number, node: number): number {
  const { spec, topology, state } = core;
  const { cores, memoryBytes } = spec.nodes[node]!;
  const wanted = spec.services[service]!;
  const microcores =
    microcoresOf(cores) - state.nodes.requestedMicrocores[node]! - microcoresOf(wanted.cpuRequestCores);
  const bytes = memoryBytes - state.nodes.requestedBytes[node]! - Math.ceil(wanted.memoryRequestBytes);
  if (microcores < 0 || bytes < 0) return -Infinity;
  let siblings = 0;
  let zoneSiblings = 0;
  for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
    const at = state.replicas.node[replica]!;
    if (at < 0) continue;
    if (topology.nodeZone[at] === topology.nodeZone[node]) zoneSiblings += 1;
    if (at === node) siblings += 1;
  }
  return -1e6 * siblings - 1e3 * zoneSiblings + microcores / 1e6;
}

/** Whole numbers, so that a sum does not depend on the order in which replicas came and went. */
function account(core: ClusterCore, replica: number, node: number, times: 1 | -1): void {
  const { nodes } = core.state;
  const { cpuRequestCores, memoryRequestBytes } = core.spec.services[core.topology.replicaService[replica]!]!;
  nodes.requestedMicrocores[node]! += times * microcoresOf(cpuRequestCores);
  nodes.requestedBytes[node]! += times * Math.ceil(memoryRequestBytes);
}

function microcoresOf(cores: number): number {
  return Math.floor(cores * 1e6 + 0.5);
}

/** Enters a replica into its node's list, which is in slot order. */
function link(core: ClusterCore, replica: number, node: number): void {
  const { nodes, replicas } = core.state;
  let before = -1;
  let after = nodes.firstReplica[node]!;
  while (after >= 0 && after < replica) {
    before = after;
    after = replicas.nextOnNode[after]!;
  }
  replicas.nextOnNode[replica] = after;
  if (before < 0) nodes.firstReplica[node] = replica;
  else replicas.nextOnNode[before] = replica;
}

function unlink(core: ClusterCore, replica: number, node: number): void {
  const { nodes, replicas } = core.state;
  const after = replicas.nextOnNode[replica]!;
  replicas.nextOnNode[replica] = -1;
  if (nodes.firstReplica[node] === replica) {
    nodes.firstReplica[node] = after;
    return;
  }
  let before = nodes.firstReplica[node]!;
  while (replicas.nextOnNode[before] !== replica) before = replicas.nextOnNode[before]!;
  replicas.nextOnNode[before] = after;
}
