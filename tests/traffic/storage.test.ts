/** Disks in the flow engine: what they add to requests, and which requests they fail. */
import { expect, test } from 'vitest';
import { storageSpec } from '../support/cluster-spec.ts';
import { chainSpec, difference, type FlowWorld, flowWorld, users } from './flow-world.ts';

const storage = storageSpec({ operationsPerSecondMax: 100, operationsPerRequest: 1, writeRatio: 0.4 });

/** Users at 40/s on the leader of two replicas; the disk does 100 operations a second. */
function store(): FlowWorld {
  const service = { replicas: 2, replicasMax: 2, workers: 60, serviceTimeSeconds: 0.01, storage };
  return flowWorld(chainSpec([service], { rate: 40, timeoutSeconds: 30 }));
}

test('a request waits for the disk as in an M/M/1 queue', () => {
  const world = store();
  expect(users(world, 50, 60).latency).toBeCloseTo(0.01 + 1 / (100 - 40), 3);
  const { operations, busy } = difference(world, 70, ({ disks }) => ({
    operations: disks.operations[0]!,
    busy: disks.busySeconds[0]!,
  }));
  expect(operations / 10).toBeCloseTo(40, 3);
  expect(busy / 10).toBeCloseTo(0.4, 3);
});

test('a slow disk bounds what its leader can serve', () => {
  const world = store();
  world.start('diskSlow', 0, 5);
  world.runTo(60);
  const { operations } = difference(world, 70, ({ disks }) => ({ operations: disks.operations[0]! }));
  expect(operations / 10).toBeCloseTo(20, 1);
});

test('above the watermark writes fail and reads do not', () => {
  const world = store();
  world.runTo(60);
  expect(world.state.services.writesPerSecond[0]).toBeCloseTo(16, 3);
  world.start('diskHoard', 0, 8e9);
  expect(users(world, 90, 100).good / 40).toBeCloseTo(0.6, 6);
  expect(world.state.services.writesPerSecond[0]).toBeLessThan(0.01);
});

test('operations in error fail their requests, and a lost device fails all', () => {
  const world = store();
  world.start('diskErrors', 0, 0.25);
  expect(users(world, 10, 20).good / 40).toBeCloseTo(0.75, 6);
  world.start('diskHoard', 0, 8e9);
  expect(users(world, 30, 40).good / 40).toBeCloseTo(0.75 * 0.6, 6);
  world.start('diskLost', 0, 1);
  expect(users(world, 50, 60).good).toBe(0);
});

test('only the leader serves, and a follower writes what has been acknowledged', () => {
  const world = store();
  world.runTo(100);
  expect(world.state.services.writesPerSecond[0]).toBeCloseTo(16, 3);
  const { leader, follower, written } = difference(world, 110, ({ replicas, disks }) => ({
    leader: replicas.requests[0]!,
    follower: replicas.requests[1]!,
    written: disks.operations[1]!,
  }));
  expect([leader, follower, written].map(Math.round)).toEqual([400, 0, 160]);
});

test('without a leader requests are refused at once', () => {
  const world = store();
  world.runTo(10);
  world.state.services.leader[0] = -1;
  world.state.global.routesStale[0] = 1;
  const { good } = users(world, 20, 30);
  expect(good).toBe(0);
  expect(world.engine.inSystem(0)).toBeLessThan(1e-6);
});
