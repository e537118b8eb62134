/** What every effect on links and ports does to calls, in both engines alike. */
import { describe, expect, test } from 'vitest';
import type { ClusterSpec, EffectKind, TrafficFactory } from '../../src/cluster/index.ts';
import { nodeSpec } from '../support/cluster-spec.ts';
import { bothEngines, CPU_SECONDS, type Observation, observe } from './both-engines.ts';
import { chainSpec, difference, type FlowWorld, flowWorld } from './flow-world.ts';

const RATE = 100;
const QUIET = 0.01 + 2 * (0.0001 + 0.0005 + 0.0001);
const INTERCONNECT = 2;
const CALL = 0;

/** Two services in two zones: node 0 (uplink 0), node 1 (uplink 1), interconnect 2. */
function twoZones(timeoutSeconds: number): ClusterSpec {
  const service = { workers: 200, queueMax: 1e4, cpuSecondsPerRequest: CPU_SECONDS };
  const base = chainSpec([service, service], { rate: RATE, call: { timeoutSeconds, retriesMax: 0 } });
  return { ...base, zones: ['a', 'b'], nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1)] };
}

// One object each: what engines compute once per spec is shared by all worlds.
const usual = twoZones(1);
const patient = twoZones(10);
const impatient = twoZones(0.5);

function world(engine: TrafficFactory, spec: ClusterSpec = usual): FlowWorld {
  return flowWorld(spec, { engine });
}

interface Case {
  readonly name: string;
  readonly effects: readonly (readonly [EffectKind, number | 'callerPort' | 'calleePort', number])[];
  /** What is expected after it, with the tolerance of noise. */
  readonly good?: number;
  readonly latency?: number;
  readonly worked?: number;
}

function apply(at: FlowWorld, effects: Case['effects']): void {
  for (const [kind, target, value] of effects) {
    const { callerPortStart, calleePortStart } = at.topology;
    const ports = { callerPort: callerPortStart[CALL]!, calleePort: calleePortStart[CALL]! };
    at.start(kind, typeof target === 'number' ? target : ports[target], value);
  }
}

function check(seen: Observation, expected: Case): void {
  if (expected.good !== undefined) expect(Math.abs(seen.good - expected.good)).toBeLessThan(0.015);
  if (expected.latency !== undefined) expect(seen.latency / expected.latency).toBeCloseTo(1, 1);
  if (expected.worked !== undefined) expect(Math.abs(seen.worked / RATE - expected.worked)).toBeLessThan(0.05);
}

const cases: readonly Case[] = [
  { name: 'nothing', effects: [], good: 1, worked: 1, latency: QUIET },
  // A lost request was never worked on; a lost response was.
  { name: 'requests lost at the callee', effects: [['portRequestLoss', 'calleePort', 1]], good: 0, worked: 0 },
  { name: 'requests lost at the caller', effects: [['portRequestLoss', 'callerPort', 1]], good: 0, worked: 0 },
  { name: 'responses lost at the callee', effects: [['portResponseLoss', 'calleePort', 1]], good: 0, worked: 1 },
  { name: 'responses lost at the caller', effects: [['portResponseLoss', 'callerPort', 1]], good: 0, worked: 1 },
  { name: 'an uplink blocked inwards', effects: [['linkInBlocked', 1, 1]], good: 0, worked: 0 },
  { name: 'an uplink blocked outwards', effects: [['linkOutBlocked', 1, 1]], good: 0, worked: 1 },
  { name: 'an interconnect blocked there', effects: [['linkInBlocked', INTERCONNECT, 1]], good: 0, worked: 0 },
  { name: 'an interconnect blocked back', effects: [['linkOutBlocked', INTERCONNECT, 1]], good: 0, worked: 1 },
  { name: 'a link blocked both ways', effects: [['linkBlocked', INTERCONNECT, 1]], good: 0, worked: 0 },
  { name: 'delay at one port', effects: [['portDelay', 'calleePort', 0.05]], good: 1, latency: QUIET + 0.05 },
  {
    name: 'delay at both ports',
    effects: [
      ['portDelay', 'calleePort', 0.05],
      ['portDelay', 'callerPort', 0.03],
    ],
    good: 1,
    latency: QUIET + 0.08,
  },
  { name: 'delay on a link', effects: [['linkDelay', INTERCONNECT, 0.05]], good: 1, latency: QUIET + 0.1 },
  { name: 'a delay longer than the time-out', effects: [['portDelay', 'calleePort', 1.2]], good: 0, worked: 1 },
  { name: 'packets sent twice', effects: [['linkDuplicate', INTERCONNECT, 0.5]], good: 1, latency: QUIET },
  {
    name: 'a flood of twice the capacity, throttled',
    effects: [
      ['linkFlood', 2, 250e6],
      ['linkThrottle', 2, 50e6],
    ],
    good: 1,
  },
];

describe.each(bothEngines)('in the %s engine', (_, engine) => {
  test.each(cases)('$name', (each) => {
    const at = world(engine);
    at.runTo(5);
    apply(at, each.effects);
    check(observe(at, 10, 30), each);
  });

  test('loss makes small calls late by retransmission time-outs, each way for itself', () => {
    const at = world(engine, patient);
    at.start('linkLoss', INTERCONNECT, 0.1);
    // One packet there, two back; every further retransmission is lost with 0.1.
    const lost = 0.1 + (1 - 0.9 * 0.9);
    const late = [0.2, 0.6, 1.4, 3, 6.2].reduce((sum, seconds, index) => sum + 0.9 * 0.1 ** index * seconds, 0);
    expect(observe(at, 20, 120).latency / (QUIET + lost * late)).toBeCloseTo(1, 1);
  });

  test('loss at a port of one way only retransmits that way', () => {
    const at = world(engine, impatient);
    at.start('portRequestLoss', at.topology.calleePortStart[CALL]!, 0.2);
    // The first retransmission comes in time, the second after 0.6 s does not.
    const seen = observe(at, 20, 120);
    expect(Math.abs(seen.good - (1 - 0.2 * 0.2))).toBeLessThan(0.01);
  });

  test('jitter leaves the mean and widens the tail', () => {
    const [even, uneven] = [world(engine), world(engine)];
    even.start('linkDelay', INTERCONNECT, 0.1);
    uneven.start('linkDelay', INTERCONNECT, 0.1);
    uneven.start('linkJitter', INTERCONNECT, 0.05);
    const [before, after] = [observe(even, 5, 55), observe(uneven, 5, 55)];
    expect(after.latency / before.latency).toBeCloseTo(1, 1);
    expect(after.latencyP99).toBeGreaterThan(before.latencyP99 + 0.05);
  });

  test('jitter at a port widens the tail as well', () => {
    const at = world(engine);
    const before = observe(at, 5, 30);
    at.start('portDelay', at.topology.calleePortStart[CALL]!, 0.2);
    at.start('portJitter', at.topology.calleePortStart[CALL]!, 0.1);
    const after = observe(at, 35, 60);
    expect(after.latency / (before.latency + 0.2)).toBeCloseTo(1, 1);
    expect(after.latencyP99).toBeGreaterThan(before.latencyP99 + 0.3);
  });

  test('a cap on the rate of a link makes bytes slow, and lets them pile up', () => {
    const at = world(engine);
    const wide = at.start('linkRate', INTERCONNECT, 5e5);
    // 2500 bytes there and back, and a queue at half the capacity.
    const half = observe(at, 10, 30);
    expect(half.good).toBeGreaterThan(0.99);
    expect(half.latency).toBeGreaterThan(QUIET + 0.005);
    expect(half.latency).toBeLessThan(QUIET + 0.02);
    at.end(wide);
    const rate = RATE * 2500 * 0.5;
    at.start('linkRate', INTERCONNECT, rate);
    const read = (to: number) =>
      difference(at, to, ({ links }) => ({
        offered: links.offeredBytes[INTERCONNECT]!,
        lost: links.lostBytes[INTERCONNECT]!,
        delay: links.delaySeconds[INTERCONNECT]!,
      }));
    // The buffer takes eight seconds to fill with what is too much.
    const early = read(32);
    expect(early.delay / 2).toBeLessThan(2.5);
    expect(early.lost).toBe(0);
    at.runTo(60);
    const late = read(80);
    expect(late.delay / 20 / (1e6 / rate)).toBeCloseTo(1, 1);
    // Requests that are lost have no responses: less is offered then.
    expect(late.lost / late.offered).toBeGreaterThan(0.2);
    expect(observe(at, 80, 90).good).toBeLessThan(0.01);
  });

  test('a flood of twice the capacity loses half and fills the buffer, a small one faster', () => {
    const at = world(engine);
    const read = (to: number) =>
      difference(at, to, ({ links }) => ({
        offered: links.offeredBytes[INTERCONNECT]!,
        lost: links.lostBytes[INTERCONNECT]!,
        delay: links.delaySeconds[INTERCONNECT]!,
      }));
    at.runTo(5);
    at.start('linkFlood', INTERCONNECT, 250e6);
    at.runTo(10);
    const first = read(20);
    expect(first.lost / first.offered).toBeCloseTo(0.5, 2);
    expect(first.delay / 10).toBeCloseTo(0.0005 + 1e6 / 125e6, 3);
    at.start('linkBuffer', INTERCONNECT, 2e5);
    at.runTo(25);
    expect(read(35).delay / 10).toBeCloseTo(0.0005 + 2e5 / 125e6, 3);
  });

  test('packets sent twice load their link', () => {
    const at = world(engine);
    const read = (to: number) =>
      difference(at, to, ({ links }) => ({ bytes: links.offeredBytes[INTERCONNECT]! })).bytes;
    at.runTo(5);
    const before = read(25);
    at.start('linkDuplicate', INTERCONNECT, 0.5);
    at.runTo(30);
    expect(read(50) / before).toBeCloseTo(1.5, 1);
  });

  test('a blocked way back lets the caller wait and the callee work for nothing, at one replica alone', () => {
    const services = usual.services.map((service) => ({ ...service, replicas: 2, replicasMax: 2 }));
    const at = flowWorld({ ...usual, services }, { engine, placement: () => 0 });
    at.start('portResponseLoss', at.topology.calleePortStart[CALL]! + 1, 1);
    const seen = observe(at, 10, 40);
    expect(Math.abs(seen.good - 0.5)).toBeLessThan(0.03);
    const { failures, others } = difference(at, 60, ({ replicas }) => ({
      failures: replicas.failures[3]!,
      others: replicas.failures[2]!,
    }));
    expect(failures / (20 * RATE)).toBeCloseTo(0.5, 1);
    expect(others).toBe(0);
  });
});
