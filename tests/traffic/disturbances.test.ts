/** What faults of processes and machines do to traffic, and that it ends when they do. */
import { describe, expect, test } from 'vitest';
import { type ClusterSpec, Phase } from '../../src/cluster/index.ts';
import { callSpec, nodeSpec } from '../support/cluster-spec.ts';
import { chainSpec, difference, flowWorld, users } from './flow-world.ts';

/** Users at `rate` on two replicas that serve 100 requests a second each. */
function twoReplicas(rate: number, timeoutSeconds = 1): ClusterSpec {
  const service = { replicas: 2, replicasMax: 2, workers: 10, serviceTimeSeconds: 0.1, queueMax: 1000 };
  return chainSpec([service], { rate, timeoutSeconds });
}

describe('one of two replicas', () => {
  test('that hangs lets its half of the requests time out and fills up', () => {
    const world = flowWorld(twoReplicas(100));
    world.runTo(20);
    const hung = world.start('replicaHung', 1, 1);
    const { good, latency } = users(world, 30, 40);
    expect(good / 50).toBeCloseTo(1, 2);
    expect(latency).toBeLessThan(0.2);
    expect(world.engine.inSystem(1)).toBeGreaterThan(900);
    world.end(hung);
    world.engine.dropReplica(1);
    expect(world.engine.inSystem(1)).toBe(0);
    expect(users(world, 60, 70).good).toBeGreaterThan(99.5);
  });

  test('whose process is gone refuses its half at once', () => {
    const world = flowWorld(twoReplicas(100));
    world.runTo(20);
    world.setPhase(1, Phase.backoff, { ready: true });
    world.engine.dropReplica(1);
    expect(users(world, 30, 40).good / 50).toBeCloseTo(1, 2);
    expect(world.engine.inSystem(1)).toBe(0);
  });

  test('out of load balancing overloads the other, which recovers when it is back', () => {
    const world = flowWorld(twoReplicas(150));
    expect(users(world, 20, 30).good).toBeGreaterThan(149);
    world.setPhase(1, Phase.backoff);
    world.engine.dropReplica(1);
    expect(users(world, 60, 70).good).toBeLessThan(10);
    world.setPhase(1, Phase.running);
    expect(users(world, 200, 210).good).toBeGreaterThan(149);
  });

  test('that is slow raises the mean latency, and that errs fails its share', () => {
    const world = flowWorld(twoReplicas(20, 10));
    world.runTo(20);
    const slow = world.start('replicaSlow', 0, 5);
    expect(users(world, 60, 70).latency).toBeCloseTo(0.3, 2);
    world.end(slow);
    world.start('replicaErrors', 0, 0.5);
    expect(users(world, 80, 90).good / 20).toBeCloseTo(0.75, 2);
    const { first, second } = difference(world, 100, ({ replicas }) => ({
      first: replicas.failures[0]!,
      second: replicas.failures[1]!,
    }));
    expect(first).toBeCloseTo(50, 0);
    expect(second).toBeCloseTo(0, 0);
  });

  test('excluded from load balancing gets nothing', () => {
    const world = flowWorld(twoReplicas(40));
    world.start('replicaExcluded', 1, 1);
    world.runTo(10);
    const { first, second } = difference(world, 20, ({ replicas }) => ({
      first: replicas.requests[0]!,
      second: replicas.requests[1]!,
    }));
    expect(first).toBeCloseTo(400, 6);
    expect(second).toBe(0);
  });
});

test('retries find the replica that works', () => {
  const spec = chainSpec([{ workers: 60 }, { replicas: 2, replicasMax: 2, workers: 50 }], {
    rate: 20,
    call: { retriesMax: 1, timeoutSeconds: 1, retryBudgetRatio: 1e6 },
  });
  const world = flowWorld(spec);
  world.runTo(20);
  world.start('replicaHung', 2, 1);
  const { good, latency } = users(world, 40, 60);
  expect(good / 20).toBeCloseTo(0.75, 3);
  // Half wait a second once, a quarter of all twice.
  expect(latency).toBeGreaterThan(0.7);
  expect(latency).toBeLessThan(0.85);
});

test('a caller waits out the back-off between its attempts', () => {
  const call = { retriesMax: 2, backoffSeconds: 0.2, retryBudgetRatio: 1e6 };
  const world = flowWorld(chainSpec([{ workers: 60 }, { workers: 60 }], { rate: 20, call }));
  world.runTo(5);
  world.start('replicaErrors', 1, 1);
  // Three attempts, and half of 0.2 s and of 0.4 s on average.
  const { good, latency } = users(world, 10, 20);
  expect(good).toBe(0);
  expect(latency).toBeCloseTo(0.01 + 3 * 0.01 + 0.3, 2);
});

test('a caller can do without a call that is not required, but waits for it', () => {
  const spec = chainSpec([{ workers: 60 }, {}], { rate: 20, call: { required: false, retriesMax: 0 } });
  const world = flowWorld(spec);
  world.runTo(10);
  world.start('replicaFrozen', 1, 1);
  const { good, latency } = users(world, 20, 30);
  expect(good).toBeCloseTo(20, 6);
  expect(latency).toBeGreaterThan(1);
});

test('of one and a half calls on average, each is needed', () => {
  const spec = chainSpec([{ workers: 60 }, {}], { rate: 20, call: { perRequest: 1.5, retriesMax: 0 } });
  const world = flowWorld(spec);
  world.start('replicaErrors', 1, 0.2);
  expect(users(world, 10, 20).good / 20).toBeCloseTo(0.8 * 0.9, 6);
});

test('a slow callee fills the workers of its caller', () => {
  const spec = chainSpec([{ workers: 10, queueMax: 20 }, { workers: 60 }], { rate: 50, timeoutSeconds: 5 });
  const world = flowWorld(spec);
  expect(users(world, 10, 20).good).toBeGreaterThan(49.9);
  world.start('replicaSlow', 1, 80);
  // Ten workers held for 0.81 s and more, up to two attempts of a second.
  const { good } = users(world, 40, 60);
  expect(good).toBeLessThan(13);
  expect(world.engine.inSystem(0)).toBeGreaterThan(29);
});

test('foreign work on a machine takes cores away from its replicas', () => {
  const base = chainSpec([{ workers: 100, cpuSecondsPerRequest: 0.02, cpuLimitCores: 4, queueMax: 50 }], { rate: 100 });
  const world = flowWorld({ ...base, nodes: [nodeSpec('node', 0)], zones: ['a'] });
  world.runTo(20);
  const stolen = world.start('nodeCpuStolen', 0, 12);
  world.runTo(60);
  // Four cores wanted and twelve stolen share four: one is left, which is enough for 50 a second.
  const { cores } = difference(world, 70, ({ replicas }) => ({ cores: replicas.cpuSeconds[0]! }));
  expect(cores / 10).toBeCloseTo(1, 1);
  world.end(stolen);
  expect(users(world, 100, 110).good).toBeGreaterThan(99.9);
});

test('a process that has just started is slower until it is warm', () => {
  const world = flowWorld(chainSpec([{ warmUpSeconds: 20, warmUpFactor: 3, serviceTimeSeconds: 0.1 }], { rate: 1 }));
  world.state.replicas.startedMicros[0] = 0;
  expect(users(world, 0.5, 1).latency).toBeGreaterThan(0.28);
  const halfway = users(world, 9.5, 10.5).latency;
  expect(halfway).toBeGreaterThan(0.19);
  expect(halfway).toBeLessThan(0.22);
  expect(users(world, 21, 22).latency).toBeCloseTo(0.1, 2);
});

test('shedding refuses its share of users and counts it apart', () => {
  const world = flowWorld(twoReplicas(100));
  world.start('serviceShed', 0, 0.3);
  const { offered, shed, good } = users(world, 10, 20);
  expect([offered, shed, good].map((rate) => Math.round(rate))).toEqual([100, 30, 70]);
});

test('a probe fails by the time it would wait in the queue, or because the queue is full', () => {
  const world = flowWorld(chainSpec([{ workers: 1, serviceTimeSeconds: 0.1, queueMax: 100 }], { rate: 8 }));
  world.runTo(50);
  // Sojourn of M/M/1: exponential with mean 0.5 s.
  expect(world.engine.probeTimeoutProbability(0, 1)).toBeCloseTo(0.135, 2);
  world.start('replicaSlow', 0, 20);
  world.runTo(100);
  expect(world.engine.probeTimeoutProbability(0, 1)).toBeGreaterThan(0.999);
});

test('callers of several services wait for one after another', () => {
  const base = chainSpec([{ workers: 60 }, {}, {}], { rate: 10 });
  const spec: ClusterSpec = { ...base, calls: [callSpec(0, 1), callSpec(0, 2, { perRequest: 2 })] };
  const latency = users(flowWorld(spec), 10, 20).latency;
  expect(latency).toBeGreaterThan(0.04);
  expect(latency).toBeLessThan(0.05);
});
