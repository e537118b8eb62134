/** Links in the flow engine: which calls cross them, and what loss, delay, partition and flood do. */
import { describe, expect, test } from 'vitest';
import type { ClusterSpec } from '../../src/cluster/index.ts';
import { nodeSpec } from '../support/cluster-spec.ts';
import { chainSpec, difference, type FlowWorld, flowWorld, users } from './flow-world.ts';

/** Two services in two zones: node 0 (uplink 0), node 1 (uplink 1), interconnect 2. */
function acrossZones(changes: Parameters<typeof chainSpec>[1]['call'] = {}, rate = 20): ClusterSpec {
  const call = { timeoutSeconds: 10, retriesMax: 0, ...changes };
  const base = chainSpec([{ workers: 60 }, { workers: 60 }], { rate, call });
  return { ...base, zones: ['a', 'b'], nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1)] };
}

function callLatency(world: FlowWorld, from: number, to: number): number {
  world.runTo(from);
  const { sum, count } = difference(world, to, ({ services }) => ({
    sum: services.latencySum[1]!,
    count: services.answered[1]!,
  }));
  return sum / count;
}

test('a call between zones crosses both uplinks and the interconnect, there and back', () => {
  const world = flowWorld(acrossZones());
  expect(callLatency(world, 5, 10)).toBeCloseTo(0.01 + 2 * (0.0001 + 0.0005 + 0.0001), 5);
  const { links } = world.meters;
  // Users cross the uplink of the service they enter by, and nothing else.
  const users = 10 * 20 * 11_000;
  const calls = 10 * 20 * 2500;
  expect(links.callBytes[0]! / (users + calls)).toBeCloseTo(1, 2);
  expect(links.callBytes[1]! / calls).toBeCloseTo(1, 2);
  expect(links.callBytes[2]! / calls).toBeCloseTo(1, 2);
});

test('a call within a machine crosses no link', () => {
  const world = flowWorld(acrossZones(), { placement: () => 0 });
  world.start('linkLoss', 1, 0.5);
  expect(callLatency(world, 5, 10)).toBeCloseTo(0.01, 6);
  expect(world.meters.links.callBytes[2]).toBe(0);
});

test('packet loss makes small calls late by a retransmission time-out that doubles', () => {
  const world = flowWorld(acrossZones());
  const before = callLatency(world, 5, 10);
  world.start('linkLoss', 2, 0.1);
  // One packet there and two back, sent again each way for itself; each retransmission is lost with 0.1.
  const lost = 0.1 + (1 - 0.9 * 0.9);
  const added = [0.2, 0.6, 1.4, 3, 6.2].reduce((sum, late, index) => sum + lost * 0.9 * 0.1 ** index * late, 0);
  expect(callLatency(world, 20, 25) - before).toBeCloseTo(added, 3);
  expect(users(world, 25, 30).good / 20).toBeCloseTo(1, 4);
});

test('loss fails the calls whose retransmission comes after their time-out', () => {
  const world = flowWorld(acrossZones({ timeoutSeconds: 0.4 }));
  world.start('linkLoss', 2, 0.1);
  // One retransmission fits, there or back; two do not.
  const inTime = 0.9 ** 3 + 0.1 * 0.9 * 0.9 ** 2 + 0.9 * 0.19 * 0.9;
  expect(users(world, 20, 30).good / 20).toBeCloseTo(inTime, 3);
});

test('a partition lets every call time out, and only across it', () => {
  const world = flowWorld(acrossZones({ timeoutSeconds: 1 }));
  world.runTo(5);
  const cut = world.start('linkBlocked', 2, 1);
  const { good } = users(world, 10, 20);
  expect(good).toBe(0);
  expect(world.meters.services.failures[1]! - world.meters.replicas.failures[1]!).toBeCloseTo(0, 6);
  const { arrived } = difference(world, 30, ({ replicas }) => ({ arrived: replicas.cpuSeconds[1]! }));
  expect(arrived).toBe(0);
  world.end(cut);
  expect(users(world, 40, 50).good).toBeCloseTo(20, 6);
});

test('delay on a link counts both ways', () => {
  const world = flowWorld(acrossZones());
  const before = callLatency(world, 5, 10);
  world.start('linkDelay', 2, 0.05);
  expect(callLatency(world, 15, 20) - before).toBeCloseTo(0.1, 5);
});

describe('a flood of twice the capacity', () => {
  const world = flowWorld(acrossZones());
  const before = callLatency(world, 5, 10);
  world.start('linkFlood', 2, 250e6);

  test('loses half of everything and fills the buffer', () => {
    world.runTo(20);
    const { offered, lost, delay } = difference(world, 30, ({ links }) => ({
      offered: links.offeredBytes[2]!,
      lost: links.lostBytes[2]!,
      delay: links.delaySeconds[2]!,
    }));
    expect(lost / offered).toBeCloseTo(0.5, 2);
    expect(delay / 10).toBeCloseTo(0.0005 + 1e6 / 125e6, 4);
    expect(callLatency(world, 30, 35)).toBeGreaterThan(before + 0.2);
  });

  test('is over when it is throttled below the capacity', () => {
    world.start('linkThrottle', 2, 50e6);
    expect(callLatency(world, 40, 45)).toBeCloseTo(before, 4);
  });
});

test('replicas behind a bad link fare worse than their siblings', () => {
  const base = acrossZones({ timeoutSeconds: 1 });
  const services = base.services.map((service) => ({ ...service, replicas: 2, replicasMax: 2 }));
  const world = flowWorld({ ...base, services });
  world.runTo(10);
  world.start('linkBlocked', 1, 1);
  // Users reach the half of the front that is on node 0, and half of its calls reach the back on node 0.
  expect(users(world, 20, 30).good / 20).toBeCloseTo(0.25, 2);
});

test('callers that fare alike lose what each of them would, and one whose own end is bad fares for itself', () => {
  const base = acrossZones({ timeoutSeconds: 0.3 }, 30);
  const copies = { replicas: 2, replicasMax: 2 };
  const services = base.services.map((service) => ({ ...service, ...copies }));
  const nodes = [nodeSpec('node-a', 0), nodeSpec('node-b', 1), nodeSpec('node-c', 0)];
  const spec = { ...base, nodes, services };
  // Backs on nodes 1 and 2, fronts on 0 and 2, or on 0 and 1; the uplink of node 1 loses.
  const lost = 1 - (0.9 ** 3 + 0.1 * 0.9 * 0.9 ** 2 + 0.9 * 0.19 * 0.9);
  const alike = flowWorld(spec, { placement: (replica) => [0, 2, 1, 2][replica]! });
  alike.start('linkLoss', 1, 0.1);
  expect(1 - users(alike, 20, 40).good / 30).toBeCloseTo(lost / 2, 3);
  const unlike = flowWorld(spec, { placement: (replica) => [0, 1, 1, 2][replica]! });
  unlike.start('portRequestLoss', unlike.topology.callerPortStart[0]! + 1, 1);
  expect(users(unlike, 20, 40).good / 30).toBeCloseTo(0.5, 3);
});

test('a route that avoids the link keeps callers on their side', () => {
  const base = acrossZones({ timeoutSeconds: 1 });
  const services = base.services.map((service) => ({ ...service, replicas: 2, replicasMax: 2 }));
  const world = flowWorld({ ...base, services });
  world.start('linkBlocked', 2, 1);
  expect(users(world, 10, 20).good / 20).toBeCloseTo(0.5, 2);
  world.start('linkAvoided', 2, 1);
  expect(users(world, 30, 40).good / 20).toBeCloseTo(1, 3);
});
