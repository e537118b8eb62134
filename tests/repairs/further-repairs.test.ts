/** Repairs of configuration, names, clocks, mounts and traffic: what each changes, what it needs, and what it leaves alone. */
import { describe, expect, test } from 'vitest';
import { repairKinds, repairVerbIndex } from '../../src/repairs/index.ts';
import { clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { contestedCluster } from '../support/contested-cluster.ts';

const [FRONT, BACK, STORE] = [0, 1, 2];

describe('a roll-back', () => {
  test('restarts one replica after another and ends a bad release and wrong settings with the last of them', () => {
    const { cluster, fault, faults, repair, repairs, runTo } = contestedCluster();
    const { serviceMisconfigured, callMisconfigured, callQuota } = cluster.effects.values;
    runTo(20);
    fault('service.bad-release', 'severe', 'front');
    fault('service.misconfigured-dependency', 'severe', 'front');
    fault('service.quota', 'severe', 'front');
    fault('service.quota', 'severe', 'back');
    expect([serviceMisconfigured[FRONT], callMisconfigured[0], callQuota[0]]).toEqual([0.8, 1, 20]);
    repair('service.roll-back', 'front');
    for (let seconds = 20; seconds < 35; seconds += 0.5) {
      runTo(seconds);
      expect(cluster.liveReplicas(FRONT)).toBeGreaterThanOrEqual(1);
      if (repairs.inProgress(FRONT)) expect(serviceMisconfigured[FRONT]).toBe(0.8);
    }
    runTo(60);
    expect(repairs.lastOutcome(FRONT)).toBe('succeeded');
    expect([...cluster.state.replicas.restarts].slice(0, 2)).toEqual([1, 1]);
    expect([serviceMisconfigured[FRONT], callMisconfigured[0], callQuota[0]]).toEqual([0, 0, Infinity]);
    // That of another service stays.
    expect(callQuota[1]).toBe(20);
    expect(faults.activeCount()).toBe(1);
  });

  test('fails where nothing was changed, by a fault at least', () => {
    const { cluster, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    repair('service.rate-limit', 'back');
    runTo(25);
    expect(cluster.effects.values.callQuota[0]).toBeCloseTo(120, 9);
    repair('service.roll-back', 'front');
    runTo(40);
    expect(repairs.lastOutcome(FRONT)).toBe('failed');
    expect(cluster.effects.values.callQuota[0]).toBeCloseTo(120, 9);
  });

  test('that gets stuck leaves the settings as they are', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('service.bad-release', 'mild', 'store');
    fault('disk.lost', 'severe', 'store-disk-1');
    repair('service.roll-back', 'store');
    runTo(120);
    expect(repairs.lastOutcome(STORE)).toBe('failed');
    expect(cluster.effects.values.serviceMisconfigured[STORE]).toBeCloseTo(0.2, 12);
  });
});

describe('repairs of traffic', () => {
  test('an open breaker and a rate limit hold for a while and leave nothing behind', () => {
    const { cluster, repair, runTo } = contestedCluster();
    const { serviceBreakerOpen, callQuota } = cluster.effects.values;
    runTo(20);
    repair('service.open-breaker', 'back');
    repair('service.rate-limit', 'store');
    runTo(25);
    expect(serviceBreakerOpen[BACK]).toBe(1);
    // Users' requests, one call each to back and then to the store, and a fifth more.
    expect(callQuota[1]).toBeCloseTo(120, 9);
    runTo(20 + 2 + 45);
    expect(serviceBreakerOpen[BACK]).toBe(0);
    runTo(20 + 2 + 180);
    expect(callQuota[1]).toBe(Infinity);
  });

  test('shifting traffic takes the replica out that failed most requests, while another is ready', () => {
    const { cluster, offered, repair, repairs, runTo } = contestedCluster();
    const { requests, failures } = cluster.meters.replicas;
    expect(offered()).not.toContain('service.shift-traffic front');
    runTo(18);
    for (const replica of [0, 1]) requests[replica]! += 100;
    failures[1]! += 30;
    runTo(20.5);
    expect(cluster.monitoring.worstReplica(FRONT)).toBe(1);
    expect(offered()).toContain('service.shift-traffic front');
    repair('service.shift-traffic', 'front');
    runTo(24);
    expect([...cluster.effects.values.replicaExcluded].slice(0, 3)).toEqual([0, 1, 0]);
    expect(cluster.isLive(1)).toBe(true);
    expect(repairs.isHolding({ component: FRONT, verb: repairVerbIndex('service.shift-traffic') })).toBe(true);
    runTo(20.5 + 3 + 180);
    expect(cluster.effects.values.replicaExcluded[1]).toBe(0);
  });

  test('shifting traffic fails when nothing stands out', () => {
    const { repair, repairs, runTo } = contestedCluster();
    runTo(20);
    repair('service.shift-traffic', 'front');
    runTo(40);
    expect(repairs.lastOutcome(FRONT)).toBe('failed');
  });

  test('pinned addresses end what a wrong name does, and need one', () => {
    const { cluster, fault, faults, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    repair('service.pin-address', 'store');
    runTo(40);
    expect(repairs.lastOutcome(STORE)).toBe('failed');
    fault('service.dns-error', 'severe', 'back');
    fault('service.dns-spoof', 'mild', 'back');
    repair('service.pin-address', 'back');
    runTo(49);
    expect(cluster.effects.values.serviceUnresolved[BACK]).toBe(1);
    runTo(51);
    expect(cluster.effects.values.serviceUnresolved[BACK]).toBe(0);
    expect(cluster.effects.values.serviceMisdirected[BACK]).toBe(0);
    expect(faults.activeCount()).toBe(0);
  });
});

describe('what was scaled away', () => {
  test('comes back by scaling out, also where there can be no more replicas than declared', () => {
    const services = [serviceSpec('front', { replicas: 2, replicasMax: 2 })];
    const contested = contestedCluster({ spec: clusterSpec({ services, calls: [] }) });
    const { cluster, fault, faults, offered, repair, runTo } = contested;
    runTo(20);
    expect(offered()).not.toContain('service.scale-out front');
    fault('service.scale-down', 'mild', 'front');
    expect(cluster.liveReplicas(FRONT)).toBe(1);
    runTo(26);
    expect(offered()).toContain('service.scale-out front');
    repair('service.scale-out', 'front');
    expect(faults.activeCount()).toBe(0);
    runTo(50);
    expect(cluster.servingReplicas(FRONT)).toBe(2);
    runTo(400);
    expect(cluster.state.services.desired[FRONT]).toBe(2);
  });
});

describe('clocks', () => {
  test('are set anew on a machine that answers, and only there', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    const { offsets } = cluster.topology;
    runTo(20);
    fault('node.clock-skew', 'severe', 'node-a');
    expect(cluster.effects.values.nodeClockSkew[0]).toBe(600);
    repair('node.resync-clock', 'node-a');
    repair('node.resync-clock', 'node-b');
    runTo(40);
    expect(cluster.effects.values.nodeClockSkew[0]).toBe(0);
    expect(repairs.lastOutcome(offsets.node + 1)).toBe('failed');
    fault('node.clock-skew', 'severe', 'node-a');
    fault('node.down', 'severe', 'node-a');
    repair('node.resync-clock', 'node-a');
    runTo(60);
    expect(repairs.lastOutcome(offsets.node)).toBe('failed');
    expect(cluster.effects.values.nodeClockSkew[0]).toBe(600);
  });
});

describe('disks', () => {
  test('a remount makes a disk writable at the price of a restart', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    const replica = cluster.topology.diskReplica[0]!;
    runTo(20);
    fault('disk.read-only', 'severe', 'store-disk-0');
    repair('disk.remount', 'store-disk-0');
    runTo(24);
    expect(cluster.effects.values.diskReadOnly[0]).toBe(1);
    runTo(40);
    expect(cluster.effects.values.diskReadOnly[0]).toBe(0);
    expect(cluster.state.replicas.restarts[replica]).toBe(1);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk)).toBe('succeeded');
  });

  test('a disk whose operations hang cannot be mounted anew', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('disk.read-only', 'severe', 'store-disk-0');
    fault('disk.pause', 'severe', 'store-disk-0');
    repair('disk.remount', 'store-disk-0');
    runTo(40);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk)).toBe('failed');
    expect(cluster.effects.values.diskReadOnly[0]).toBe(1);
  });

  test('wrong data are written anew from the other replica in the time the copy takes; the device stays as it is', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    const replica = cluster.topology.diskReplica[1]!;
    runTo(20);
    fault('disk.corrupt', 'severe', 'store-disk-1');
    fault('disk.slow', 'severe', 'store-disk-1');
    repair('disk.restore', 'store-disk-1');
    // 5 s to prepare, then 2 GB at 100 MB/s.
    runTo(44);
    expect(cluster.isLive(replica)).toBe(false);
    expect(cluster.effects.values.diskCorrupt[1]).toBe(0.6);
    runTo(60);
    expect(cluster.effects.values.diskCorrupt[1]).toBe(0);
    expect(cluster.effects.values.diskSlow[1]).toBe(100);
    expect(cluster.servingReplicas(STORE)).toBe(2);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk + 1)).toBe('succeeded');
  });

  test('a copy whose source dies on the way leaves the disk incomplete, and can be made again', () => {
    const { cluster, fault, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    fault('disk.corrupt', 'severe', 'store-disk-1');
    repair('disk.restore', 'store-disk-1');
    runTo(40);
    cluster.killReplica(cluster.topology.diskReplica[0]!);
    runTo(46);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk + 1)).toBe('failed');
    expect(cluster.state.disks.intact[1]).toBe(0);
    runTo(80);
    repair('disk.restore', 'store-disk-1');
    runTo(130);
    expect(cluster.state.disks.intact[1]).toBe(1);
    expect(cluster.servingReplicas(STORE)).toBe(2);
  });

  test('sound data are not written anew', () => {
    const { cluster, repair, repairs, runTo } = contestedCluster();
    runTo(20);
    repair('disk.restore', 'store-disk-1');
    runTo(40);
    expect(repairs.lastOutcome(cluster.topology.offsets.disk + 1)).toBe('failed');
    expect(cluster.state.replicas.restarts[cluster.topology.diskReplica[1]!]).toBe(0);
  });
});

test('every repair has a price, a risk, and says what it needs', () => {
  for (const { name, cost, failureRatio, durationSeconds, needs } of repairKinds) {
    expect(cost, name).toBeGreaterThan(0);
    expect(failureRatio, name).toBeGreaterThan(0);
    expect(durationSeconds, name).toBeGreaterThan(0);
    expect(needs, name).not.toBe('');
  }
});
