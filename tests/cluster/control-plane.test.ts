import { describe, expect, test } from 'vitest';
import { Phase } from '../../src/cluster/index.ts';
import { clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { runningCluster } from '../support/running-cluster.ts';

const OWNER = 1;

describe('probes', () => {
  test('a hung process leaves load balancing after three failed probes and is then restarted', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    cluster.effects.start({ kind: 'replicaHung', target: 0, value: 1, owner: OWNER });
    runTo(55);
    expect(cluster.state.replicas.ready[0]).toBe(0);
    runTo(90);
    expect(cluster.state.replicas.restarts[0]).toBe(1);
    expect(cluster.isServing(0)).toBe(true);
    expect(cluster.effects.values.replicaHung[0]).toBe(0);
  });

  test('a frozen process passes its probes and stays in load balancing', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    cluster.effects.start({ kind: 'replicaFrozen', target: 0, value: 1, owner: OWNER });
    runTo(200);
    expect(cluster.state.replicas.ready[0]).toBe(1);
    expect(cluster.state.replicas.restarts[0]).toBe(0);
  });
});

describe('crashes', () => {
  test('a process that keeps dying waits 10, 20, 40 s before each start', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    cluster.effects.start({ kind: 'replicaCrashing', target: 0, value: 1, owner: OWNER });
    // Dies 3 s after each start; a start takes 5 s: deaths at 23, 23+10+8, 41+20+8, 69+40+8.
    const deaths = [23, 41, 69, 117];
    for (const [index, seconds] of deaths.entries()) {
      runTo(seconds - 0.01);
      expect(cluster.state.replicas.restarts[0]).toBe(index);
      runTo(seconds + 0.01);
      expect(cluster.state.replicas.restarts[0]).toBe(index + 1);
    }
  });

  test('a replica that runs out of memory dies, and its leak ends with the process', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    cluster.effects.start({ kind: 'replicaLeak', target: 0, value: 10e6, owner: OWNER });
    runTo(60);
    expect(cluster.state.replicas.restarts[0]).toBe(1);
    expect(cluster.effects.values.replicaLeak[0]).toBe(0);
    expect(cluster.state.replicas.leakedBytes[0]).toBe(0);
  });
});

describe('machines', () => {
  test('the replicas of a lost machine leave load balancing after the grace and start elsewhere after eviction', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    const replica = replicaOn(cluster, 0);
    cluster.effects.start({ kind: 'nodeDown', target: 0, value: 1, owner: OWNER });
    expect(cluster.state.replicas.phase[replica]).toBe(Phase.lost);
    runTo(64);
    expect(cluster.state.replicas.ready[replica]).toBe(1);
    runTo(66);
    expect(cluster.state.replicas.ready[replica]).toBe(0);
    runTo(400);
    expect(cluster.state.replicas.node[replica]).not.toBe(0);
    expect(cluster.isServing(replica)).toBe(true);
  });

  test('a machine that comes back starts its replicas again', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    const replica = replicaOn(cluster, 0);
    cluster.effects.start({ kind: 'nodeDown', target: 0, value: 1, owner: OWNER });
    runTo(100);
    cluster.effects.endOwner(OWNER);
    runTo(130);
    expect(cluster.state.nodes.available[0]).toBe(1);
    expect(cluster.state.replicas.node[replica]).toBe(0);
    expect(cluster.isServing(replica)).toBe(true);
  });

  test('a cut uplink silences a machine without killing what runs on it', () => {
    const { cluster, runTo } = runningCluster();
    runTo(20);
    const replica = replicaOn(cluster, 0);
    cluster.effects.start({ kind: 'linkBlocked', target: 0, value: 1, owner: OWNER });
    runTo(70);
    expect(cluster.state.nodes.available[0]).toBe(0);
    expect(cluster.isLive(replica)).toBe(true);
    expect(cluster.state.replicas.ready[replica]).toBe(0);
    cluster.effects.endOwner(OWNER);
    runTo(85);
    expect(cluster.isServing(replica)).toBe(true);
  });
});

describe('leaders', () => {
  test('a dead leader is replaced after the election time, and the lag of the new one is lost', () => {
    const { cluster, runTo } = runningCluster();
    runTo(60);
    const store = 2;
    const leader = cluster.state.services.leader[store]!;
    const writes = cluster.state.services.writesPerSecond[store]!;
    expect(writes).toBeGreaterThan(40);
    cluster.effects.start({ kind: 'nodeDown', target: cluster.state.replicas.node[leader]!, value: 1, owner: OWNER });
    runTo(85);
    expect(cluster.state.services.leader[store]).toBe(leader);
    runTo(95);
    expect(cluster.state.services.leader[store]).not.toBe(leader);
    expect(cluster.state.services.writesLost[store]).toBeGreaterThan(0);
  });
});

describe('scheduling', () => {
  test('declared replicas are spread over machines', () => {
    const { cluster } = runningCluster();
    const [first, second] = [cluster.state.replicas.node[0], cluster.state.replicas.node[1]];
    expect(first).not.toBe(second);
  });

  test('a new replica waits when no machine has room', () => {
    const spec = clusterSpec({ services: [serviceSpec('front', { cpuRequestCores: 3 })], calls: [] });
    const { cluster, runTo } = runningCluster(spec);
    runTo(10);
    const third = cluster.addReplica(0);
    expect(cluster.state.replicas.phase[third]).toBe(Phase.starting);
    cluster.removeReplica(third);
    cluster.effects.start({ kind: 'nodeCordoned', target: 2, value: 1, owner: OWNER });
    expect(cluster.addReplica(0)).toBe(third);
    runTo(30);
    expect(cluster.state.replicas.phase[third]).toBe(Phase.pending);
    cluster.effects.endOwner(OWNER);
    runTo(50);
    expect(cluster.isServing(third)).toBe(true);
  });
});

function replicaOn(cluster: ReturnType<typeof runningCluster>['cluster'], node: number): number {
  for (let replica = 0; replica < cluster.topology.replicas; replica += 1) {
    const stateless = cluster.topology.replicaDisk[replica]! < 0;
    if (stateless && cluster.state.replicas.node[replica] === node) return replica;
  }
  throw new Error('no replica there');
}
