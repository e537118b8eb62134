/** Learning with a memory: what it is good for, and that nothing of it is lost on the way. */
import { describe, expect, test } from 'vitest';
import { encodeCheckpoint, parseTrainSettings, restoreCheckpoint, Trainer } from '../../src/learn/index.ts';
import { learnedNumbers, meanReturn, toyContest, toySettings, trainAlone } from '../support/learning.ts';

const units = { encoderUnits: 16, embeddingUnits: 8, headUnits: 16, valueUnits: 16 };
const role = {
  discount: 0.9,
  learningRate: 5e-3,
  learningRateEnd: 1e-3,
  minibatch: 64,
  klTarget: null,
  entropyWeight: 0.005,
  entropyWeightEnd: 0,
  noOpLogit: 0,
};
const sizes = { environments: 8, shards: 2, gradientShards: 2, rolloutSteps: 32, normaliseObservations: false };
/** The sign has to be remembered over five steps without a choice. */
const task = { name: 'memory', options: { wait: 5 } };

const remembering = (network: object) => {
  const settings = { ...toySettings, network: { ...toySettings.network, memoryUnits: 6, memorySteps: 5, ...network } };
  return parseTrainSettings(settings);
};

async function iterate(trainer: Trainer, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await trainer.iterate();
}

describe('a sign that was shown long ago', () => {
  test('is remembered through steps without a choice', async () => {
    const network = { ...units, memoryUnits: 8, memorySteps: 8 };
    const agent = await trainAlone(task, { ...sizes, steps: 7680, role, network });
    expect(agent.shape.memoryUnits).toBe(8);
    expect(meanReturn(agent, task, 100)).toBeGreaterThan(0.95);
  });

  test('is hardly remembered by who learns from single decisions with the memory they found', async () => {
    const network = { ...units, memoryUnits: 8, memorySteps: 1 };
    const agent = await trainAlone(task, { ...sizes, steps: 5120, role, network });
    expect(meanReturn(agent, task, 200)).toBeLessThan(0.8);
  });

  test('is guessed without a memory', async () => {
    const agent = await trainAlone(task, { ...sizes, steps: 2560, role, network: units });
    expect(meanReturn(agent, task, 200)).toBeLessThan(0.65);
  });
});

describe('a trainer of actors with a memory', () => {
  // After 1 the first episodes have just been cut; after 3 sides have changed within episodes; from 5 on snapshots play.
  test.each([1, 3, 6])(
    'resumed after %i iterations leads to the weights of a run that never stopped',
    async (before) => {
      const settings = remembering({});
      const unbroken = new Trainer({ task: toyContest, settings });
      await iterate(unbroken, 9);
      const first = new Trainer({ task: toyContest, settings });
      await iterate(first, before);
      const second = new Trainer({ task: toyContest, settings });
      await restoreCheckpoint(second, toyContest, { bytes: encodeCheckpoint(first, toyContest), file: 'test' });
      await iterate(second, 9 - before);
      expect(learnedNumbers(second)).toEqual(learnedNumbers(unbroken));
      expect(encodeCheckpoint(second, toyContest)).toEqual(encodeCheckpoint(unbroken, toyContest));
    },
  );

  test('keeps what opponents remember as well, and both sides forget when an episode ends', async () => {
    const trainer = new Trainer({ task: toyContest, settings: remembering({}) });
    await iterate(trainer, 7);
    const { memories, steps } = trainer.shared.ledger;
    const environments = steps.length;
    const remembered = (role: number, environment: number) => {
      const at = (role * environments + environment) * 6;
      return memories.subarray(at, at + 6).some((value) => value !== 0);
    };
    // Chaos learned last, in every environment; order held the other seat, unless a script did.
    const running = [...steps.keys()].filter((environment) => steps[environment]! > 0);
    expect(running.length).toBeGreaterThan(0);
    expect(running.some((environment) => remembered(0, environment) && remembered(1, environment))).toBe(true);
    // An episode that has just ended: the next begins with nothing.
    const over = [...steps.keys()].filter((environment) => steps[environment] === 0);
    expect(over.length).toBeGreaterThan(0);
    expect(over.filter((environment) => remembered(0, environment) || remembered(1, environment))).toEqual([]);
  });

  test('computes in its update what it computed in its rollout, before the first step', async () => {
    const settings = parseTrainSettings({
      ...remembering({ memorySteps: 10 }),
      role: { ...toySettings.role, epochs: 1, minibatch: 10_000 },
    });
    const trainer = new Trainer({ task: { name: 'memory', options: { wait: 5 } }, settings });
    for (let iteration = 0; iteration < 3; iteration++) {
      const { update } = await trainer.iterate();
      expect(update.gradientSteps).toBe(1);
      expect(Math.abs(update.approximateKl)).toBeLessThan(1e-9);
    }
  });

  test('learns through as many decisions as it is told, together with messages if wished', async () => {
    const weights = [1, 5, 10].map(async (memorySteps) => {
      const trainer = new Trainer({ task: toyContest, settings: remembering({ memorySteps, messages: true }) });
      await iterate(trainer, 2);
      return learnedNumbers(trainer);
    });
    const [one, five, ten] = await Promise.all(weights);
    expect(one!.every(Number.isFinite)).toBe(true);
    expect(five).not.toEqual(one);
    expect(ten).not.toEqual(five);
  });

  test('wants rollouts that its sequences fill', () => {
    expect(() => remembering({ memorySteps: 7 })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('network.memorySteps') }),
    );
    expect(() => remembering({ memorySteps: 7, memoryUnits: 0 })).not.toThrow();
  });

  test('is not shown how: single decisions teach no memory', () => {
    const coldStart = { order: { demonstrations: [{ policy: 'runbook' }] } };
    expect(() => parseTrainSettings({ coldStart, network: { memoryUnits: 4 } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('cold start') }),
    );
  });
});
