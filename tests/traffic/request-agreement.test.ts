/** The two engines on the same clusters: what monitoring and users see agrees within a few percent. */
import { expect, test } from 'vitest';
import type { ClusterSpec, EffectKind } from '../../src/cluster/index.ts';
import { createEvenFlowTraffic } from '../../src/traffic/index.ts';
import { callSpec, clusterSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { type FlowWorld, flowWorld } from './flow-world.ts';
import { requestWorld } from './request-world.ts';

interface Seen {
  readonly rates: number[];
  readonly latency: number[];
  readonly p99: number[];
  readonly good: number;
  readonly retries: number[];
  readonly inSystem: number[];
  readonly cores: number[];
  readonly bytes: number[];
  readonly operations: number[];
}

interface Effect {
  readonly kind: EffectKind;
  readonly target: number;
  readonly value: number;
}

/** Averages from second 20 to a time, the effects in force from second 10 on. */
function see(world: FlowWorld, toSeconds: number, effects: readonly Effect[] = []): Seen {
  world.runTo(10);
  for (const { kind, target, value } of effects) world.start(kind, target, value);
  world.runTo(20);
  const before = structuredClone(world.meters);
  world.runTo(toSeconds);
  const { services, replicas, workloads, links, disks } = world.meters;
  const grown = (now: Float64Array, then: Float64Array): number[] => Array.from(now, (value, at) => value - then[at]!);
  const rate = (now: Float64Array, then: Float64Array): number[] =>
    grown(now, then).map((value) => value / (toSeconds - 20));
  const answered = grown(services.answered, before.services.answered);
  const perAnswer = (now: Float64Array, then: Float64Array): number[] =>
    grown(now, then).map((value, at) => value / Math.max(1, answered[at]!));
  return {
    rates: rate(services.requests, before.services.requests),
    latency: perAnswer(services.latencySum, before.services.latencySum),
    p99: perAnswer(services.latencyP99Sum, before.services.latencyP99Sum),
    good: (workloads.good[0]! - before.workloads.good[0]!) / (workloads.offered[0]! - before.workloads.offered[0]!),
    retries: rate(services.retries, before.services.retries),
    inSystem: rate(replicas.inSystemSeconds, before.replicas.inSystemSeconds),
    cores: rate(replicas.cpuSeconds, before.replicas.cpuSeconds),
    bytes: rate(links.callBytes, before.links.callBytes),
    operations: rate(disks.operations, before.disks.operations),
  };
}

function both(spec: ClusterSpec, toSeconds: number, effects: readonly Effect[] = []): { flow: Seen; request: Seen } {
  return {
    flow: see(flowWorld(spec, { engine: createEvenFlowTraffic }), toSeconds, effects),
    request: see(requestWorld(spec, { seed: 4 }), toSeconds, effects),
  };
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  for (const [index, value] of expected.entries()) {
    expect(Math.abs(actual[index]! - value), `${index}: ${actual[index]} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.abs(value) + 1e-9,
    );
  }
}

test('a healthy cluster looks the same', () => {
  const { flow, request } = both(clusterSpec(), 140);
  expectClose(request.rates, flow.rates, 0.03);
  expectClose(request.latency, flow.latency, 0.04);
  expectClose(request.p99, flow.p99, 0.08);
  expectClose(request.inSystem, flow.inSystem, 0.08);
  expectClose(request.cores, flow.cores, 0.05);
  expectClose(request.bytes, flow.bytes, 0.04);
  expectClose(request.operations, flow.operations, 0.06);
  expect(request.good).toBeCloseTo(flow.good, 2);
});

test('so does one with a third of a store failing, retries and all', () => {
  const effects: Effect[] = [{ kind: 'replicaErrors', target: 6, value: 0.3 }];
  const calls = [callSpec(0, 1), callSpec(1, 2, { retriesMax: 2, retryBudgetRatio: 1e6 })];
  const { flow, request } = both(clusterSpec({ calls }), 100, effects);
  expectClose(request.rates, flow.rates, 0.05);
  expectClose([request.retries[2]!], [flow.retries[2]!], 0.07);
  expect(Math.abs(request.good - flow.good)).toBeLessThan(0.01);
  expectClose(request.latency, flow.latency, 0.05);
});

test('and one with a replica five times slower', () => {
  const { flow, request } = both(clusterSpec(), 100, [{ kind: 'replicaSlow', target: 3, value: 5 }]);
  expectClose(request.rates, flow.rates, 0.04);
  expectClose(request.latency, flow.latency, 0.06);
  expectClose(request.inSystem, flow.inSystem, 0.1);
});

test('and one with packets lost on a link', () => {
  const { flow, request } = both(clusterSpec(), 100, [{ kind: 'linkLoss', target: 0, value: 0.02 }]);
  expectClose(request.rates, flow.rates, 0.04);
  expectClose(request.latency, flow.latency, 0.12);
  expect(Math.abs(request.good - flow.good)).toBeLessThan(0.01);
});

test('and one that takes more than it can do', () => {
  const base = clusterSpec();
  const services = [
    serviceSpec('front', { workers: 200, queueMax: 200 }),
    serviceSpec('back', { workers: 4, serviceTimeSeconds: 0.05, queueMax: 20 }),
    serviceSpec('store', { replicasMax: 2, storage: storageSpec(), placement: [0, 1] }),
  ];
  const workloads = [{ ...base.workloads[0]!, requestsPerSecond: 200 }];
  const { flow, request } = both({ ...base, services, workloads }, 100);
  expect(Math.abs(request.good - flow.good)).toBeLessThan(0.05);
  expectClose(request.inSystem.slice(3, 5), flow.inSystem.slice(3, 5), 0.1);
  expectClose([request.rates[2]!], [flow.rates[2]!], 0.05);
});
