/** Evaluation while agents learn: what is kept, against whom it was measured, and what it leaves alone. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import {
  type EvaluationReport,
  heldOutSeeds,
  parseTrainSettings,
  Trainer,
  trainingSeed,
} from '../../src/learn/index.ts';
import { iterateAndEvaluate, toyContest, toySettings } from '../support/learning.ts';

function toyTrainer(settings: object = {}): Trainer {
  return new Trainer({ task: toyContest, settings: parseTrainSettings({ ...toySettings, ...settings }) });
}

/** CartPole, where success has degrees; evaluated after every other iteration. */
function poleTrainer(): Trainer {
  const sizes = { steps: 100_000, environments: 4, shards: 2, rolloutSteps: 64, network: toySettings.network };
  const role = { minibatch: 64, noOpLogit: 0, learningRate: 5e-3 };
  const evaluation = { everyIterations: 2, episodes: 6 };
  return new Trainer({
    task: { name: 'cart-pole', options: {} },
    settings: parseTrainSettings({ seed: 2, ...sizes, role, evaluation }),
  });
}

async function evaluations(trainer: Trainer, iterations: number): Promise<EvaluationReport[]> {
  const reports: EvaluationReport[] = [];
  for (let index = 0; index < iterations; index++) {
    const report = await iterateAndEvaluate(trainer);
    if (report !== undefined) reports.push(report);
  }
  return reports;
}

/** Learner and league, without what evaluation keeps for itself. */
function trainedNumbers(trainer: Trainer): number[] {
  const { slots, pastMax } = trainer.dimensions;
  return trainer.shared.parameters.flatMap((all) => [...all.subarray(0, (all.length / slots) * (pastMax + 1))]);
}

describe('evaluation', () => {
  test('follows every so many iterations, and the last one', async () => {
    const trainer = toyTrainer();
    const iterations: number[] = [];
    while (!trainer.done) if ((await iterateAndEvaluate(trainer)) !== undefined) iterations.push(trainer.iteration);
    expect(iterations).toEqual([4, 8, 12, 14]);
  });

  test.each([0, null])('never happens when told so by %s', async (everyIterations) => {
    const trainer = toyTrainer({ evaluation: { everyIterations } });
    while (!trainer.done) expect(await iterateAndEvaluate(trainer)).toBeUndefined();
    expect(trainer.evaluator.best('order')).toBeUndefined();
  });

  test('changes nothing of what is learned', async () => {
    const [evaluated, left] = [toyTrainer(), toyTrainer({ evaluation: { everyIterations: 0 } })];
    await evaluations(evaluated, 10);
    await evaluations(left, 10);
    expect(trainedNumbers(evaluated)).toEqual(trainedNumbers(left));
  });

  test('meets scripted opponents, and the other role as it was at the 1st, 2nd and 4th evaluation', async () => {
    const evaluation = { everyIterations: 4, episodes: 6, snapshots: 2 };
    const reports = await evaluations(toyTrainer({ evaluation, steps: 3000 }), 16);
    expect(reports.map(({ order }) => Object.keys(order!.against))).toEqual([
      ['random', 'chaos-4'],
      ['random', 'chaos-4', 'chaos-8'],
      ['random', 'chaos-4', 'chaos-8'],
      ['random', 'chaos-16', 'chaos-8'],
    ]);
    expect(Object.keys(reports[3]!.chaos!.against)).toEqual(['random', 'none', 'order-16', 'order-8']);
  });

  test('measures the best agent against newcomers too', async () => {
    const reports = await evaluations(toyTrainer(), 14);
    for (const { order, chaos } of reports) {
      expect(Object.keys(order!.best.against)).toEqual(Object.keys(order!.against));
      expect(Object.keys(chaos!.best.against)).toEqual(Object.keys(chaos!.against));
    }
  });

  test('does not call weights better that have not changed', async () => {
    const trainer = poleTrainer();
    const [first] = await evaluations(trainer, 2);
    const again = await trainer.evaluator.evaluate(3, trainer.steps);
    expect(first!.agent!.improved).toBe(true);
    expect(again.agent).toEqual({ ...first!.agent, improved: false });
  });

  test('keeps the best weights when the agent gets worse', async () => {
    const trainer = poleTrainer();
    const [first] = await evaluations(trainer, 2);
    const good = trainer.agent('agent', 'good');
    // A network of zeros does the same whatever it sees, and learns nothing but which.
    trainer.learners[0]!.vector.weights.fill(0);
    const [second] = await evaluations(trainer, 2);
    expect(second!.agent!.score.value).toBeLessThan(first!.agent!.score.value);
    expect(second!.agent!.best.iteration).toBe(2);
    expect(trainer.agent('agent', 'good', 'best')).toEqual(good);
  });

  test('takes what is better now for the best', async () => {
    const trainer = poleTrainer();
    const reports = await evaluations(trainer, 12);
    const scores = reports.map(({ agent }) => agent!.score.value);
    expect(Math.max(...scores)).toBeGreaterThan(1.5 * scores[0]!);
    expect(trainer.evaluator.best('agent')!.score.value).toBe(Math.max(...scores));
  });

  test('of a run without scripted opponents begins when there are snapshots', async () => {
    const evaluation = { everyIterations: 1, episodes: 6, snapshots: 1, scripts: { chaos: [], order: ['none'] } };
    const reports = await evaluations(toyTrainer({ evaluation }), 4);
    expect(reports.map(({ order }) => order?.against ?? {})).toEqual([
      {},
      {},
      {},
      { 'chaos-4': expect.any(Number) as number },
    ]);
  });

  test('of a role that plays alone is of its task', async () => {
    const [first, second] = await evaluations(poleTrainer(), 4);
    expect(first!.agent!.score.episodes).toBe(6);
    expect(Object.keys(second!.agent!.against)).toEqual(['alone']);
  });
});

describe('a plateau', () => {
  test('is reached after so many evaluations in which no role improved', async () => {
    const role = { ...toySettings.role, learningRate: 1e-30, learningRateEnd: 0 };
    const evaluation = { everyIterations: 2, episodes: 6, snapshots: 0, patience: 2 };
    const trainer = toyTrainer({ role, evaluation, normaliseObservations: false });
    const reached: boolean[] = [];
    for (let index = 0; index < 8; index++) {
      await iterateAndEvaluate(trainer);
      if (trainer.iteration % 2 === 0) reached.push(trainer.evaluator.plateau);
    }
    // Order is met at iteration 2 for the first time, chaos at 4; from then on nothing changes.
    expect(reached).toEqual([false, false, false, true]);
  });
});

describe('held-out seeds', () => {
  const { evaluation } = parseTrainSettings({});

  test('are the same in every run, all different, and others for another seed', () => {
    expect(heldOutSeeds(evaluation)).toEqual(heldOutSeeds(evaluation));
    expect(new Set(heldOutSeeds(evaluation)).size).toBe(evaluation.episodes);
    expect(heldOutSeeds({ ...evaluation, seed: 2 })).not.toEqual(heldOutSeeds(evaluation));
  });

  test('are passed over by training', () => {
    const draws = new RandomStream(1, 'draws');
    const [first, second] = [draws.uint32(), draws.uint32()];
    const heldOut = new Set([first, second]);
    expect(trainingSeed(new RandomStream(1, 'draws'), heldOut)).toBe(draws.uint32());
    expect(trainingSeed(new RandomStream(1, 'draws'), new Set())).toBe(first);
  });
});
