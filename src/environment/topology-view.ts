/** The public topology of a cluster: components and declared dependencies. */

import type { ClusterSpec, ClusterTopology } from '../cluster/index.ts';
import { componentAt } from '../cluster/index.ts';
import type { Topology } from '../contract/index.ts';

/** Components, who calls whom, and what runs where by declaration (`replicaNodes`: node of each declared replica slot). */
export function topologyView(spec: ClusterSpec, topology: ClusterTopology, replicaNodes: Int32Array): Topology {
  const dependencies: Set<number>[] = topology.componentNames.map(() => new Set());
  for (const call of spec.calls) dependencies[call.caller]!.add(call.callee);
  for (let replica = 0; replica < topology.replicas; replica += 1) {
    const node = replicaNodes[replica]!;
    const service = topology.replicaService[replica]!;
    if (node >= 0) dependencies[service]!.add(topology.offsets.node + node);
  }
  for (let disk = 0; disk < topology.disks; disk += 1) {
    dependencies[topology.diskService[disk]!]!.add(topology.offsets.disk + disk);
  }
  for (let node = 0; node < topology.nodes; node += 1) {
    dependencies[topology.offsets.node + node]!.add(topology.offsets.link + node);
  }
  addInterconnects(topology, dependencies);
  return {
    components: topology.componentNames.map((name, id) => ({ kind: componentAt(topology, id).kind, name })),
    dependencies: dependencies.map(sorted),
    dependents: reversed(dependencies).map(sorted),
  };
}

/** A node depends on the interconnects of its zone. */
function addInterconnects(topology: ClusterTopology, dependencies: Set<number>[]): void {
  for (let link = topology.nodes; link < topology.links; link += 1) {
    const zones = [topology.linkZones[2 * link]!, topology.linkZones[2 * link + 1]!];
    for (let node = 0; node < topology.nodes; node += 1) {
      if (!zones.includes(topology.nodeZone[node]!)) continue;
      dependencies[topology.offsets.node + node]!.add(topology.offsets.link + link);
    }
  }
}

function reversed(lists: readonly Set<number>[]): Set<number>[] {
  const result: Set<number>[] = lists.map(() => new Set());
  lists.forEach((list, from) => {
    for (const to of list) result[to]!.add(from);
  });
  return result;
}

function sorted(set: ReadonlySet<number>): number[] {
  return [...set].sort((a, b) => a - b);
}
