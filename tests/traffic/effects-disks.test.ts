/** What the effects on disks do to the requests of their leader, in both engines alike. */
import { describe, expect, test } from 'vitest';
import type { EffectKind, TrafficFactory } from '../../src/cluster/index.ts';
import { storageSpec } from '../support/cluster-spec.ts';
import { bothEngines, observe } from './both-engines.ts';
import { chainSpec, difference, type FlowWorld, flowWorld } from './flow-world.ts';

const RATE = 40;
const OWN = 0.01;
const storage = storageSpec({ operationsPerSecondMax: 100, operationsPerRequest: 1, writeRatio: 0.4 });
const service = { replicas: 2, replicasMax: 2, workers: 100, queueMax: 1e4, storage };
const spec = chainSpec([service], { rate: RATE, timeoutSeconds: 3 });

/** Users at 40/s on the leader of two replicas; the disk does 100 operations a second. */
function store(engine: TrafficFactory): FlowWorld {
  return flowWorld(spec, { engine });
}

interface Case {
  readonly name: string;
  readonly kind: EffectKind;
  readonly value: number;
  readonly good: number;
  readonly latency?: number;
  readonly utilisation?: number;
  /** Acknowledged writes a second. */
  readonly writes?: number;
}

const WAIT = 1 / (100 - RATE);

const cases: readonly Case[] = [
  { name: 'operations delayed', kind: 'diskDelay', value: 0.05, good: 1, latency: OWN + WAIT + 0.05, utilisation: 0.4 },
  {
    name: 'a slow disk',
    kind: 'diskSlow',
    value: 1.5,
    good: 1,
    latency: OWN + 1 / (100 / 1.5 - RATE),
    utilisation: 0.6,
  },
  {
    name: 'foreign operations',
    kind: 'diskStress',
    value: 30,
    good: 1,
    latency: OWN + 1 / (70 - RATE),
    utilisation: 0.7,
  },
  { name: 'operations in error', kind: 'diskErrors', value: 0.25, good: 0.75, writes: 12 },
  { name: 'data that is wrong', kind: 'diskCorrupt', value: 0.5, good: 0.7, writes: 16 },
  { name: 'a read-only mount', kind: 'diskReadOnly', value: 1, good: 0.6, writes: 0 },
  { name: 'a full disk', kind: 'diskHoard', value: 8e9, good: 0.6, writes: 0 },
  { name: 'operations that hang', kind: 'diskPaused', value: 1, good: 0, writes: 0 },
];

describe.each(bothEngines)('in the %s engine', (_, engine) => {
  test.each(cases)('$name', (each) => {
    const at = store(engine);
    at.runTo(10);
    at.start(each.kind, 0, each.value);
    const busyBefore = at.meters.disks.busySeconds[0]!;
    const seen = observe(at, 60, 360);
    expect(Math.abs(seen.good - each.good)).toBeLessThan(0.03);
    if (each.latency !== undefined) expect(Math.abs(seen.latency / each.latency - 1)).toBeLessThan(0.12);
    if (each.utilisation !== undefined) {
      const busy = at.meters.disks.busySeconds[0]! - busyBefore;
      expect(Math.abs(busy / 350 - each.utilisation)).toBeLessThan(0.04);
    }
    if (each.writes !== undefined) {
      expect(Math.abs(at.state.services.writesPerSecond[0]! - each.writes)).toBeLessThan(each.writes > 0 ? 6 : 0.01);
    }
  });

  test('monitoring can tell the wait for a disk under foreign load', () => {
    const at = store(engine);
    at.runTo(10);
    at.start('diskStress', 0, 30);
    at.runTo(30);
    const { operations, wait } = difference(at, 330, ({ disks }) => ({
      operations: disks.operations[0]!,
      wait: disks.awaitSum[0]!,
    }));
    expect(operations / 300 / 70).toBeCloseTo(1, 1);
    expect(Math.abs((wait / operations) * (100 - 70) - 1)).toBeLessThan(0.15);
  });

  test('a disk that hangs no longer lets the leader go on with what has piled up', () => {
    const at = store(engine);
    at.runTo(10);
    const pause = at.start('diskPaused', 0, 1);
    at.runTo(20);
    expect(at.engine.inSystem(0)).toBeGreaterThan(0.8 * 10 * RATE);
    at.end(pause);
    expect(observe(at, 60, 90).good).toBeGreaterThan(0.97);
    expect(at.engine.inSystem(0)).toBeLessThan(20);
  });

  test('a follower on a disk that hangs writes nothing', () => {
    const at = store(engine);
    at.runTo(40);
    at.start('diskPaused', 1, 1);
    at.runTo(42);
    const { leader, follower } = difference(at, 80, ({ disks }) => ({
      leader: disks.operations[0]!,
      follower: disks.operations[1]!,
    }));
    expect(leader / 38 / RATE).toBeCloseTo(1, 1);
    expect(follower).toBe(0);
  });
});
