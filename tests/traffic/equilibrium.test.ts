/** The flow engine at rest against queueing theory; values from the tables of M/M/c queues. */
import { describe, expect, test } from 'vitest';
import { flowWorld, gained, queueSpec } from './flow-world.ts';

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
  // The latency of users is the wait, the service and the trip over one uplink, there and back.
  const answered = gained(world, (meters) => meters.workloads.answered[0]!, 0);
  const network = 2 * world.spec.network.uplinkLatencySeconds;

  test('holds as many requests as theory says', () => {
    expect(answered).toBe(0);
    expect(world.engine.inSystem(0) / inSystem).toBeCloseTo(1, 3);
  });

  test('makes requests wait as long as theory says', () => {
    const before = world.meters.workloads.answered[0]!;
    const latency = gained(world, (meters) => meters.workloads.latencySum[0]!, 6010);
    const mean = latency / (world.meters.workloads.answered[0]! - before);
    expect(Math.abs(mean - network - serviceSeconds - waitSeconds)).toBeLessThan(1e-3 * (serviceSeconds + waitSeconds));
  });
});
