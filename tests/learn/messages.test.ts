/** Learning with messages between neighbours: what they are good for, and that each row goes with its own topology. */
import { describe, expect, test } from 'vitest';
import { parseTrainSettings, Trainer } from '../../src/learn/index.ts';
import { learnedNumbers, meanReturn, toyContest, toySettings, trainAlone } from '../support/learning.ts';

const task = { name: 'neighbours', options: { components: 5, symbols: 3 } };
const role = {
  discount: 0.4,
  klTarget: null,
  entropyWeight: 0,
  entropyWeightEnd: 0,
  learningRate: 5e-3,
  minibatch: 128,
};
const sizes = { environments: 8, shards: 2, gradientShards: 1, steps: 20_000, rolloutSteps: 32 };
const units = { encoderUnits: 16, embeddingUnits: 16, headUnits: 32, valueUnits: 8 };

const train = (messages: boolean) => trainAlone(task, { ...sizes, role, network: { ...units, messages } });

describe('who has to know what a dependency shows', () => {
  test('learns it with messages, in environments whose topologies differ', async () => {
    const agent = await train(true);
    for (const environment of [0, 1, 2, 3]) {
      expect(meanReturn(agent, task, 4, environment)).toBeGreaterThanOrEqual(45);
    }
  });

  test('guesses without', async () => {
    // One of three symbols is right; that all components show, pooled, tells a little.
    expect(meanReturn(await train(false), task, 10)).toBeLessThan(30);
  });
});

describe('a trainer', () => {
  test('refuses an agent with another network than its settings ask for', async () => {
    const agent = new Trainer({ task: toyContest, settings: toySettings }).agent('chaos', 'plain');
    const settings = parseTrainSettings({ ...toySettings, network: { ...toySettings.network, messages: true } });
    const starting = { ...settings, startFrom: { chaos: 'plain' } };
    expect(() => new Trainer({ task: toyContest, settings: starting, agents: { chaos: agent } })).toThrow(
      expect.objectContaining({ code: 'SPEC_MISMATCH' }),
    );
    const trainer = new Trainer({ task: toyContest, settings });
    await trainer.iterate();
    expect(learnedNumbers(trainer).every(Number.isFinite)).toBe(true);
    expect(trainer.agent('order', 'heard').shape).toMatchObject({ messages: true });
  });
});
