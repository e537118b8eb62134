/** The two engines where something runs short: cores, links, disks, workers held by delays, retries of single callers. */
import { describe, expect, test } from 'vitest';
import type { ClusterSpec, EffectKind, ServiceSpec } from '../../src/cluster/index.ts';
import { callSpec, clusterSpec, nodeSpec, serviceSpec } from '../support/cluster-spec.ts';
import { bothEngines } from './both-engines.ts';
import { flowWorld } from './flow-world.ts';

type Effect = readonly [EffectKind, number, number];

interface Seen {
  readonly good: number;
  readonly latency: number;
  readonly failures: number;
  readonly cores: number;
}

/** What users see and the second service goes through from second 20 to 50, the effects in force from second 10 on. */
function both(spec: ClusterSpec, effects: readonly Effect[]): { flow: Seen; request: Seen } {
  const [flow, request] = bothEngines.map(([, engine]) => {
    const world = flowWorld(spec, { engine, seed: 3 });
    world.runTo(10);
    for (const [kind, target, value] of effects) world.start(kind, target, value);
    world.runTo(20);
    const before = structuredClone(world.meters);
    world.runTo(50);
    const { workloads, services, replicas } = world.meters;
    const last = replicas.cpuSeconds.length - 1;
    const answered = workloads.answered[0]! - before.workloads.answered[0]!;
    return {
      good: (workloads.good[0]! - before.workloads.good[0]!) / (workloads.offered[0]! - before.workloads.offered[0]!),
      latency: (workloads.latencySum[0]! - before.workloads.latencySum[0]!) / Math.max(1e-9, answered),
      failures: (services.failures[1]! - before.services.failures[1]!) / 30,
      cores: (replicas.cpuSeconds[last]! - before.replicas.cpuSeconds[last]!) / 30,
    };
  });
  return { flow: flow!, request: request! };
}

function expectClose(actual: number, expected: number, share: number): void {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(share * Math.abs(expected));
}

/** A front and a back of one replica each. */
function pair(changes: Partial<ServiceSpec>, options: { oneNode?: boolean; rate?: number } = {}): ClusterSpec {
  const one = { replicas: 1, replicasMax: 1, ...changes };
  const base = clusterSpec();
  return clusterSpec({
    zones: options.oneNode === true ? ['a'] : ['a', 'b'],
    nodes: options.oneNode === true ? [nodeSpec('a', 0)] : [nodeSpec('a', 0), nodeSpec('b', 1)],
    services: [serviceSpec('front', one), serviceSpec('back', one)],
    calls: [callSpec(0, 1)],
    workloads: [{ ...base.workloads[0]!, requestsPerSecond: options.rate ?? 60 }],
  });
}

describe('cores taken on a machine', () => {
  test.each([6, 16])('take nothing from those who need few: %i of 4', (stolen) => {
    const { flow, request } = both(pair({}, { oneNode: true }), [['nodeCpuStolen', 0, stolen]]);
    expect(flow.good).toBeGreaterThan(0.999);
    expect(request.good).toBeGreaterThan(0.999);
    expectClose(flow.latency, request.latency, 0.15);
  });

  test.each([6, 12])('leave the starved the same share of their limits: %i of 4', (stolen) => {
    const { flow, request } = both(pair({ cpuSecondsPerRequest: 0.01 }, { oneNode: true }), [
      ['nodeCpuStolen', 0, stolen],
    ]);
    expectClose(flow.cores, request.cores, 0.07);
    // Front and back want all of their one core each.
    if (stolen >= 8) expectClose(request.cores, 4 / (stolen + 2), 0.15);
  });
});

describe('a link', () => {
  const link = 1;
  const spec = pair({ workers: 64, queueMax: 1000, cpuSecondsPerRequest: 0 }, { rate: 100 });
  const heavy = { ...spec, calls: [callSpec(0, 1, { requestBytes: 2000, responseBytes: 20_000 })] };
  const need = 100 * 22_000;

  test('that carries twice what is needed makes messages wait for each other', () => {
    const { flow, request } = both(heavy, [['linkRate', link, 2 * need]]);
    expectClose(flow.latency, request.latency, 0.05);
  });

  test.each([0.93, 0.5])('capped at %f of what is needed', (share) => {
    const { flow, request } = both(heavy, [['linkRate', link, share * need]]);
    expect(Math.abs(flow.good - request.good)).toBeLessThan(0.1);
    expect(Math.abs(flow.failures - request.failures)).toBeLessThan(0.5 + 0.05 * request.failures);
  });

  test.each([1.05, 3])('flooded with %f of its capacity', (flood) => {
    const { flow, request } = both(heavy, [['linkFlood', link, flood * 125e6]]);
    expect(Math.abs(flow.good - request.good)).toBeLessThan(0.03);
    expect(Math.abs(flow.failures - request.failures)).toBeLessThan(0.5 + 0.05 * request.failures);
  });
});

describe('workers held', () => {
  const store = 0;
  const back = 3;

  test.each<Effect>([
    ['diskSlow', store, 12],
    ['diskSlow', store, 15],
    ['diskDelay', store, 0.05],
    ['replicaDelay', back, 0.1],
    ['replicaCpuStolen', back, 0.93],
    ['linkDelay', 1, 0.03],
  ])('by %s on %i of %f', (...effect) => {
    const { flow, request } = both(clusterSpec(), [effect]);
    expect(flow.good).toBeGreaterThan(0.99);
    expect(request.good).toBeGreaterThan(0.99);
    expectClose(flow.latency, request.latency, 0.1);
  });

  test('by a disk close to its limit do not run out', () => {
    const { flow, request } = both(clusterSpec(), [['diskSlow', store, 18]]);
    expect(flow.good).toBeGreaterThan(0.95);
    expect(request.good).toBeGreaterThan(0.95);
  });
});

test.each<EffectKind>(['portReset', 'portCut'])('%s at one caller is what that caller tries again', (kind) => {
  const spec = clusterSpec({ calls: [callSpec(0, 1, { retriesMax: 2 }), callSpec(1, 2)] });
  const { flow, request } = both(spec, [[kind, 0, 0.6]]);
  expectClose(flow.failures, request.failures, 0.05);
  expect(Math.abs(flow.good - request.good)).toBeLessThan(0.02);
});

test.each([960, 1200])('connections that allow 935 calls a second of %i are all in use', (rate) => {
  const base = pair({ workers: 64, queueMax: 200, cpuSecondsPerRequest: 0 }, { rate });
  const services = [base.services[0]!, { ...base.services[1]!, serviceTimeSeconds: 0.02 }];
  const calls = [callSpec(0, 1, { connectionsMax: 20, connectionWaitSeconds: 5, timeoutSeconds: 5 })];
  const { flow, request } = both({ ...base, services, calls }, []);
  expectClose(flow.good, request.good, 0.02);
  expectClose(flow.latency, request.latency, 0.05);
});
