/** Calm services in a row are carried by a short cut; whether it is taken must not show. */
import { expect, test } from 'vitest';
import type { CallSpec, ClusterSpec } from '../../src/cluster/index.ts';
import { createTraffic } from '../../src/traffic/index.ts';
import { callSpec, clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { type FlowWorld, flowWorld } from './flow-world.ts';

const neverOpens = { failureRatioMax: 1, windowSeconds: 10, attemptsMin: 20, openSeconds: 20, trialsPerSecond: 5 };

/** A front that calls a middle and a back, which the middle calls as well. */
function triangle(call: Partial<CallSpec>): ClusterSpec {
  const base = clusterSpec();
  const each = { replicasMax: 2, cpuSecondsPerRequest: 0.001, workers: 8 };
  return {
    ...base,
    services: [
      serviceSpec('front', { ...each, workers: 40 }),
      serviceSpec('middle', each),
      serviceSpec('back', { ...each, serviceTimeSeconds: 0.08 }),
    ],
    calls: [
      callSpec(0, 1, { ...call, timeoutSeconds: 5 }),
      callSpec(0, 2, { ...call, perRequest: 0.6, timeoutSeconds: 5 }),
      callSpec(1, 2, { ...call, perRequest: 0.3, timeoutSeconds: 5 }),
    ],
  };
}

function totals({ meters }: FlowWorld): number[] {
  const { services, replicas, links, workloads } = meters;
  return [services, replicas, links, workloads].flatMap((table) =>
    Object.values(table).flatMap((column) => [...column]),
  );
}

function expectSame(one: FlowWorld, other: FlowWorld): void {
  const expected = totals(other);
  totals(one).forEach((value, index) => {
    expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected[index]!)));
  });
}

test('services with breakers that stay closed fare as those without any, in health, in trouble and after it', () => {
  // What guards a call keeps its caller off the short cut.
  const [swift, other] = [{}, { breaker: neverOpens }].map((call) =>
    flowWorld(triangle(call), { engine: createTraffic('flow'), seed: 3 }),
  ) as [FlowWorld, FlowWorld];
  for (const world of [swift, other]) world.runTo(60);
  expect(swift.meters.services.requests[2]).toBeGreaterThan(1000);
  expectSame(swift, other);
  for (const world of [swift, other]) {
    const fault = world.start('replicaSlow', 2, 4);
    world.runTo(120);
    world.end(fault);
  }
  expectSame(swift, other);
  for (const world of [swift, other]) world.runTo(300);
  expectSame(swift, other);
});
