/** Which conditions of disks and of the network keep a replica from leading or following, and what is lost with a leader. */
import { describe, expect, test } from 'vitest';
import { type Cluster, type EffectKind, signalColumn, signalNames } from '../../src/cluster/index.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { runningCluster } from '../support/running-cluster.ts';

const OWNER = 1;
const STORE = 2;

/** Leader on node 0, follower on node 1; a second of lag, 30 s to an election. */
function running(): { cluster: Cluster; leader: number; runTo: (seconds: number) => void } {
  const { cluster, runTo } = runningCluster(clusterSpec());
  runTo(20);
  return { cluster, leader: cluster.topology.replicaStart[STORE]!, runTo };
}

function start(cluster: Cluster, kind: EffectKind, target: number, value = 1): void {
  cluster.effects.start({ kind, target, value, owner: OWNER });
}

function signal(cluster: Cluster, component: number, name: (typeof signalNames)[number]): number {
  return cluster.monitoring.delivered[component * signalNames.length + signalColumn[name]]!;
}

describe('a leader', () => {
  test.each([
    ['whose disk hangs', 'diskPaused', 0],
    ['whose machine is not reached', 'linkInBlocked', 0],
    ['whose machine is not heard', 'linkOutBlocked', 0],
  ] as const)('%s is replaced after the election time-out, and its lag is lost', (_, kind, target) => {
    const { cluster, leader, runTo } = running();
    const writes = cluster.state.services.writesPerSecond[STORE]!;
    expect(writes).toBeGreaterThan(40);
    start(cluster, kind, target);
    runTo(48);
    expect(cluster.state.services.leader[STORE]).toBe(leader);
    runTo(54);
    expect(cluster.state.services.leader[STORE]).toBe(leader + 1);
    // Not at the rate of the half minute without a leader, when nothing was written.
    expect(cluster.state.services.writesLost[STORE]! / writes).toBeCloseTo(1, 0);
    expect(cluster.state.services.writesLost[STORE]! / writes).toBeGreaterThan(0.8);
  });

  test.each(['diskReadOnly', 'diskDelay', 'nodeClockSkew'] as const)('goes on leading under %s', (kind) => {
    const { cluster, leader, runTo } = running();
    start(cluster, kind, 0, kind === 'nodeClockSkew' ? 100 : 0.2);
    runTo(80);
    expect(cluster.state.services.leader[STORE]).toBe(leader);
    expect(cluster.state.services.writesLost[STORE]).toBe(0);
  });

  test('whose disk was replaced goes on with what its follower had, less the lag', () => {
    const { cluster, leader, runTo } = running();
    const writes = cluster.state.services.writesPerSecond[STORE]!;
    expect(cluster.rebuildDisk(0)).toBeGreaterThan(0);
    runTo(30);
    cluster.completeDisk(0);
    runTo(45);
    expect(cluster.state.services.leader[STORE]).toBe(leader);
    expect(cluster.state.services.writesLost[STORE]! / writes).toBeGreaterThan(0.8);
    expect(cluster.state.services.writesLost[STORE]! / writes).toBeLessThan(1.2);
  });

  test('loses nothing when the disk of its follower is replaced', () => {
    const { cluster, runTo } = running();
    cluster.rebuildDisk(1);
    runTo(30);
    cluster.completeDisk(1);
    expect(cluster.state.services.writesLost[STORE]).toBe(0);
  });
});

describe('a follower', () => {
  const interconnect = 3;
  test.each([
    ['whose disk hangs', 'diskPaused', 1],
    ['whose machine is not reached', 'linkInBlocked', 1],
    ['cut off from the leader there', 'linkInBlocked', interconnect],
    ['cut off from the leader back', 'linkOutBlocked', interconnect],
  ] as const)('%s falls behind, and catches up', (_, kind, target) => {
    const { cluster, leader, runTo } = running();
    start(cluster, kind, target);
    runTo(60.5);
    expect(cluster.state.replicas.lagSeconds[leader + 1]).toBeCloseTo(41, 0);
    cluster.effects.endOwner(OWNER);
    runTo(100);
    expect(cluster.state.replicas.lagSeconds[leader + 1]).toBe(1);
  });

  test('none of whose ports lets anything through falls behind', () => {
    const { cluster, leader, runTo } = running();
    const port = cluster.topology.calleePortStart[1]! + 1;
    start(cluster, 'portRequestLoss', port);
    runTo(60.5);
    expect(cluster.state.replicas.lagSeconds[leader + 1]).toBeCloseTo(41, 0);
  });
});

describe('monitoring', () => {
  test('fails its pings over a link that is blocked one way', () => {
    const { cluster, runTo } = running();
    start(cluster, 'linkInBlocked', 1);
    runTo(40);
    expect(signal(cluster, cluster.topology.offsets.link + 1, 'loss')).toBe(1);
  });

  test('shows a disk that hangs as one that is always busy', () => {
    const { cluster, runTo } = running();
    const disk = cluster.topology.offsets.disk + 1;
    expect(signal(cluster, disk, 'utilisation')).toBeLessThan(0.1);
    start(cluster, 'diskPaused', 1);
    runTo(40);
    expect(signal(cluster, disk, 'utilisation')).toBe(1);
    expect(signal(cluster, disk, 'diskAwait')).toBeGreaterThan(1);
  });

  test('counts memory that another process in the container takes, and the container dies of it', () => {
    const { cluster, runTo } = running();
    start(cluster, 'replicaMemoryTaken', 0, 100e6);
    runTo(30);
    expect(signal(cluster, 0, 'memory')).toBeGreaterThan(0.75);
    expect(cluster.state.replicas.restarts[0]).toBe(0);
    start(cluster, 'replicaMemoryTaken', 0, 60e6);
    runTo(33);
    expect(cluster.state.replicas.restarts[0]).toBe(1);
    expect(cluster.effects.values.replicaMemoryTaken[0]).toBe(0);
  });
});
