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

const finite = [
  { name: 'Erlang B of 4 at 3.2', workers: 4, waitingMax: 0, rate: 3.2, blocked: 0.228145 },
  { name: 'Erlang B of 10 at 7', workers: 10, waitingMax: 0, rate: 7, blocked: 0.0787409 },
  { name: 'Erlang B of 10 at 12', workers: 10, waitingMax: 0, rate: 12, blocked: 0.301925 },
  { name: 'Erlang B of 100 at 90', workers: 100, waitingMax: 0, rate: 90, blocked: 0.0269574 },
  { name: 'M/M/1/1 at 0.5', workers: 1, waitingMax: 0, rate: 0.5, blocked: 1 / 3, inSystem: 1 / 3 },
  { name: 'M/M/1/10 at 0.8', workers: 1, waitingMax: 9, rate: 0.8, blocked: 0.0234929, inSystem: 2.966314 },
  { name: 'M/M/1/10 at 1', workers: 1, waitingMax: 9, rate: 1, blocked: 1 / 11, inSystem: 5 },
  { name: 'M/M/1/10 at 1.2', workers: 1, waitingMax: 9, rate: 1.2, blocked: 0.192587, inSystem: 6.710709 },
  { name: 'M/M/10/60 at 1.2', workers: 10, waitingMax: 50, rate: 12, blocked: 0.166675, inSystem: 55.00267 },
];

test.each(finite)(
  '$name refuses and holds as many as theory says',
  ({ workers, waitingMax, rate, blocked, inSystem }) => {
    const changes = { queueMax: waitingMax };
    const world = flowWorld(queueSpec({ workers, serviceSeconds: 1, rate, changes }));
    world.runTo(3000);
    const { refused, sent } = difference(world, 3010, ({ replicas }) => ({
      refused: replicas.failures[0]!,
      sent: replicas.requests[0]!,
    }));
    expect(Math.abs(refused / sent / blocked - 1)).toBeLessThan(1e-3);
    if (inSystem !== undefined) expect(Math.abs(world.engine.inSystem(0) / inSystem - 1)).toBeLessThan(1e-3);
  },
);

test('what a finite queue answers took as long as Little says', () => {
  const world = flowWorld(queueSpec({ workers: 10, serviceSeconds: 0.1, rate: 120, changes: { queueMax: 50 } }));
  world.runTo(300);
  const { latencySum, answered } = difference(world, 310, ({ workloads }) => ({
    latencySum: workloads.latencySum[0]!,
    answered: workloads.answered[0]!,
  }));
  const roundTrip = 2 * world.spec.network.uplinkLatencySeconds;
  expect(Math.abs((latencySum / answered - roundTrip) / 0.550032 - 1)).toBeLessThan(1e-3);
  expect(Math.abs(answered / 10 / 99.99902 - 1)).toBeLessThan(1e-3);
});

test.each([
  { variation: 0, waitSeconds: 2 },
  { variation: 0.5, waitSeconds: 2.5 },
  { variation: 1, waitSeconds: 4 },
  { variation: 2, waitSeconds: 10 },
  { variation: 4, waitSeconds: 34 },
])('a service time of variation $variation makes M/G/1 wait as Pollaczek and Khinchine say', (queue) => {
  const changes = { serviceTimeCv: queue.variation };
  const world = flowWorld(queueSpec({ workers: 1, serviceSeconds: 1, rate: 0.8, changes }));
  world.runTo(6000);
  expect(Math.abs(world.engine.inSystem(0) / (0.8 * (1 + queue.waitSeconds)) - 1)).toBeLessThan(1e-3);
});

test.each([
  { variation: 0, factor: 0.5 },
  { variation: 2, factor: 2.5 },
  { variation: 4, factor: 8.5 },
])('with four servers the wait grows by (1 + cv^2) / 2 at a variation of $variation', ({ variation, factor }) => {
  const changes = { serviceTimeCv: variation };
  const world = flowWorld(queueSpec({ workers: 4, serviceSeconds: 1, rate: 3.2, changes }));
  world.runTo(6000);
  expect(Math.abs((world.engine.inSystem(0) - 3.2) / (factor * 2.38573) - 1)).toBeLessThan(1e-3);
});

test('a variable service time loses more where the queue is short, none where there is no queue', () => {
  const blocked = (variation: number, queueMax: number): number => {
    const changes = { serviceTimeCv: variation, queueMax };
    const world = flowWorld(queueSpec({ workers: 1, serviceSeconds: 1, rate: 0.9, changes }));
    world.runTo(3000);
    return world.meters.replicas.failures[0]! / world.meters.replicas.requests[0]!;
  };
  // Erlang's loss does not depend on the shape; a token bucket of five tokens loses .0643619 as M/D/1/5.
  expect(blocked(4, 0)).toBeCloseTo(0.9 / 1.9, 3);
  expect(blocked(0, 0)).toBeCloseTo(0.9 / 1.9, 3);
  expect(Math.abs(blocked(0, 4) / 0.0643619 - 1)).toBeLessThan(0.1);
  expect(blocked(2, 4)).toBeGreaterThan(blocked(1, 4));
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
