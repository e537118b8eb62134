/** Features that a run hides from its agents. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseTrainSettings, RunFolder, Trainer } from '../../src/learn/index.ts';
import { meanReturn, toyContest, toySettings, trainAlone } from '../support/learning.ts';

const task = { name: 'identity', options: { states: 3, invalid: 0 } };
const settings = {
  environments: 8,
  shards: 2,
  steps: 2560,
  rolloutSteps: 32,
  network: { encoderUnits: 16, embeddingUnits: 8, headUnits: 16, valueUnits: 8 },
  role: { discount: 0.4, klTarget: null, minibatch: 64, learningRate: 1e-2 },
};

test('a state that is hidden cannot be named', async () => {
  const seeing = await trainAlone(task, settings);
  const blind = await trainAlone(task, { ...settings, hiddenFeatures: ['state'] });
  expect(meanReturn(seeing, task, 5)).toBeGreaterThan(90);
  expect(meanReturn(blind, task, 5)).toBeLessThan(45);
  expect(blind.scaling.components.factors).toEqual(new Float32Array(3));
});

test('all features whose names begin so are hidden, and no others', () => {
  const hidden = parseTrainSettings({ ...toySettings, hiddenFeatures: ['feature1', 'feature4'] });
  const { factors } = new Trainer({ task: toyContest, settings: hidden }).agent('order', 'hiding').scaling.components;
  expect([...factors]).toEqual([1, 0, 1, 1, 0, 1]);
});

test('a name that fits no feature is refused, before a run is written', () => {
  const hidden = parseTrainSettings({ ...toySettings, hiddenFeatures: ['featurre'] });
  const path = join(mkdtempSync(join(tmpdir(), 'hidden-')), 'run');
  expect(() => RunFolder.create(path, { settings: hidden, task: toyContest, about: {} })).toThrow('featurre');
  expect(existsSync(path)).toBe(false);
  expect(() => new Trainer({ task: toyContest, settings: hidden })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('featurre') }),
  );
});
