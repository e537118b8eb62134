/** Breakers and caches in the flow engine: obeyed and counted, filled and lost, replica by replica. */
import { describe, expect, test } from 'vitest';
import { Breaker, type CallSpec, type ClusterSpec } from '../../src/cluster/index.ts';
import { callSpec, clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { runningCluster } from '../support/running-cluster.ts';
import { difference, type FlowWorld, flowWorld, users } from './flow-world.ts';

const BACK = 1;
const RATE = 100;
const breaker = { failureRatioMax: 0.5, windowSeconds: 10, attemptsMin: 20, openSeconds: 20, trialsPerSecond: 5 };
const cache = { hitRatio: 0.9, entries: 500 };

/** Two front replicas that call two back replicas once per request. */
function frontAndBack(call: Partial<CallSpec>): ClusterSpec {
  const base = clusterSpec();
  const free = { replicasMax: 2, cpuSecondsPerRequest: 0, workers: 40 };
  return {
    ...base,
    services: [serviceSpec('front', free), serviceSpec('back', free)],
    calls: [callSpec(0, BACK, call)],
  };
}

function requestsPerSecond(world: FlowWorld, from: number, to: number): number {
  world.runTo(from);
  const { requests } = difference(world, to, ({ services }) => ({ requests: services.requests[BACK]! }));
  return requests / (to - from);
}

describe('a breaker', () => {
  test('that is open refuses all calls of its replica at once, without a retry', () => {
    const world = flowWorld(frontAndBack({ breaker, retriesMax: 3 }));
    world.runTo(10);
    world.state.callers.breaker[0] = Breaker.open;
    expect(users(world, 20, 30).good / RATE).toBeCloseTo(0.5, 6);
    expect(requestsPerSecond(world, 30, 40)).toBeCloseTo(RATE / 2, 6);
    expect(world.meters.services.retries[BACK]).toBe(0);
    world.state.callers.breaker[1] = Breaker.open;
    expect(requestsPerSecond(world, 50, 60)).toBe(0);
    // The front's own 10 ms and the way to it are all that is left.
    expect(users(world, 60, 70).latency).toBeCloseTo(0.01 + 2 * world.spec.network.uplinkLatencySeconds, 6);
  });

  test('that is half open lets as many trials through as it may', () => {
    const world = flowWorld(frontAndBack({ breaker, required: false }));
    world.state.callers.breaker.fill(Breaker.halfOpen);
    expect(requestsPerSecond(world, 10, 20)).toBeCloseTo(10, 6);
    expect(world.state.callers.attempts[0]! / 20).toBeCloseTo(5, 6);
  });

  test('counts what went out and what failed of it, replica by replica', () => {
    const world = flowWorld(frontAndBack({ breaker, retriesMax: 0, timeoutSeconds: 0.2 }));
    world.start('replicaErrors', 2, 0.4);
    world.start('portRequestLoss', world.topology.callerPortStart[0]!, 1);
    world.runTo(10);
    const { attempts, failures } = world.state.callers;
    expect(attempts[0]! / (5 * RATE)).toBeCloseTo(1, 6);
    expect(failures[0]! / attempts[0]!).toBeCloseTo(1, 6);
    expect(failures[1]! / attempts[1]!).toBeCloseTo(0.2, 6);
  });

  test('closes the door on a service that hangs and opens it when it is well again', () => {
    const world = runningCluster(frontAndBack({ breaker, timeoutSeconds: 1, retriesMax: 0 }));
    const { cluster } = world;
    world.runTo(20);
    for (const target of [2, 3]) cluster.effects.start({ kind: 'replicaFrozen', target, value: 1, owner: 1 });
    const answeredAfter: number[] = [];
    for (let second = 21; second <= 32; second += 1) {
      world.runTo(second);
      answeredAfter.push(cluster.state.callers.breaker[0]!);
    }
    expect(answeredAfter[0]).toBe(Breaker.closed);
    expect(answeredAfter.at(-1)).toBe(Breaker.open);
    cluster.effects.endOwner(1);
    for (const target of [2, 3]) cluster.restartReplica(target);
    world.runTo(120);
    expect([...cluster.state.callers.breaker]).toEqual([Breaker.closed, Breaker.closed]);
    const before = cluster.meters.workloads.good[0]!;
    world.runTo(140);
    expect((cluster.meters.workloads.good[0]! - before) / 20).toBeGreaterThan(0.9 * RATE);
  });

  test('that is closed changes nothing', () => {
    const [world, without] = [flowWorld(frontAndBack({ breaker })), flowWorld(frontAndBack({}))];
    for (const each of [world, without]) {
      each.start('replicaErrors', 2, 0.3);
      each.runTo(60);
    }
    expect(world.meters.services).toEqual(without.meters.services);
  });
});

describe('a cache', () => {
  test('spares the callee its share of calls', () => {
    const world = flowWorld(frontAndBack({ cache }));
    world.state.callers.cacheEntries.fill(500);
    expect(requestsPerSecond(world, 10, 20)).toBeCloseTo(0.1 * RATE, 6);
    const without = flowWorld(frontAndBack({}));
    const call = users(without, 10, 20).latency - 0.01 - 2 * world.spec.network.uplinkLatencySeconds;
    const saved = users(without, 20, 30).latency - users(world, 20, 30).latency;
    expect(saved / call).toBeCloseTo(0.9, 2);
  });

  test('that is cold sends the herd to the callee and fills as answers come', () => {
    const world = flowWorld(frontAndBack({ cache }));
    expect(requestsPerSecond(world, 0, 0.5)).toBeCloseTo(RATE, 6);
    // de/dt = 50 (1 - 0.9 e / 500) (1 - e / 500) for each of two replicas.
    let entries = 0;
    for (let step = 0; step < 20_000; step += 1) {
      entries += 0.001 * (RATE / 2) * (1 - (0.9 * entries) / 500) * (1 - entries / 500);
    }
    world.runTo(20);
    expect(world.state.callers.cacheEntries[0]! / entries).toBeCloseTo(1, 1);
    expect(world.state.callers.cacheEntries[1]).toBe(world.state.callers.cacheEntries[0]);
  });

  test('is filled by calls that succeed alone', () => {
    const world = flowWorld(frontAndBack({ cache, retriesMax: 0, required: false }));
    world.start('serviceUnresolved', BACK, 1);
    world.runTo(30);
    expect([...world.state.callers.cacheEntries]).toEqual([0, 0]);
  });

  test('hides a dead callee from the users it can serve', () => {
    const world = flowWorld(frontAndBack({ cache, retriesMax: 0 }));
    world.state.callers.cacheEntries.fill(500);
    for (const replica of [2, 3]) world.start('replicaErrors', replica, 1);
    expect(users(world, 10, 20).good / RATE).toBeCloseTo(0.9, 6);
  });

  test('of one replica that starts again is colder than those of others', () => {
    const world = flowWorld(frontAndBack({ cache }));
    world.state.callers.cacheEntries.fill(500);
    world.runTo(10);
    world.state.callers.cacheEntries[0] = 0;
    expect(requestsPerSecond(world, 10, 10.5) / RATE).toBeCloseTo(0.55, 6);
    world.runTo(15);
    const { cacheEntries } = world.state.callers;
    expect(cacheEntries[0]).toBeGreaterThan(100);
    expect(cacheEntries[0]).toBeLessThan(cacheEntries[1]!);
    world.runTo(300);
    expect(requestsPerSecond(world, 300, 310) / RATE).toBeCloseTo(0.1, 2);
  });
});
