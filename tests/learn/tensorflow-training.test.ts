/** Training on TensorFlow.js: the same for any number of threads, after a restart, and but for rounding as on our kernels. */
import { expect, test } from 'vitest';
import { encodeCheckpoint, parseTrainSettings, restoreCheckpoint, Trainer } from '../../src/learn/index.ts';
import { prepareBackend } from '../../src/neural/index.ts';
import { learnedNumbers, toyContest, toySettings } from '../support/learning.ts';
import { builtFile } from '../support/program.ts';

type LearnModule = typeof import('../../src/learn/index.ts');
type NeuralModule = typeof import('../../src/neural/index.ts');

const settings = parseTrainSettings({ ...toySettings, backend: 'tfjs', gradientShards: 2 });
const backend = await prepareBackend('tfjs');
const fresh = () => new Trainer({ task: toyContest, settings, backend });

async function iterate(trainer: Trainer, count: number): Promise<Trainer> {
  for (let index = 0; index < count; index++) await trainer.iterate();
  return trainer;
}

test('learns the same weights on one thread and on two', async () => {
  const learn = (await import(builtFile('learn/index.js'))) as LearnModule;
  const neural = (await import(builtFile('neural/index.js'))) as NeuralModule;
  const prepared = await neural.prepareBackend('tfjs');
  const results: number[][] = [];
  for (const workers of [1, 2]) {
    const trainer = new learn.Trainer({ task: toyContest, settings, backend: prepared, workers });
    await iterate(trainer, 4);
    results.push(learnedNumbers(trainer));
    await trainer.close();
  }
  expect(results[1]).toEqual(results[0]);
});

test.each([
  ['a plain network', {}],
  ['messages and a memory', { messages: true, memoryUnits: 5, memorySteps: 4 }],
])('ends its first iteration where our own kernels end it, with %s', async (_, parts) => {
  const network = { ...settings.network, ...parts };
  const learned = async (name: 'simd' | 'tfjs'): Promise<number[]> => {
    const named = { settings: parseTrainSettings({ ...settings, network, backend: name }), task: toyContest };
    return learnedNumbers(await iterate(new Trainer({ ...named, backend: await prepareBackend(name) }), 1));
  };
  const theirs = await learned('tfjs');
  const own = await learned('simd');
  const differences = own.map((weight, index) => Math.abs(theirs[index]! - weight));
  // Some steps of Adam, each with an error of about a ten-thousandth of its length.
  expect(Math.max(...differences)).toBeLessThan(1e-2 * settings.role.learningRate);
});

test('goes on from a checkpoint to the weights of a run that never stopped', async () => {
  const unbroken = await iterate(fresh(), 4);
  const first = await iterate(fresh(), 2);
  const second = fresh();
  await restoreCheckpoint(second, toyContest, { bytes: encodeCheckpoint(first, toyContest), file: 'test' });
  await iterate(second, 2);
  expect(learnedNumbers(second)).toEqual(learnedNumbers(unbroken));
});

test('does not begin on another backend than its settings name', () => {
  expect(() => new Trainer({ task: toyContest, settings })).toThrow('has been prepared');
  expect(() => new Trainer({ task: toyContest, settings: toySettings, backend })).toThrow('has been prepared');
});
