/** What the effects on replicas, machines and services do to requests, in both engines alike. */
import { describe, expect, test } from 'vitest';
import type { EffectKind } from '../../src/cluster/index.ts';
import { nodeSpec } from '../support/cluster-spec.ts';
import { bothEngines, CPU_SECONDS, observe } from './both-engines.ts';
import { chainSpec, difference, flowWorld } from './flow-world.ts';

const RATE = 60;
const OWN = 0.01;

/** Users at 60/s on one replica. */
const usual = chainSpec([{ workers: 60, queueMax: 1e4, cpuSecondsPerRequest: CPU_SECONDS }], {
  rate: RATE,
  timeoutSeconds: 2,
});

interface Case {
  readonly name: string;
  readonly kind: EffectKind;
  readonly value: number;
  readonly offered?: number;
  readonly good: number;
  readonly worked: number;
  readonly latency?: number;
}

const cases: readonly Case[] = [
  { name: 'a slow process', kind: 'replicaSlow', value: 5, good: 1, worked: 1, latency: 5 * OWN },
  { name: 'a proxy that delays', kind: 'replicaDelay', value: 0.05, good: 1, worked: 1, latency: OWN + 0.05 },
  { name: 'errors of the process', kind: 'replicaErrors', value: 0.4, good: 0.6, worked: 1, latency: OWN },
  { name: 'a bad release', kind: 'serviceMisconfigured', value: 0.3, good: 0.7, worked: 1, latency: OWN },
  { name: 'a clock within tolerance', kind: 'nodeClockSkew', value: 20, good: 1, worked: 1, latency: OWN },
  { name: 'a clock that is ahead', kind: 'nodeClockSkew', value: 60, good: 0, worked: 1, latency: OWN },
  { name: 'a clock that is behind', kind: 'nodeClockSkew', value: -60, good: 0, worked: 1, latency: OWN },
  { name: 'a surge of users', kind: 'serviceSurge', value: 3, offered: 3, good: 1, worked: 3, latency: OWN },
  { name: 'a process that hangs', kind: 'replicaHung', value: 1, good: 0, worked: 0 },
  { name: 'a process that freezes', kind: 'replicaFrozen', value: 1, good: 0, worked: 0 },
];

describe.each(bothEngines)('in the %s engine', (_, engine) => {
  test.each(cases)('$name', (each) => {
    const at = flowWorld(usual, { engine });
    at.runTo(5);
    at.start(each.kind, 0, each.value);
    const seen = observe(at, 10, 50);
    expect(seen.offered / RATE / (each.offered ?? 1)).toBeCloseTo(1, 1);
    expect(Math.abs(seen.good - each.good)).toBeLessThan(0.03);
    expect(seen.worked / seen.offered / (each.worked / (each.offered ?? 1) || 1)).toBeCloseTo(
      each.worked > 0 ? 1 : 0,
      1,
    );
    if (each.latency !== undefined) expect(seen.latency / each.latency).toBeCloseTo(1, 1);
  });

  test('a delaying proxy holds a worker meanwhile', () => {
    const spec = chainSpec([{ workers: 2, queueMax: 20, cpuSecondsPerRequest: CPU_SECONDS }], { rate: RATE });
    const at = flowWorld(spec, { engine });
    at.runTo(5);
    at.start('replicaDelay', 0, 0.09);
    // Two workers, each held for 0.1 s.
    expect(observe(at, 30, 90).worked / 20).toBeCloseTo(1, 1);
  });

  test('cores stolen of the limit are used, and missed', () => {
    const service = { workers: 60, queueMax: 100, cpuSecondsPerRequest: 0.02, cpuLimitCores: 1.6 };
    const spec = chainSpec([service], { rate: RATE, timeoutSeconds: 60 });
    const at = flowWorld(spec, { engine });
    expect(observe(at, 10, 30).good).toBeGreaterThan(0.95);
    at.start('replicaCpuStolen', 0, 0.8);
    at.runTo(60);
    const { completed, cpu } = difference(at, 120, ({ workloads, replicas }) => ({
      completed: workloads.good[0]!,
      cpu: replicas.cpuSeconds[0]!,
    }));
    // 0.8 cores are left for requests of 0.02 core-seconds; the container uses its whole limit.
    expect(completed / 60 / 40).toBeCloseTo(1, 1);
    expect(cpu / 60 / 1.6).toBeCloseTo(1, 1);
    expect(at.state.nodes.cpuUsedCores[0]).toBeGreaterThan(1.4);
  });

  test('a machine whose cores are stolen starves its replicas and no others', () => {
    const service = { workers: 60, queueMax: 100, replicas: 2, replicasMax: 2, cpuSecondsPerRequest: 0.02 };
    const base = chainSpec([{ ...service, cpuLimitCores: 1 }], { rate: RATE, timeoutSeconds: 60 });
    const spec = { ...base, zones: ['a'], nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 0)] };
    const at = flowWorld(spec, { engine });
    expect(observe(at, 10, 30).good).toBeGreaterThan(0.95);
    at.start('nodeCpuStolen', 0, 7);
    at.runTo(60);
    const { starved, other } = difference(at, 120, ({ replicas }) => ({
      starved: replicas.cpuSeconds[0]!,
      other: replicas.cpuSeconds[1]!,
    }));
    // Seven foreign cores and one of its own share four.
    expect(starved / 60 / 0.5).toBeCloseTo(1, 1);
    expect(other / 60 / 0.6).toBeCloseTo(1, 1);
  });
});
