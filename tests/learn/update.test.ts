/** What an update learns from, and what its diagnostics say. */
import { describe, expect, test } from 'vitest';
import { type IterationReport, parseTrainSettings, type TaskDescription, Trainer } from '../../src/learn/index.ts';
import { parameterGroup, parameterTable } from '../../src/neural/index.ts';
import { toyContest, toySettings } from '../support/learning.ts';

const identity = { name: 'identity', options: { states: 20, invalid: 15 } };
const sizes = { environments: 4, shards: 2, gradientShards: 1, rolloutSteps: 32, steps: 100_000 };
const still = { learningRate: 1e-12, learningRateEnd: 0, klTarget: null };

async function iterate(
  { task = identity, settings = {} }: { task?: TaskDescription; settings?: object },
  iterations = 1,
): Promise<{ trainer: Trainer; reports: IterationReport[]; last: IterationReport }> {
  const trainer = new Trainer({ task, settings: parseTrainSettings({ ...sizes, ...settings }) });
  const reports: IterationReport[] = [];
  for (let index = 0; index < iterations; index++) reports.push(await trainer.iterate());
  return { trainer, reports, last: reports.at(-1)! };
}

describe('an update', () => {
  test('sees each choice as it was made: nothing diverges while nothing is learned', async () => {
    // Both roles, masks, scripted and past opponents; observations are scaled by numbers that follow what is seen.
    const settings = { ...toySettings, normaliseSteps: 10_000, role: { ...toySettings.role, ...still }, roles: {} };
    const { reports } = await iterate({ task: toyContest, settings }, 8);
    for (const { update } of reports) {
      expect(Math.abs(update.approximateKl)).toBeLessThan(1e-9);
      expect(update.clipFraction).toBe(0);
    }
  });

  test('uses every transition once an epoch, in an order of its own', async () => {
    const { trainer } = await iterate({ settings: { role: { epochs: 3 } } });
    const order = [...trainer.shared.order];
    const sorted = order.toSorted((first, second) => first - second);
    expect(new Set(order).size).toBe(4 * 32);
    expect(order).not.toEqual(sorted);
    const once = await iterate({ settings: { role: { epochs: 1 } } });
    expect([...once.trainer.shared.order]).not.toEqual(order);
  });

  test('leaves alone what scores choices that are never legal', async () => {
    const settings = { role: { entropyWeight: 0.1, epochs: 10, learningRate: 1e-2 } };
    const { trainer } = await iterate({ settings }, 3);
    const untrained = new Trainer({ task: identity, settings: trainer.settings });
    const { shape } = trainer.dimensions.roles[0]!;
    for (const name of ['noop.output.weights', 'noop.output.bias', 'noop.hidden.weights']) {
      const { offset, rows, columns } = parameterGroup(parameterTable(shape), name);
      const part = (of: Trainer) => of.learners[0]!.vector.weights.subarray(offset, offset + rows * columns);
      expect(part(trainer), name).toEqual(part(untrained));
    }
  });

  test('takes as many steps as there are minibatches, unless the policy moves too far', async () => {
    const role = { epochs: 3, minibatch: 32, learningRate: 3e-2 };
    const { last } = await iterate({ settings: { role: { ...role, klTarget: null } } });
    expect(last.update).toMatchObject({ gradientSteps: 12, stoppedEarly: false, choices: 128 });
    const stopped = await iterate({ settings: { role: { ...role, klTarget: 1e-3 } } });
    expect(stopped.last.update.stoppedEarly).toBe(true);
    expect(stopped.last.update.gradientSteps).toBeLessThan(12);
    expect(stopped.last.update.approximateKl).toBeLessThan(last.update.approximateKl);
  });

  test('stops to move a choice whose probability has left the clip range', async () => {
    const role = { epochs: 10, learningRate: 1e-2, klTarget: null, entropyWeight: 0, entropyWeightEnd: 0 };
    const free = await iterate({ settings: { role: { ...role, clipRange: 100 } } });
    const tight = await iterate({ settings: { role: { ...role, clipRange: 0.01 } } });
    expect(free.last.update.clipFraction).toBe(0);
    expect(tight.last.update.clipFraction).toBeGreaterThan(0.5);
    expect(tight.last.update.approximateKl).toBeLessThan(0.5 * free.last.update.approximateKl);
  });

  test('gives the same numbers, but for rounding, in however many shards its gradients are computed', async () => {
    const update = async (gradientShards: number) => (await iterate({ settings: { gradientShards } })).last.update;
    const [whole, parts] = [await update(1), await update(5)];
    for (const [name, value] of Object.entries(whole)) {
      expect(Number(parts[name as keyof typeof parts]), name).toBeCloseTo(Number(value), 4);
    }
  });

  test('goes slower with every iteration, as its settings say', async () => {
    const role = { learningRate: 1e-3, learningRateEnd: 0 };
    const { reports } = await iterate({ settings: { steps: 4 * 32 * 4, role } }, 4);
    expect(reports.map(({ learningRate }) => learningRate)).toEqual([1e-3, 0.75e-3, 0.5e-3, 0.25e-3]);
  });
});

describe('diagnostics', () => {
  test('show an untrained policy that draws evenly from the legal choices', async () => {
    const { last } = await iterate({ settings: { role: still } });
    expect(last.update.entropy).toBeCloseTo(Math.log(5), 2);
  });

  test('of the policy are those of choices, however many steps leave nothing to choose', async () => {
    const task = { name: 'forced-wait', options: {} };
    const { last } = await iterate({ task, settings: { forcedShare: 1, role: still } });
    expect(last.update.choices).toBeLessThan(80);
    expect(last.update.entropy).toBeCloseTo(Math.log(2), 2);
  });

  test('show how much of the returns the values explain', async () => {
    const task = { name: 'observed', options: { actions: 2 } };
    const role = { learningRate: 1e-2, learningRateEnd: 1e-2, minibatch: 32, scaleRewards: false };
    const { reports, last } = await iterate({ task, settings: { role } }, 12);
    expect(reports[0]!.update.explainedVariance).toBeLessThan(0.9);
    expect(last.update.explainedVariance).toBeGreaterThan(0.95);
    expect(last.update.valueLoss).toBeLessThan(0.1 * reports[0]!.update.valueLoss);
  });

  test('give the length of the gradient before it is shortened', async () => {
    const { last } = await iterate({ settings: { role: { gradientNormMax: 1e-3 } } });
    expect(last.update.gradientNorm).toBeGreaterThan(0.01);
  });
});
