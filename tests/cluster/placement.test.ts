/** Where replicas are: the accounts of nodes follow every move, and new replicas go where orchestrators would put them. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { Phase } from '../../src/cluster/index.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts';

/** Starts, stops, moves and kills replicas and machines at random. */
function shake({ cluster, runTo }: RunningCluster, stream: RandomStream, steps: number): void {
  const { services, replicas, nodes } = cluster.topology;
  for (let step = 0; step < steps; step += 1) {
    const replica = stream.integer(replicas);
    const node = stream.integer(nodes);
    const owner = 1 + stream.integer(4);
    const deeds = [
      () => cluster.addReplica(stream.integer(services)),
      () => cluster.removeReplica(replica),
      () => cluster.state.replicas.phase[replica] === Phase.running && cluster.moveReplica(replica),
      () => cluster.killReplica(replica),
      () => cluster.effects.start({ kind: 'nodeDown', target: node, value: 1, owner }),
      () => cluster.effects.endOwner(owner),
      () => cluster.effects.start({ kind: 'replicaExcluded', target: replica, value: 1, owner }),
      () => cluster.effects.start({ kind: 'linkAvoided', target: node, value: 1, owner }),
    ];
    deeds[stream.integer(deeds.length)]!();
    runTo(cluster.nowSeconds + 40 * stream.uniform());
  }
}

describe('the accounts of nodes', () => {
  test.each([1, 2, 3])('list the replicas on them, in order, and what these request (seed %i)', (seed) => {
    const running = runningCluster(clusterSpec(), seed);
    const stream = new RandomStream(seed, 'test');
    const { spec, topology, state } = running.cluster;
    for (let round = 0; round < 10; round += 1) {
      shake(running, stream, 3);
      for (let node = 0; node < topology.nodes; node += 1) {
        const placed = [...state.replicas.node.keys()].filter((replica) => state.replicas.node[replica] === node);
        const listed: number[] = [];
        running.cluster.forReplicasOn(node, (replica) => listed.push(replica));
        expect(listed).toEqual(placed);
        expect(placed.filter((replica) => state.replicas.phase[replica] === Phase.absent)).toEqual([]);
        const wanted = placed.map((replica) => spec.services[topology.replicaService[replica]!]!);
        const cores = wanted.reduce((sum, service) => sum + service.cpuRequestCores, 0);
        const bytes = wanted.reduce((sum, service) => sum + service.memoryRequestBytes, 0);
        expect(state.nodes.requestedMicrocores[node]).toBe(Math.round(1e6 * cores));
        expect(state.nodes.requestedBytes[node]).toBe(bytes);
      }
    }
  });
});

test('load-balancing weights worked out for what changed are those worked out for everything', () => {
  const running = runningCluster();
  const stream = new RandomStream(9, 'test');
  const { state, routes } = running.cluster;
  for (let round = 0; round < 20; round += 1) {
    shake(running, stream, 2);
    routes.refresh();
    const kept = [Array.from(routes.pairWeights), Array.from(routes.doorWeights)];
    state.global.routesStale[0] = 1;
    routes.refresh();
    expect([Array.from(routes.pairWeights), Array.from(routes.doorWeights)]).toEqual(kept);
  }
});
