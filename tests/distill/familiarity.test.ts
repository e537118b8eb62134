/** How far from the situations of training is too far. */

import { expect, test } from 'vitest';
import { StrangenessGauge } from '../../src/distill/index.ts';
import { createEnvironment } from '../../src/environment/index.ts';
import { spec } from '../decide/hand-made-model.ts';
import { smallScenario } from '../support/small-scenario.ts';

const { topology } = createEnvironment(smallScenario(), { engine: 'flow' });
const { componentFeatures, clusterFeatures } = spec.observation;
const service = topology.components.findIndex(({ kind }) => kind === 'service');
const errors = componentFeatures.findIndex(({ name }) => name === 'signal.errorRatio');

/** One service lies so far from the only situation that is known. */
function at(distance: number) {
  const components = new Float32Array(topology.components.length * componentFeatures.length);
  components[service * componentFeatures.length + errors] = distance;
  const cluster = new Float32Array(clusterFeatures.length);
  return { components, cluster, critic: new Float32Array(), mask: new Uint8Array() };
}

/** Of 1,000 situations few are strange; of those with something to repair, which are rarely drawn, all are. */
function strangenessMax(distancesInNeed: readonly number[]): number {
  const row = { features: ['signal.errorRatio'], scales: [1], usual: [0], weights: [1], rows: [[0]] };
  const gauge = new StrangenessGauge(new Map([['service', row]]));
  const place = { spec, topology };
  for (let index = 0; index < 1000; index += 1) {
    gauge.add({ ...place, observation: at(index / 1000), drawn: true, inNeed: false });
  }
  for (const distance of distancesInNeed) {
    gauge.add({ ...place, observation: at(distance), drawn: false, inNeed: true });
  }
  const { strangenessMax, kinds, falseAlarmRatio } = gauge.situations();
  expect(kinds.service?.distanceLimit).toBeLessThanOrEqual(1);
  expect(falseAlarmRatio).toBeLessThanOrEqual(0.005);
  return strangenessMax * (kinds.service?.distanceLimit ?? 0);
}

test('trouble, though rare and far from all else, is familiar where training has seen it', () => {
  expect(errors).toBeGreaterThanOrEqual(0);
  expect(strangenessMax([])).toBeCloseTo(1, 1);
  expect(strangenessMax(Array(300).fill(3))).toBeCloseTo(3, 1);
});

test('the strangest of a thousand troubles does not set the limit', () => {
  expect(strangenessMax([...Array(999).fill(3), 50])).toBeCloseTo(3, 1);
});

test('trouble that is closer than the rest leaves the limit as it is', () => {
  expect(strangenessMax(Array(300).fill(0.1))).toBe(strangenessMax([]));
});
