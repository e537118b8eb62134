/** What happens to requests in the replicas of the request engine: crashes, hangs, errors, slowness, cores, disks. */
import { describe, expect, test } from 'vitest';
import { type Balancing, Phase, type ServiceSpec } from '../../src/cluster/index.ts';
import { callSpec, clusterSpec, nodeSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { difference, users } from './flow-world.ts';
import { bareChain, lostOrInvented, type RequestWorld, requestWorld, withoutNetwork } from './request-world.ts';

const steady: Partial<ServiceSpec> = { serviceTimeShape: 'deterministic', serviceTimeCv: 0 };
const BACK = 1;

/** A front that calls a back, one replica each. */
function pair(back: Partial<ServiceSpec>, options: { rate?: number; timeoutSeconds?: number } = {}): RequestWorld {
  const front = { workers: 500, serviceTimeSeconds: 1e-6, queueMax: 500, ...steady };
  const call = { retriesMax: 0, timeoutSeconds: options.timeoutSeconds ?? 1 };
  const spec = bareChain([front, { workers: 10, serviceTimeSeconds: 0.01, queueMax: 500, ...steady, ...back }], {
    rate: options.rate ?? 100,
    timeoutSeconds: 10,
    call,
  });
  return requestWorld(spec);
}

/** Users go straight to the replicas of one service. */
function crowd(service: Partial<ServiceSpec>, rate: number): RequestWorld {
  const base = withoutNetwork(clusterSpec());
  const only = serviceSpec('only', { cpuSecondsPerRequest: 0, queueMax: 1000, ...service });
  const workloads = [{ ...base.workloads[0]!, requestsPerSecond: rate }];
  return requestWorld({ ...base, services: [only], calls: [], workloads });
}

describe('a crash', () => {
  test('loses all work inside, and callers learn of it at once', () => {
    const world = pair({ serviceTimeSeconds: 0.5, workers: 100 }, { rate: 100 });
    world.runTo(5);
    const inside = world.engine.inSystem(BACK);
    const { failed } = world.counts.edge(0);
    expect(inside).toBeGreaterThan(30);
    world.engine.dropReplica(BACK);
    world.setPhase(BACK, Phase.backoff);
    expect(world.engine.inSystem(BACK)).toBe(0);
    world.runTo(5.01);
    expect(world.counts.replica(BACK).dropped).toBe(inside);
    expect(world.counts.edge(0).failed - failed).toBeGreaterThanOrEqual(inside);
    expect(lostOrInvented(world)).toEqual([]);
  });

  test('refuses whoever comes until the process is back', () => {
    const world = pair({});
    world.runTo(2);
    world.engine.dropReplica(BACK);
    world.setPhase(BACK, Phase.backoff, { ready: true });
    const { good, latency } = users(world, 2, 6);
    expect(good).toBe(0);
    expect(latency).toBeLessThan(1e-4);
    world.setPhase(BACK, Phase.running);
    const after = users(world, 6, 16);
    expect(after.good / after.offered).toBeGreaterThan(0.98);
  });

  test('with its machine leaves callers without an answer until their time-outs', () => {
    const world = pair({ serviceTimeSeconds: 0.5, workers: 100 }, { rate: 50, timeoutSeconds: 0.8 });
    world.runTo(5);
    const before = world.counts.edge(0);
    world.start('nodeDown', 1, 1);
    world.engine.dropReplica(BACK);
    world.runTo(5.2);
    expect(world.counts.edge(0).failed).toBe(before.failed);
    world.runTo(6);
    expect(world.counts.edge(0).failed).toBeGreaterThan(before.failed + 20);
    expect(world.meters.workloads.good[0]).toBeLessThanOrEqual(before.succeeded);
  });

  test('of a caller leaves its calls behind: they are served for nobody', () => {
    const world = pair({ serviceTimeSeconds: 0.5, workers: 100 }, { rate: 50 });
    world.runTo(5);
    const under = world.counts.edge(0).underWay;
    world.engine.dropReplica(0);
    world.setPhase(0, Phase.backoff);
    expect(world.counts.edge(0)).toMatchObject({ abandoned: under, underWay: 0 });
    expect(world.engine.inSystem(BACK)).toBe(under);
    world.runTo(6);
    expect(world.engine.inSystem(BACK)).toBe(0);
    expect(world.counts.replica(BACK).dropped).toBe(0);
    expect(world.counts.entities).toBe(0);
  });
});

describe('a process that hangs', () => {
  test.each(['replicaHung', 'replicaFrozen'] as const)('%s: takes requests in and answers none, then all', (kind) => {
    const world = pair({ queueMax: 40 }, { rate: 100, timeoutSeconds: 0.5 });
    world.runTo(2);
    const owner = world.start(kind, BACK, 1);
    world.runTo(4);
    expect(world.engine.inSystem(BACK)).toBe(50);
    const { finished } = world.counts.replica(BACK);
    world.runTo(5);
    expect(world.counts.replica(BACK).finished).toBe(finished);
    world.end(owner);
    world.runTo(5.2);
    expect(world.counts.replica(BACK).finished).toBeGreaterThanOrEqual(finished + 50);
    const after = users(world, 6, 16);
    expect(after.good / after.offered).toBeGreaterThan(0.98);
  });

  test('a paused disk holds requests up, and lets them go', () => {
    const storage = storageSpec();
    const base = withoutNetwork(clusterSpec());
    const services = [serviceSpec('store', { replicas: 1, replicasMax: 1, storage })];
    const world = requestWorld({ ...base, services, calls: [] });
    world.runTo(2);
    const owner = world.start('diskPaused', 0, 1);
    world.runTo(2.5);
    const { finished } = world.counts.replica(0);
    world.runTo(4);
    expect(world.counts.replica(0).finished).toBe(finished);
    world.end(owner);
    const after = users(world, 8, 14);
    expect(after.good / after.offered).toBeGreaterThan(0.98);
  });
});

describe('errors', () => {
  test('a share of requests fails after its work', () => {
    const world = pair({});
    world.start('replicaErrors', BACK, 0.2);
    const { good, offered } = users(world, 0, 40);
    expect(Math.abs(good / offered - 0.8)).toBeLessThan(0.025);
    expect(world.meters.replicas.failures[BACK]).toBe(world.counts.edge(0).failed);
    expect(world.counts.replica(BACK).finished).toBeGreaterThan(3900);
  });

  test('a bad release and a clock that is off make errors too', () => {
    const release = pair({});
    release.start('serviceMisconfigured', BACK, 1);
    expect(users(release, 1, 3).good).toBe(0);
    const clock = pair({});
    clock.start('nodeClockSkew', 1, 100);
    expect(users(clock, 1, 3).good).toBe(0);
  });
});

describe('slowness', () => {
  test.each([
    { kind: 'replicaSlow', value: 5, seconds: 0.05 },
    { kind: 'replicaDelay', value: 0.2, seconds: 0.21 },
  ] as const)('$kind holds workers longer', ({ kind, value, seconds }) => {
    const world = pair({ workers: 100 });
    world.start(kind, BACK, value);
    expect(users(world, 2, 12).latency).toBeCloseTo(seconds, 3);
    const busy = difference(world, 20, ({ replicas }) => ({ seconds: replicas.inSystemSeconds[BACK]! }));
    expect(busy.seconds / 8 / 100 / seconds).toBeCloseTo(1, 1);
  });

  test('a cold process warms up linearly', () => {
    const world = pair({ warmUpSeconds: 20, warmUpFactor: 5, workers: 100 });
    world.state.replicas.startedMicros[BACK] = 0;
    world.state.global.routesStale[0] = 1;
    // The mean of 5 at second 0 and 3 at second 10.
    expect(users(world, 0, 10).latency).toBeCloseTo(0.04, 2);
    expect(users(world, 21, 30).latency).toBeCloseTo(0.01, 4);
  });

  test('cores bound the throughput, whatever the workers', () => {
    const cpu = { cpuSecondsPerRequest: 0.01, cpuLimitCores: 0.5, workers: 50, queueMax: 20 };
    const world = pair(cpu, { rate: 200, timeoutSeconds: 9 });
    expect(users(world, 5, 45).good / 50).toBeCloseTo(1, 1);
    expect(world.meters.replicas.cpuSeconds[BACK]! / 45).toBeCloseTo(0.5, 1);
    expect(world.state.nodes.cpuUsedCores[1]).toBeCloseTo(0.5, 1);
  });

  test('foreign work on the machine leaves fewer cores', () => {
    const cpu = { cpuSecondsPerRequest: 0.01, cpuLimitCores: 1, workers: 50, queueMax: 20 };
    const world = pair(cpu, { rate: 200, timeoutSeconds: 9 });
    world.start('nodeCpuStolen', 1, 12);
    const { good } = users(world, 10, 30);
    expect(good).toBeLessThan(40);
    expect(good).toBeGreaterThan(10);
  });
});

describe('load balancing', () => {
  test.each(['random', 'round-robin', 'two-choices'] as Balancing[])(
    '%s spreads evenly over endpoints',
    (balancing) => {
      const world = crowd({ balancing, replicas: 3, replicasMax: 4, workers: 50 }, 300);
      world.runTo(20);
      const shares = [0, 1, 2, 3].map((replica) => world.counts.replica(replica).entered / 6000);
      expect(shares[3]).toBe(0);
      for (const share of shares.slice(0, 3)) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.035);
    },
  );

  test('two choices keep queues shorter than turns, turns shorter than chance', () => {
    const queue = { replicas: 10, replicasMax: 10, workers: 1, serviceTimeSeconds: 0.01 };
    const waits = (['random', 'round-robin', 'two-choices'] as Balancing[]).map((balancing) => {
      const world = crowd({ balancing, ...queue }, 900);
      return users(world, 5, 25).latency;
    });
    expect(waits[0]).toBeGreaterThan(1.3 * waits[1]!);
    expect(waits[1]).toBeGreaterThan(1.5 * waits[2]!);
  });

  test('without an endpoint callers fail at once', () => {
    const world = crowd({}, 100);
    for (const replica of [0, 1]) world.setPhase(replica, Phase.running, { ready: false });
    world.runTo(5);
    expect(world.meters.workloads.good[0]).toBe(0);
    expect(world.counts.edge(0)).toMatchObject({ succeeded: 0, underWay: 0 });
    expect(world.counts.entities).toBe(0);
  });
});

describe('probes', () => {
  test('pass while workers are free, fail when the queue is full, in between by the wait', () => {
    const world = pair({ workers: 2, queueMax: 400 }, { rate: 100 });
    world.runTo(5);
    expect(world.engine.probeTimeoutProbability(BACK, 1)).toBeLessThan(1e-6);
    const owner = world.start('replicaFrozen', BACK, 1);
    world.runTo(7.1);
    world.end(owner);
    world.runTo(7.2);
    // Some 190 requests wait for two workers of 0.01 s each: about 0.95 s.
    expect(world.engine.probeTimeoutProbability(BACK, 0.2)).toBeGreaterThan(0.99);
    const even = world.engine.probeTimeoutProbability(BACK, (world.engine.inSystem(BACK) * 0.01) / 2);
    expect(even).toBeGreaterThan(0.2);
    expect(even).toBeLessThan(0.8);
    expect(world.engine.probeTimeoutProbability(BACK, 3)).toBeLessThan(0.01);
    world.start('replicaSlow', BACK, 1e4);
    world.runTo(30);
    expect(world.engine.inSystem(BACK)).toBe(402);
    expect(world.engine.probeTimeoutProbability(BACK, 1000)).toBe(1);
  });

  test('of a process that does not serve are not a matter of load', () => {
    const world = pair({});
    world.start('replicaHung', BACK, 1);
    world.runTo(5);
    expect(world.engine.probeTimeoutProbability(BACK, 1)).toBe(0);
  });
});

test('one machine, no network: a request takes as long as its work and its calls', () => {
  const base = withoutNetwork(clusterSpec());
  const names = ['a', 'b', 'c'].map((name) =>
    serviceSpec(name, { ...steady, replicas: 1, workers: 99, cpuSecondsPerRequest: 0 }),
  );
  const calls = [callSpec(0, 1, { perRequest: 2 }), callSpec(0, 2), callSpec(1, 2)];
  const world = requestWorld({ ...base, nodes: [nodeSpec('only', 0)], services: names, calls });
  // Own work, two calls of b with one of c each, one of c.
  expect(users(world, 1, 3).latency).toBeCloseTo(0.06, 5);
});
