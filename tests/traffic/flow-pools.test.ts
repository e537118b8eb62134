/** Pools of connections in the flow engine: what they let through, how long calls wait for one, who is held meanwhile. */
import { describe, expect, test } from 'vitest';
import type { CallSpec, ClusterSpec, ServiceSpec } from '../../src/cluster/index.ts';
import { chainSpec, difference, type FlowWorld, flowWorld, users } from './flow-world.ts';

const GATEWAY = 0;
const BACKEND = 1;

/** A gateway of fifty workers that work 1 ms and call a roomy backend of 10 ms over ten connections. */
function pooled(options: { rate: number; call?: Partial<CallSpec>; gateway?: Partial<ServiceSpec> }): ClusterSpec {
  const call = { connectionsMax: 10, connectionWaitSeconds: 1000, timeoutSeconds: 100, retriesMax: 0, ...options.call };
  const gateway = { workers: 50, queueMax: 200, serviceTimeSeconds: 1e-3, ...options.gateway };
  const spec = chainSpec([gateway, { workers: 64, serviceTimeSeconds: 0.01 }], { rate: options.rate, call });
  return { ...spec, network: { ...spec.network, uplinkLatencySeconds: 0, interconnectLatencySeconds: 0 } };
}

function callsPerSecond(world: FlowWorld, from: number, to: number): number {
  world.runTo(from);
  const { calls } = difference(world, to, ({ replicas }) => ({ calls: replicas.requests[BACKEND]! }));
  return calls / (to - from);
}

describe('a slow dependency', () => {
  test('takes all connections, then all workers, and the caller answers no more than the connections allow', () => {
    const world = flowWorld(pooled({ rate: 300 }));
    expect(users(world, 20, 30).good).toBeCloseTo(300, 6);
    world.start('replicaSlow', BACKEND, 10);
    // Ten connections, 0.1 s each.
    expect(callsPerSecond(world, 60, 80)).toBeCloseTo(100, 0);
    expect(users(world, 80, 100).good).toBeCloseTo(100, 0);
    expect(world.engine.inSystem(BACKEND)).toBeLessThan(10.001);
    expect(world.engine.inSystem(BACKEND)).toBeGreaterThan(9.8);
    expect(world.engine.inSystem(GATEWAY)).toBeGreaterThan(245);
  });

  test('is forgotten once it is fast again', () => {
    const world = flowWorld(pooled({ rate: 300 }));
    world.runTo(20);
    const slow = world.start('replicaSlow', BACKEND, 10);
    world.runTo(60);
    world.end(slow);
    expect(users(world, 70, 80).good).toBeCloseTo(300, 6);
    expect(world.engine.inSystem(GATEWAY)).toBeLessThan(5);
  });

  test('starves the calls that no worker needs to wait for', () => {
    const impatient = { connectionWaitSeconds: 0.05, required: false };
    const world = flowWorld(pooled({ rate: 300, call: impatient }));
    world.start('replicaSlow', BACKEND, 10);
    expect(callsPerSecond(world, 60, 80)).toBeCloseTo(100, 0);
    // Two calls in three fail after their wait; the gateway does without.
    expect(users(world, 80, 100).good).toBeCloseTo(300, 6);
    const { failed, made } = difference(world, 120, ({ services }) => ({
      failed: services.failures[BACKEND]!,
      made: services.requests[BACKEND]!,
    }));
    expect(failed / made).toBeCloseTo(2 / 3, 2);
  });
});

test('a call waits for a connection as in the queue of as many servers', () => {
  // Ten connections held 10 ms, 700 calls a second: Erlang C .221731, a wait of .739104 ms.
  const without = flowWorld(pooled({ rate: 700, call: { connectionsMax: null } }));
  const world = flowWorld(pooled({ rate: 700 }));
  const wait = users(world, 100, 110).latency - users(without, 100, 110).latency;
  expect(Math.abs(wait / 0.000739104 - 1)).toBeLessThan(0.01);
});

test('without patience, calls are lost as in the queue without a waiting room', () => {
  const world = flowWorld(pooled({ rate: 700, call: { connectionWaitSeconds: 0 } }));
  world.runTo(60);
  const { failed, made } = difference(world, 70, ({ services }) => ({
    failed: services.failures[BACKEND]!,
    made: services.requests[BACKEND]!,
  }));
  expect(Math.abs(failed / made / 0.0787409 - 1)).toBeLessThan(1e-3);
});

test('each replica of the caller has connections of its own', () => {
  const spec = pooled({ rate: 300 });
  const services = [{ ...spec.services[0]!, replicas: 2, replicasMax: 2 }, spec.services[1]!];
  const world = flowWorld({ ...spec, services });
  world.start('replicaSlow', 2, 10);
  world.runTo(60);
  const { calls } = difference(world, 80, ({ replicas }) => ({ calls: replicas.requests[2]! }));
  expect(calls / 20).toBeCloseTo(200, 0);
});

test('a connection that lingers after its answer is missed by others', () => {
  const world = flowWorld(pooled({ rate: 300 }));
  // Ten connections of 10 + 90 ms.
  world.start('portLinger', world.topology.callerPortStart[0]!, 0.09);
  expect(callsPerSecond(world, 60, 80)).toBeCloseTo(100, 0);
});

test('a pool that is never short changes nothing', () => {
  const spec = pooled({ rate: 300, call: { connectionsMax: 1000 } });
  const [world, without] = [flowWorld(spec), flowWorld(pooled({ rate: 300, call: { connectionsMax: null } }))];
  for (const each of [world, without]) each.runTo(60);
  for (const table of ['services', 'workloads', 'replicas'] as const) {
    expect(world.meters[table]).toEqual(without.meters[table]);
  }
});

test('what is sent is refused, answered or still there, and what waits for a connection is no more than workers', () => {
  const spec = pooled({ rate: 300, gateway: { cpuSecondsPerRequest: 1e-6 } });
  const world = flowWorld({
    ...spec,
    services: spec.services.map((each) => ({ ...each, cpuSecondsPerRequest: 1e-6 })),
  });
  const { replicas, services } = world.meters;
  let slow = 0;
  let waitingMost = 0;
  for (let tick = 1; tick <= 200; tick += 1) {
    if (tick === 40) slow = world.start('replicaSlow', BACKEND, 10);
    if (tick === 120) world.end(slow);
    world.runTo(tick / 2);
    for (const replica of [GATEWAY, BACKEND]) {
      const done = replicas.cpuSeconds[replica]! / 1e-6;
      const accountedFor = replicas.failures[replica]! + done + world.engine.inSystem(replica);
      expect(Math.abs(accountedFor / replicas.requests[replica]! - 1)).toBeLessThan(1e-9);
    }
    const waiting = services.requests[BACKEND]! - replicas.requests[BACKEND]!;
    expect(waiting).toBeGreaterThan(-1e-6);
    waitingMost = Math.max(waitingMost, waiting);
    expect(waiting).toBeLessThan(50);
    if (tick > 130) expect(waiting).toBeLessThan(0.1);
  }
  expect(waitingMost).toBeGreaterThan(35);
});
