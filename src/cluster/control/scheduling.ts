/** Where a new replica goes: the node with room that spreads the service best, as orchestrators choose. */

import type { ClusterCore } from '../core.ts';
import { Phase } from '../state.ts';

/** The node for one more replica of a service, none of `avoid`; -1 when no node has room. Ties go to the lower index. */
export function chooseNode(core: ClusterCore, service: number, avoid: readonly number[] = []): number {
  let best = -1;
  let bestScore = -Infinity;
  for (let node = 0; node < core.topology.nodes; node += 1) {
    if (avoid.includes(node) || !isSchedulable(core, node)) continue;
    const score = nodeScore(core, service, node);
    if (score > bestScore) {
      best = node;
      bestScore = score;
    }
  }
  return best;
}

/** Whether the control plane would start replicas on a node. */
function isSchedulable(core: ClusterCore, node: number): boolean {
  return core.state.nodes.available[node] === 1 && core.effects.values.nodeCordoned[node] === 0;
}

/** -Infinity without room; else fewer siblings on the node first, then in the zone, then more free cores. */
function nodeScore(core: ClusterCore, service: number, node: number): number {
  const { spec, topology, state } = core;
  const wanted = spec.services[service]!;
  let cores = spec.nodes[node]!.cores - wanted.cpuRequestCores;
  let memory = spec.nodes[node]!.memoryBytes - wanted.memoryRequestBytes;
  let siblings = 0;
  let zoneSiblings = 0;
  for (let replica = 0; replica < topology.replicas; replica += 1) {
    const at = state.replicas.node[replica]!;
    if (at < 0 || state.replicas.phase[replica] === Phase.absent) continue;
    const owner = topology.replicaService[replica]!;
    if (owner === service && topology.nodeZone[at] === topology.nodeZone[node]) zoneSiblings += 1;
    if (at !== node) continue;
    if (owner === service) siblings += 1;
    cores -= spec.services[owner]!.cpuRequestCores;
    memory -= spec.services[owner]!.memoryRequestBytes;
  }
  if (cores < 0 || memory < 0) return -Infinity;
  return -1e6 * siblings - 1e3 * zoneSiblings + cores;
}
