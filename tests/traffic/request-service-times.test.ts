/** Service times have the mean, the variation and the tail of their shape. */
import { expect, test } from 'vitest';
import { mean, quantile, RandomStreams, StateLayout, variance } from '../../src/base/index.ts';
import { type ServiceTimeForm, ServiceTimes } from '../../src/traffic/index.ts';

const DRAWS = 40_000;

function draw(form: ServiceTimeForm): number[] {
  const layout = new StateLayout();
  const streams = new RandomStreams(layout, ['other', 'time']);
  const times = new ServiceTimes(streams, 1, [form]);
  layout.build();
  streams.seed(5);
  return Array.from({ length: DRAWS }, () => times.draw(0));
}

// The 99th percentiles: tables of the gamma distribution, exp(sigma 2.3263 - sigma^2 / 2), and by bisection.
test.each([
  { serviceTimeShape: 'exponential', serviceTimeCv: 1, p99: 4.6052 },
  { serviceTimeShape: 'lognormal', serviceTimeCv: 1, p99: 4.9049 },
  { serviceTimeShape: 'lognormal', serviceTimeCv: 0.3, p99: 1.8962 },
  { serviceTimeShape: 'gamma', serviceTimeCv: 0.5, p99: 2.5113 },
  { serviceTimeShape: 'gamma', serviceTimeCv: 1, p99: 4.6052 },
  { serviceTimeShape: 'gamma', serviceTimeCv: Math.sqrt(2), p99: 6.6349 },
  { serviceTimeShape: 'hyperexponential', serviceTimeCv: 2, p99: 10.7459 },
] as const)('$serviceTimeShape with a variation of $serviceTimeCv', ({ p99, ...form }) => {
  const times = draw(form);
  const { serviceTimeCv } = form;
  expect(times.every((time) => time > 0)).toBe(true);
  expect(Math.abs(mean(times) - 1)).toBeLessThan((3.3 * serviceTimeCv) / Math.sqrt(DRAWS));
  expect(Math.sqrt(variance(times)) / serviceTimeCv).toBeCloseTo(1, 1);
  expect(Math.abs(quantile(times, 0.99) / p99 - 1)).toBeLessThan(0.05);
});

test('no variation is no chance', () => {
  expect(new Set(draw({ serviceTimeShape: 'deterministic', serviceTimeCv: 0 }))).toEqual(new Set([1]));
  expect(new Set(draw({ serviceTimeShape: 'gamma', serviceTimeCv: 0 }))).toEqual(new Set([1]));
});
