/** The flow engine at rest against queueing theory; reference values from the tables of M/M/c queues. */
import { describe, expect, test } from 'vitest';
import { difference, flowWorld, queueSpec } from './flow-world.ts';

const queues = [
  { name: 'M/M/1 at 0.5', workers: 1, serviceSeconds: 1, rate: 0.5, inSystem: 1, waitSeconds: 1 },
  { name: 'M/M/1 at 0.8', workers: 1, serviceSeconds: 1, rate: 0.8, inSystem: 4, waitSeconds: 4 },
  { name: 'M/M/1 at 0.95', workers: 1, serviceSeconds: 1, rate: 0.95, inSystem: 19, waitSeconds: 19 },
  { name: 'M/M/4 at 0.8', workers: 4, serviceSeconds: 1, rate: 3.2, inSystem: 5.58573, waitSeconds: 0.745541 },
  { name: 'M/M/10 at 0.7', workers: 10, serviceSeconds: 0.1, rate: 70, inSystem: 7.517373, waitSeconds: 0.00739104 },
  { name: 'M/M/100 at 0.9', workers: 100, serviceSeconds: 1, rate: 90, inSystem: 91.95246, waitSeconds: 0.021694 },
];

describe.each(queues)('$name', ({ workers, serviceSeconds, rate, inSystem, waitSeconds }) => {
  const world = flowWorld(queueSpec({ workers, serviceSeconds, rate }));
  world.runTo(6000);

  test('holds as many requests as theory says', () => {
    expect(Math.abs(world.engine.inSystem(0) / inSystem - 1)).toBeLessThan(1e-3);
  });

  test('makes requests wait as long as theory says', () => {
    const { latencySum, answered } = difference(world, 6010, ({ workloads }) => ({
      latencySum: workloads.latencySum[0]!,
      answered: workloads.answered[0]!,
    }));
    const roundTrip = 2 * world.spec.network.uplinkLatencySeconds;
    const sojourn = latencySum / answered - roundTrip;
    expect(Math.abs(sojourn / (serviceSeconds + waitSeconds) - 1)).toBeLessThan(1e-3);
  });
});

test('a less variable service time shortens the wait as Pollaczek and Khinchine say', () => {
  const deterministic = queueSpec({ workers: 1, serviceSeconds: 1, rate: 0.8, changes: { serviceTimeCv: 0 } });
  const world = flowWorld(deterministic);
  world.runTo(1000);
  // Wait 2 instead of 4, plus the service itself: 0.8 * 3 requests.
  expect(world.engine.inSystem(0)).toBeCloseTo(2.4, 3);
});

test('cores that run out before workers make the queue that they serve', () => {
  // A quarter of the time is work for a core, and there is one core: four at once, 40 a second.
  const changes = { cpuSecondsPerRequest: 0.025, cpuLimitCores: 1 };
  const world = flowWorld(queueSpec({ workers: 100, serviceSeconds: 0.1, rate: 32, changes }));
  world.runTo(1000);
  expect(world.engine.inSystem(0) / 5.58573).toBeCloseTo(1, 3);
});

test('the 99th percentile of an M/M/1 queue is ln 100 times its mean sojourn', () => {
  const world = flowWorld(queueSpec({ workers: 1, serviceSeconds: 1, rate: 0.8 }));
  world.runTo(3000);
  const { p99, answered } = difference(world, 3010, ({ workloads }) => ({
    p99: workloads.latencyP99Sum[0]!,
    answered: workloads.answered[0]!,
  }));
  expect(p99 / answered).toBeCloseTo(23.0259, 1);
});

test.each([
  { workers: 1, rate: 0.8, serviceSeconds: 1, timeoutSeconds: 5, lost: 0.367879 },
  { workers: 1, rate: 0.8, serviceSeconds: 1, timeoutSeconds: 15, lost: 0.049787 },
  { workers: 10, rate: 70, serviceSeconds: 0.1, timeoutSeconds: 0.2, lost: 0.150065 },
  { workers: 10, rate: 70, serviceSeconds: 0.1, timeoutSeconds: 0.4, lost: 0.0203455 },
])('$workers workers at $rate/s answer as many too late for $timeoutSeconds s as the sojourn time says', (queue) => {
  const world = flowWorld(queueSpec(queue));
  world.runTo(3000);
  const { good, offered } = difference(world, 3010, ({ workloads }) => ({
    good: workloads.good[0]!,
    offered: workloads.offered[0]!,
  }));
  expect(Math.abs(1 - good / offered - queue.lost)).toBeLessThan(0.002 + 0.02 * queue.lost);
});
