/** Faults between callers and callees in the flow engine: names, configuration, quotas, connections, budgets. */
import { describe, expect, test } from 'vitest';
import type { CallSpec, ClusterSpec, EffectKind } from '../../src/cluster/index.ts';
import { callSpec, clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { difference, type FlowWorld, flowWorld, users } from './flow-world.ts';

const BACK = 1;
const CALL = 0;
const RATE = 100;

/** Two front replicas that call two back replicas once per request. */
function frontAndBack(call: Partial<CallSpec> = {}): ClusterSpec {
  const base = clusterSpec();
  const free = { replicasMax: 2, cpuSecondsPerRequest: 0, workers: 40 };
  const services = [serviceSpec('front', { ...free, workers: 200 }), serviceSpec('back', free)];
  const workloads = [{ ...base.workloads[0]!, timeoutSeconds: 100 }];
  return { ...base, services, workloads, calls: [callSpec(0, BACK, { retriesMax: 0, ...call })] };
}

function seen(world: FlowWorld, from: number, to: number): { arrived: number; good: number; latency: number } {
  world.runTo(from);
  const arrivals = (): number => world.meters.replicas.requests[2]! + world.meters.replicas.requests[3]!;
  const before = arrivals();
  const { good, latency } = users(world, from, to);
  return { arrived: (arrivals() - before) / (to - from) / RATE, good: good / RATE, latency };
}

describe.each<{ kind: EffectKind; target: number; value: number; arrived: number; good: number; late?: number }>([
  { kind: 'serviceUnresolved', target: BACK, value: 0.3, arrived: 0.7, good: 0.7 },
  { kind: 'serviceMisdirected', target: BACK, value: 0.3, arrived: 0.7, good: 0.7, late: 0.3 },
  { kind: 'serviceBreakerOpen', target: BACK, value: 1, arrived: 0, good: 0 },
  { kind: 'callMisconfigured', target: CALL, value: 0.2, arrived: 0.8, good: 0.8 },
  { kind: 'callQuota', target: CALL, value: 40, arrived: 0.4, good: 0.4 },
  { kind: 'callQuota', target: CALL, value: 140, arrived: 1, good: 1 },
])('$kind of $value', ({ kind, target, value, arrived, good, late }) => {
  test('lets the stated share arrive and succeed, and nothing else', () => {
    const world = flowWorld(frontAndBack());
    const usual = users(world, 5, 10).latency;
    const fault = world.start(kind, target, value);
    const during = seen(world, 20, 30);
    expect(during.arrived).toBeCloseTo(arrived, 6);
    expect(during.good).toBeCloseTo(good, 6);
    if (late !== undefined) expect(during.latency).toBeCloseTo(0.7 * (usual - 0.01) + 0.01 + late, 2);
    else expect(during.latency).toBeLessThanOrEqual(usual + 1e-9);
    world.end(fault);
    expect(seen(world, 40, 50)).toEqual({
      arrived: expect.closeTo(1, 6),
      good: expect.closeTo(1, 6),
      latency: expect.closeTo(usual, 6),
    });
  });
});

test('what is refused at once is tried again, but not what a breaker refuses', () => {
  const unresolved = flowWorld(frontAndBack({ retriesMax: 2, retryBudgetRatio: 1e6 }));
  unresolved.start('serviceUnresolved', BACK, 0.5);
  expect(users(unresolved, 20, 30).good / RATE).toBeCloseTo(1 - 0.5 ** 3, 4);
  const barred = flowWorld(frontAndBack({ retriesMax: 2, retryBudgetRatio: 1e6 }));
  barred.start('serviceBreakerOpen', BACK, 1);
  barred.runTo(30);
  expect(barred.meters.services.retries[BACK]).toBe(0);
  expect(barred.meters.services.requests[BACK]).toBe(0);
});

test('a budget keeps retries few until it is switched off', () => {
  const world = flowWorld(frontAndBack({ retriesMax: 3, retryBudgetRatio: 0.1 }));
  world.start('serviceUnresolved', BACK, 1);
  world.runTo(60);
  const retries = ({ services }: FlowWorld['meters']) => ({ retries: services.retries[BACK]! });
  expect(difference(world, 80, retries).retries / 20 / RATE).toBeCloseTo(0.1, 2);
  world.start('serviceRetryBudgetOff', BACK, 1);
  world.runTo(100);
  expect(difference(world, 120, retries).retries / 20 / RATE).toBeCloseTo(3, 2);
});

describe('the ends of connections', () => {
  const ports = (world: FlowWorld): { caller: number; callee: number } => ({
    caller: world.topology.callerPortStart[CALL]!,
    callee: world.topology.calleePortStart[CALL]!,
  });

  test('resets at one callee keep its share from arriving', () => {
    const world = flowWorld(frontAndBack());
    world.start('portReset', ports(world).callee, 0.4);
    expect(seen(world, 20, 30)).toMatchObject({ arrived: expect.closeTo(1, 6), good: expect.closeTo(0.8, 6) });
    expect(world.meters.replicas.cpuSeconds[2]).toBe(0);
    expect(world.engine.inSystem(2)).toBeLessThan(0.7 * world.engine.inSystem(3));
  });

  test('resets at both ends add up to their union', () => {
    const world = flowWorld(frontAndBack());
    world.start('portReset', ports(world).caller, 0.5);
    world.start('portReset', ports(world).callee, 0.5);
    // Pairs: both, caller alone, callee alone, none.
    expect(users(world, 20, 30).good / RATE).toBeCloseTo((0.25 + 0.5 + 0.5 + 1) / 4, 6);
  });

  test('answers cut off are work done for nothing', () => {
    const world = flowWorld(frontAndBack());
    const usual = users(world, 5, 10).latency;
    world.start('portCut', ports(world).caller, 0.6);
    const { arrived, good, latency } = seen(world, 20, 30);
    expect(arrived).toBeCloseTo(1, 6);
    expect(good).toBeCloseTo(0.7, 6);
    expect(latency).toBeCloseTo(usual, 3);
  });

  test('users meet resets and cut answers at the door', () => {
    const world = flowWorld(frontAndBack());
    world.start('portReset', world.topology.calleePortStart[1]!, 1);
    expect(users(world, 20, 30).good / RATE).toBeCloseTo(0.5, 6);
    world.start('portCut', world.topology.calleePortStart[1]! + 1, 1);
    expect(users(world, 40, 50).good).toBe(0);
  });
});
