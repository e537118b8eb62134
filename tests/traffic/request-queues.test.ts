/** Single queues of the request engine against queueing theory, within what chance allows. */
import { expect, test } from 'vitest';
import { mean, standardError } from '../../src/base/index.ts';
import type { ServiceSpec } from '../../src/cluster/index.ts';
import { difference } from './flow-world.ts';
import { bareChain, requestWorld } from './request-world.ts';

const REPLICATIONS = 6;
/** Theory's unit of time, the mean service time. */
const SERVICE_SECONDS = 0.01;

/** Mean time in the system, number in it and share refused, over independent replications. */
function measure(queue: { workers: number; rate: number; customers: number; changes?: Partial<ServiceSpec> }) {
  const { workers, customers, changes } = queue;
  const rate = queue.rate / SERVICE_SECONDS;
  const service = { workers, queueMax: 1000, serviceTimeSeconds: SERVICE_SECONDS, ...changes };
  const spec = bareChain([service], { rate, timeoutSeconds: 10 });
  const samples = Array.from({ length: REPLICATIONS }, (_, seed) => {
    const world = requestWorld(spec, { seed });
    const seconds = customers / rate;
    world.runTo(50 / rate);
    const totals = difference(world, 50 / rate + seconds, ({ workloads, replicas }) => ({
      offered: workloads.offered[0]!,
      good: workloads.good[0]!,
      latency: workloads.latencySum[0]!,
      inSystemSeconds: replicas.inSystemSeconds[0]!,
    }));
    return {
      time: totals.latency / totals.good / SERVICE_SECONDS,
      number: totals.inSystemSeconds / seconds,
      refused: 1 - totals.good / totals.offered,
    };
  });
  return (field: 'time' | 'number' | 'refused') => samples.map((sample) => sample[field]);
}

function expectMean(values: readonly number[], theory: number): void {
  expect(Math.abs(mean(values) - theory)).toBeLessThan(3.3 * standardError(values));
  // The test must be able to see an error of an eighth.
  expect(standardError(values)).toBeLessThan(0.04 * theory);
}

test('one worker: requests wait four service times at 80 % load', () => {
  const values = measure({ workers: 1, rate: 0.8, customers: 16_000 });
  expectMean(values('time'), 5);
  expectMean(values('number'), 4);
});

test('four workers at 80 % load follow Erlang C', () => {
  const values = measure({ workers: 4, rate: 3.2, customers: 10_000 });
  expectMean(values('time'), 1.745541);
  expectMean(values('number'), 5.58573);
});

test('a queue of ten places refuses as many as theory says', () => {
  const values = measure({ workers: 1, rate: 1.2, customers: 10_000, changes: { queueMax: 9 } });
  expectMean(values('refused'), 0.192587);
  expectMean(values('number'), 6.710709);
});

test.each([
  { shape: 'deterministic', cv: 0, wait: 2 },
  { shape: 'gamma', cv: 0.5, wait: 2.5 },
  { shape: 'lognormal', cv: 0.5, wait: 2.5 },
  { shape: 'hyperexponential', cv: 1.5, wait: 6.5 },
] as const)('$shape service times of variation $cv wait as Pollaczek and Khinchine say', ({ shape, cv, wait }) => {
  const changes = { serviceTimeShape: shape, serviceTimeCv: cv };
  const values = measure({ workers: 1, rate: 0.8, customers: cv > 1 ? 20_000 : 8000, changes });
  expectMean(values('time'), wait + 1);
});

test('the 99th percentile of an M/M/1 queue is that of an exponential', () => {
  const spec = bareChain([{ workers: 1, serviceTimeSeconds: 1e-3 }], { rate: 500 });
  const world = requestWorld({ ...spec, monitoring: { ...spec.monitoring, scrapeSeconds: 50 } });
  const { sum, answered } = difference(world, 100, ({ workloads }) => ({
    sum: workloads.latencyP99Sum[0]!,
    answered: workloads.answered[0]!,
  }));
  // ln(100) times the mean of 2 ms.
  expect(Math.abs(sum / answered / 9.2103e-3 - 1)).toBeLessThan(0.07);
});
