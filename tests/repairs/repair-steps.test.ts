import { describe, expect, test } from 'vitest';
import { Phase } from '../../src/cluster/index.ts';
import { repairKinds } from '../../src/repairs/index.ts';
import { clusterSpec, nodeSpec, serviceSpec } from '../support/cluster-spec.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

const [FRONT, BACK, STORE] = [0, 1, 2];

describe('restarts', () => {
  test('a rolling restart takes one replica at a time and ends what was bound to the processes', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('service.hang', 'severe', 'front');
    expect(cluster.servingReplicas(FRONT)).toBe(0);
    repair('service.restart', 'front');
    expect(cluster.liveReplicas(FRONT)).toBe(1);
    for (let seconds = 20; seconds < 60; seconds += 0.5) {
      runTo(seconds);
      expect(cluster.liveReplicas(FRONT)).toBeGreaterThanOrEqual(1);
    }
    expect(cluster.servingReplicas(FRONT)).toBe(2);
    expect([...cluster.state.replicas.restarts].slice(0, 2)).toEqual([1, 1]);
    expect(repairs.lastOutcome(FRONT)).toBe('succeeded');
  });

  test('the leader of a store is restarted last', () => {
    const { cluster, repair, runTo } = contestedCluster();
    const leader = cluster.state.services.leader[STORE]!;
    runTo(20);
    repair('service.restart', 'store');
    expect(cluster.isLive(leader)).toBe(true);
    expect(cluster.liveReplicas(STORE)).toBe(1);
    runTo(33);
    expect(cluster.state.replicas.restarts[leader]).toBe(1);
  });

  test('a restart does not stop a crash loop, but a reschedule does', () => {
    const contested = contestedCluster();
    const { cluster, fault, repair, runTo } = contested;
    runTo(20);
    fault('service.kill', 'severe', 'front');
    repair('service.restart-unready', 'front');
    runTo(70);
    expect(cluster.servingReplicas(FRONT)).toBe(0);
    runTo(80);
    repairUntilSucceeded(contested, { name: 'service.reschedule', place: 'front', component: FRONT });
    repairUntilSucceeded(contested, { name: 'service.reschedule', place: 'front', component: FRONT });
    expect(cluster.servingReplicas(FRONT)).toBe(2);
  });

  test('restarting the unready leaves the ready alone', () => {
    const { cluster, repair, runTo } = contestedCluster();
    runTo(20);
    cluster.killReplica(0);
    cluster.killReplica(0);
    runTo(21);
    repair('service.restart-unready', 'front');
    runTo(26.5);
    expect(cluster.servingReplicas(FRONT)).toBe(2);
    expect([...cluster.state.replicas.restarts].slice(0, 2)).toEqual([2, 0]);
  });
});

describe('moving and adding replicas', () => {
  test('a drain empties a machine, keeps it closed for a while and opens it again', () => {
    const { cluster, repair, repairs, runTo } = contestedCluster();
    const node = cluster.topology.offsets.node;
    runTo(20);
    expect(replicasOn(cluster, 0)).toBeGreaterThan(0);
    repair('node.drain', 'node-a');
    runTo(80);
    expect(repairs.lastOutcome(node)).toBe('succeeded');
    expect(replicasOn(cluster, 0)).toBe(0);
    for (const service of [FRONT, BACK, STORE]) expect(cluster.servingReplicas(service)).toBe(2);
    expect(cluster.effects.values.nodeCordoned[0]).toBe(1);
    runTo(80 + 180);
    expect(cluster.effects.values.nodeCordoned[0]).toBe(0);
    expect(repairs.inProgress(node)).toBe(false);
  });

  test('a drain that finds no room for every replica fails and opens the machine again', () => {
    const services = [
      serviceSpec('front', { cpuRequestCores: 2.5, placement: [0, 1] }),
      serviceSpec('big', { cpuRequestCores: 1.2, placement: [0, 1] }),
    ];
    const spec = clusterSpec({
      services,
      calls: [],
      nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1), { ...nodeSpec('node-c', 2), cores: 2.6 }],
    });
    const { cluster, repair, repairs, runTo } = contestedCluster({ spec });
    runTo(20);
    repair('node.drain', 'node-a');
    runTo(120);
    expect(repairs.lastOutcome(cluster.topology.offsets.node)).toBe('failed');
    expect(replicasOn(cluster, 0)).toBe(1);
    expect(cluster.effects.values.nodeCordoned[0]).toBe(0);
  });

  test('a drain moves what is not ready all at once', () => {
    const { cluster, fault, repair, runTo } = contestedCluster();
    runTo(20);
    fault('node.down', 'severe', 'node-a');
    runTo(70);
    repair('node.drain', 'node-a');
    expect(replicasOn(cluster, 0)).toBe(0);
    runTo(77);
    for (const service of [FRONT, BACK]) expect(cluster.servingReplicas(service)).toBe(2);
  });

  test('a reboot brings a machine back that was off, and ends foreign processes', () => {
    const { cluster, fault, faults, repair, runTo } = contestedCluster();
    runTo(20);
    fault('node.cpu-stress', 'severe', 'node-b');
    fault('node.down', 'severe', 'node-b');
    repair('node.reboot', 'node-b');
    runTo(79);
    expect(cluster.effects.values.nodeDown[1]).toBe(1);
    runTo(100);
    expect(faults.activeCount()).toBe(0);
    expect(cluster.servingReplicas(FRONT)).toBe(2);
  });

  test('scaling out adds a replica, and is not possible beyond the most', () => {
    const { cluster, repair, repairs, runTo, offered } = contestedCluster();
    runTo(20);
    repair('service.scale-out', 'front');
    runTo(40);
    expect(cluster.servingReplicas(FRONT)).toBe(3);
    expect(offered()).not.toContain('service.scale-out store');
    repair('service.scale-out', 'front');
    runTo(60);
    expect(repairs.lastOutcome(FRONT)).toBe('failed');
    expect(cluster.liveReplicas(FRONT)).toBe(3);
  });
});

describe('stores', () => {
  test('a fail-over promotes the follower and loses its lag', () => {
    const { cluster, repair, runTo } = contestedCluster();
    runTo(20);
    cluster.state.services.writesPerSecond[STORE] = 50;
    const leader = cluster.state.services.leader[STORE];
    repair('service.fail-over', 'store');
    runTo(25);
    expect(cluster.state.services.leader[STORE]).not.toBe(leader);
    expect(cluster.state.services.writesLost[STORE]).toBeCloseTo(50, 5);
  });

  test('a lost disk is replaced from the other replica in the time the copy takes', () => {
    const { cluster, fault, faults, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('disk.lost', 'severe', 'store-disk-1');
    repair('disk.replace', 'store-disk-1');
    runTo(49);
    expect(cluster.state.disks.intact[1]).toBe(0);
    runTo(60);
    expect(cluster.state.disks.intact[1]).toBe(1);
    expect(cluster.servingReplicas(STORE)).toBe(2);
    expect(faults.activeCount()).toBe(0);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk + 1)).toBe('succeeded');
  });

  test('a disk cannot be replaced without another complete copy', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('disk.lost', 'severe', 'store-disk-1');
    repair('disk.replace', 'store-disk-0');
    runTo(40);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk)).toBe('failed');
    expect(cluster.state.disks.intact[0]).toBe(1);
  });

  test('a copy whose source dies on the way fails and leaves the disk empty', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('disk.lost', 'severe', 'store-disk-1');
    repair('disk.replace', 'store-disk-1');
    runTo(40);
    cluster.killReplica(cluster.topology.diskReplica[0]!);
    runTo(51);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk + 1)).toBe('failed');
    expect(cluster.state.disks.intact[1]).toBe(0);
  });

  test('freeing space ends a fill', () => {
    const { cluster, fault, faults, repair, runTo } = contestedCluster();
    runTo(20);
    fault('disk.fill', 'severe', 'store-disk-0');
    repair('disk.free-space', 'store-disk-0');
    runTo(26);
    expect(cluster.effects.values.diskHoard[0]).toBe(0);
    expect(faults.activeCount()).toBe(0);
  });
});

describe('repairs that hold for a while', () => {
  test('shedding ends by itself, and renewing it starts the time anew without shedding more', () => {
    const { cluster, repair, repairs, runTo } = contestedCluster();
    const shed = () => cluster.effects.values.serviceShed[FRONT];
    const verb = repairKinds.findIndex(({ name }) => name === 'service.shed-load');
    runTo(20);
    repair('service.shed-load', 'front');
    runTo(25);
    expect(shed()).toBeCloseTo(0.3, 12);
    expect(repairs.inProgress(FRONT)).toBe(false);
    expect(repairs.isHolding({ component: FRONT, verb })).toBe(true);
    runTo(100);
    repair('service.shed-load', 'front');
    runTo(110);
    expect(shed()).toBeCloseTo(0.3, 12);
    runTo(150);
    expect(shed()).toBeCloseTo(0.3, 12);
    runTo(221);
    expect(shed()).toBeCloseTo(0.3, 12);
    runTo(223);
    expect(shed()).toBe(0);
    expect(repairs.isHolding({ component: FRONT, verb })).toBe(false);
  });

  test('throttling lets through 5 % of the capacity and needs foreign traffic', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    const uplink = cluster.topology.offsets.link;
    runTo(20);
    repair('link.throttle', 'node-a-uplink');
    runTo(40);
    expect(repairs.lastOutcome(uplink)).toBe('failed');
    expect(cluster.effects.values.linkThrottle[0]).toBe(Infinity);
    fault('link.flood', 'severe', 'node-a-uplink');
    repair('link.throttle', 'node-a-uplink');
    runTo(44);
    expect(cluster.effects.values.linkThrottle[0]).toBeCloseTo(0.05 * 125e6, 3);
    expect(cluster.effects.values.linkFlood[0]).toBeGreaterThan(0);
  });
});

/** Tries again where an attempt had bad luck. */
function repairUntilSucceeded(
  { cluster, repair, repairs, runTo }: ContestedCluster,
  what: { name: string; place: string; component: number },
): void {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    repair(what.name, what.place);
    runTo(cluster.nowSeconds + 40);
    if (repairs.lastOutcome(what.component) === 'succeeded') return;
  }
  throw new Error(`${what.name} never succeeds`);
}

function replicasOn(cluster: ContestedCluster['cluster'], node: number): number {
  let count = 0;
  cluster.forReplicasOn(node, (replica) => {
    if (cluster.state.replicas.phase[replica] !== Phase.absent) count += 1;
  });
  return count;
}
