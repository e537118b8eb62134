/** Metastable failure: retries keep a queue overloaded long after what overloaded it has gone, unless they are bounded. */
import { expect, test } from 'vitest';
import type { CallSpec } from '../../src/cluster/index.ts';
import { chainSpec, type FlowWorld, flowWorld, users } from './flow-world.ts';

const BACKEND = 1;

/** A gateway that retries, and a backend of ten workers of 0.1 s that loses half its speed from second 20 to 30. */
function afterTrigger(options: { retries: number; inSystemMax?: number; budget?: number; shed?: number }): FlowWorld {
  const call: Partial<CallSpec> = {
    timeoutSeconds: 1,
    retriesMax: options.retries,
    backoffSeconds: 0.1,
    retryBudgetRatio: options.budget ?? 1e6,
  };
  const queueMax = (options.inSystemMax ?? 10_000) - 10;
  const gateway = { workers: 200, serviceTimeSeconds: 1e-4 };
  const backend = { workers: 10, serviceTimeSeconds: 0.1, queueMax };
  const world = flowWorld(chainSpec([gateway, backend], { rate: 70, call }));
  world.runTo(20);
  const slow = world.start('replicaSlow', BACKEND, 2);
  world.runTo(30);
  world.end(slow);
  if (options.shed !== undefined) {
    world.runTo(100);
    const shed = world.start('serviceShed', 0, options.shed);
    world.runTo(300);
    world.end(shed);
  }
  return world;
}

test('three retries and a long queue keep the backend down for good', () => {
  const world = afterTrigger({ retries: 3 });
  expect(users(world, 180, 200).good).toBeLessThan(0.5);
  expect(world.engine.inSystem(BACKEND)).toBeGreaterThan(9_000);
});

test.each([
  { name: 'no retries', options: { retries: 0 } },
  { name: 'a retry budget of 10 %', options: { retries: 3, budget: 0.1 } },
  { name: 'a queue shorter than the time-out', options: { retries: 3, inSystemMax: 50 } },
])('with $name it recovers by itself', ({ options }) => {
  const world = afterTrigger(options);
  expect(users(world, 180, 200).good).toBeGreaterThan(69.9);
  expect(world.engine.inSystem(BACKEND)).toBeCloseTo(7.517, 1);
});

test('switching retries off ends the storm, and it does not come back when they are on again', () => {
  const world = afterTrigger({ retries: 3 });
  world.runTo(60);
  const off = world.start('serviceRetriesOff', BACKEND, 1);
  world.runTo(400);
  world.end(off);
  expect(users(world, 420, 440).good).toBeGreaterThan(69.9);
});

test('shedding most users for long enough ends the storm', () => {
  const world = afterTrigger({ retries: 3, inSystemMax: 5000, shed: 0.8 });
  expect(users(world, 320, 340).good).toBeGreaterThan(69.9);
});

test('the storm multiplies attempts by one plus the retries', () => {
  const world = afterTrigger({ retries: 3 });
  world.runTo(180);
  const before = world.meters.services.requests[BACKEND]!;
  world.runTo(200);
  expect((world.meters.services.requests[BACKEND]! - before) / 20 / 70).toBeCloseTo(4, 1);
});

/** Goodput while the backend is slowed, from 40 runs of an independent simulation of single requests. */
test.each([
  { inSystemMax: 50, during: 36.4, late: 29.8, inSystem: 49.7 },
  { inSystemMax: 60, during: 22.9, late: 10, inSystem: 59.7 },
])('a queue of $inSystemMax near criticality lets through what single requests do', (expected) => {
  const call = { timeoutSeconds: 1, retriesMax: 3, backoffSeconds: 0.1, retryBudgetRatio: 1e6 };
  const backend = { workers: 10, serviceTimeSeconds: 0.1, queueMax: expected.inSystemMax - 10 };
  const world = flowWorld(chainSpec([{ workers: 320, serviceTimeSeconds: 1e-4 }, backend], { rate: 70, call }));
  const goodput = (to: number): number => {
    const { services } = world.meters;
    const before = services.requests[BACKEND]! - services.failures[BACKEND]!;
    world.runTo(to);
    return services.requests[BACKEND]! - services.failures[BACKEND]! - before;
  };
  world.runTo(20);
  world.start('replicaSlow', BACKEND, 2);
  const early = goodput(25) / 5;
  const late = goodput(30) / 5;
  expect(Math.abs((early + late) / 2 / expected.during - 1)).toBeLessThan(0.3);
  expect(Math.abs(late / expected.late - 1)).toBeLessThan(0.3);
  expect(world.engine.inSystem(BACKEND)).toBeCloseTo(expected.inSystem, 0);
});
