/** Metastable failure, request by request: what retries keep alive, and what ends it. */
import { expect, test } from 'vitest';
import { users } from './flow-world.ts';
import { bareChain, type RequestWorld, requestWorld } from './request-world.ts';

const BACKEND = 1;

/** A gateway that retries, and a backend of ten workers of 0.1 s that loses half its speed from second 20 to 30. */
function afterTrigger(options: { retries: number; inSystemMax?: number; budget?: number }): RequestWorld {
  const call = {
    timeoutSeconds: 1,
    retriesMax: options.retries,
    backoffSeconds: 0.1,
    retryBudgetRatio: options.budget ?? Infinity,
  };
  const queueMax = (options.inSystemMax ?? 3000) - 10;
  const gateway = { workers: 2000, serviceTimeSeconds: 1e-4 };
  const backend = { workers: 10, serviceTimeSeconds: 0.1, queueMax };
  const world = requestWorld(bareChain([gateway, backend], { rate: 70, call }), { seed: 5 });
  world.runTo(20);
  const slow = world.start('replicaSlow', BACKEND, 2);
  world.runTo(30);
  world.end(slow);
  return world;
}

test('three retries and a long queue keep the backend down for good', () => {
  const world = afterTrigger({ retries: 3 });
  expect(users(world, 80, 100).good).toBeLessThan(0.5);
  expect(world.engine.inSystem(BACKEND)).toBeGreaterThan(2_900);
  const { attempts, succeeded } = world.counts.edge(0);
  expect(attempts / succeeded).toBeGreaterThan(8);
});

test.each([
  { name: 'no retries', options: { retries: 0 } },
  { name: 'a retry budget of 10 %', options: { retries: 3, budget: 0.1 } },
  { name: 'a queue shorter than the time-out', options: { retries: 3, inSystemMax: 50 } },
])('with $name it recovers by itself', ({ options }) => {
  const world = afterTrigger(options);
  const { offered, good } = users(world, 80, 100);
  expect(good / offered).toBeGreaterThan(0.99);
  expect(world.engine.inSystem(BACKEND)).toBeLessThan(30);
});

test('switching retries off ends the storm, and it does not come back when they are on again', () => {
  const world = afterTrigger({ retries: 3 });
  world.runTo(60);
  const off = world.start('serviceRetriesOff', BACKEND, 1);
  world.runTo(180);
  world.end(off);
  const { offered, good } = users(world, 185, 195);
  expect(good / offered).toBeGreaterThan(0.99);
});

test('without its budget the storm breaks out after all', () => {
  const world = afterTrigger({ retries: 3, budget: 0.1 });
  world.start('serviceRetryBudgetOff', BACKEND, 1);
  const slow = world.start('replicaSlow', BACKEND, 2);
  world.runTo(50);
  world.end(slow);
  expect(users(world, 70, 80).good).toBeLessThan(0.5);
});
