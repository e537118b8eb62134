/** Turns, opponents and seeds of a training run. */
import { describe, expect, test } from 'vitest';
import { type IterationReport, parseTrainSettings, Trainer, TurnSchedule } from '../../src/learn/index.ts';
import { learnedNumbers, toyContest, toySettings } from '../support/learning.ts';

async function train(
  settings: object = {},
  iterations = 10,
): Promise<{ trainer: Trainer; reports: IterationReport[] }> {
  const trainer = new Trainer({ task: toyContest, settings: parseTrainSettings({ ...toySettings, ...settings }) });
  const reports: IterationReport[] = [];
  for (let index = 0; index < iterations; index++) reports.push(await trainer.iterate());
  return { trainer, reports };
}

describe('a schedule of turns', () => {
  const settings = { firstIterations: 2, turnIterations: 1, freezeAbove: 0.8 };

  test('makes a role that succeeds too often sit out until it no longer does', () => {
    const schedule = new TurnSchedule(settings, ['order', 'chaos']);
    const learners: string[] = [];
    for (const chaosSuccess of [0, 0.9, 0.9, 0.7, 0.9, 0.9]) {
      learners.push(schedule.learner);
      schedule.advance((role) => (role === 'chaos' ? chaosSuccess : 0.5));
    }
    expect(learners).toEqual(['order', 'order', 'order', 'order', 'chaos', 'order']);
  });

  test('goes on learning with a single role', () => {
    const schedule = new TurnSchedule(settings, ['order']);
    for (let iteration = 0; iteration < 5; iteration++) schedule.advance(() => 1);
    expect(schedule.learner).toBe('order');
  });
});

describe('a trainer', () => {
  test('lets one role learn at a time, in turns', async () => {
    const { reports } = await train();
    const turns = ['order', 'order', 'chaos', 'chaos', 'order', 'order', 'chaos', 'chaos', 'order', 'order'];
    expect(reports.map(({ learner }) => learner)).toEqual(turns);
  });

  test('leaves the weights of the role that does not learn alone', async () => {
    const { trainer } = await train({}, 2);
    const [chaos] = trainer.dimensions.roles.map((_, role) => trainer.learners[role]!.vector.weights.slice());
    const fresh = new Trainer({ task: toyContest, settings: toySettings });
    expect(chaos).toEqual(fresh.learners[0]!.vector.weights.slice());
    expect(trainer.learners[1]!.vector.weights).not.toEqual(fresh.learners[1]!.vector.weights);
  });

  test('gives the same weights for the same seed and others for another', async () => {
    const first = learnedNumbers((await train()).trainer);
    expect(learnedNumbers((await train()).trainer)).toEqual(first);
    expect(learnedNumbers((await train({ seed: 12 })).trainer)).not.toEqual(first);
  });

  test('meets scripted, latest and past opponents', async () => {
    const { reports } = await train();
    const met = new Set(reports.flatMap(({ episodes }) => Object.keys(episodes.successByOpponent)));
    expect(met).toContain('latest');
    expect(met).toContain('past');
    expect(met).toContain('random');
  });

  test('plays past opponents with the weights they had then', async () => {
    const league = { pastMax: 1, shares: { latest: 0, past: 1, scripted: 0 }, quietRatio: 0 };
    const evaluation = { everyIterations: 0 };
    const schedule = { firstIterations: 1, turnIterations: 1, freezeAbove: 1 };
    const outcomes = [1, 100].map(async (factor) => {
      const { trainer } = await train({ league, schedule, evaluation, roles: { chaos: { noOpLogit: 0 } } }, 2);
      const [chaos] = trainer.shared.parameters;
      // Slot 0 is chaos as it is, slot 1 its snapshot: with other weights it plays otherwise.
      for (let at = chaos!.length / 2; at < chaos!.length; at++) chaos![at]! *= factor;
      for (let iteration = 0; iteration < 3; iteration++) await trainer.iterate();
      return trainer.learners[1]!.vector.weights.slice();
    });
    const [same, changed] = await Promise.all(outcomes);
    expect(changed).not.toEqual(same);
  });

  test('counts every decision of the learner, and cuts first episodes at different lengths', async () => {
    const { trainer, reports } = await train({}, 3);
    expect(trainer.steps).toBe(3 * 6 * 20);
    expect(new Set(trainer.shared.ledger.steps).size).toBeGreaterThan(1);
    expect(reports.every(({ update }) => Number.isFinite(update.valueLoss))).toBe(true);
  });
});
