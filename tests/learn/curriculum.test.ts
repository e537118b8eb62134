import { expect, test } from 'vitest';
import { createEnvironment } from '../../src/environment/index.ts';
import { parseTrainSettings, Trainer } from '../../src/learn/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const clusterColumn = (name: string) => (environment: ReturnType<typeof createEnvironment>) => {
  const { clusterFeatures } = environment.specs.chaos.observation;
  return environment.observations.chaos.cluster[clusterFeatures.findIndex((feature) => feature.name === name)];
};

test('an episode of half the difficulty gives chaos half the budget, paced as if it were the whole', () => {
  const environment = createEnvironment(smallScenario({ chaosBudget: 2 }), { engine: 'flow' });
  const budgetLeft = clusterColumn('budget.left');
  const spend = (difficulty: number): number => {
    environment.reset({ seed: 3, difficulty });
    expect(budgetLeft(environment)).toBe(1);
    let spent = 0;
    while (environment.running) {
      const { mask } = environment.observations.chaos;
      const choice = mask.indexOf(1, 1);
      environment.step({ chaos: Math.max(0, choice), order: 0 });
      spent = environment.verdict?.faultCost ?? spent;
    }
    return spent;
  };
  expect(spend(1)).toBeGreaterThan(1);
  expect(spend(0.5)).toBeLessThanOrEqual(1);
});

test('signals are missing at random where an episode draws its own gaps, and the same seed draws the same', () => {
  const monitoringGapsMax = { lateRatio: 0.5, missingRatio: 0.5 };
  const missing = (options: Parameters<typeof createEnvironment>[1], seed: number): number => {
    const environment = createEnvironment(smallScenario(), options);
    const missingNow = clusterColumn('missing');
    environment.reset({ seed });
    let sum = 0;
    while (environment.running) {
      environment.step({ chaos: 0, order: 0 });
      sum += missingNow(environment) ?? 0;
    }
    return sum;
  };
  const varied = [1, 2, 3, 4].map((seed) => missing({ engine: 'flow', monitoringGapsMax }, seed));
  expect(varied).toEqual([1, 2, 3, 4].map((seed) => missing({ engine: 'flow', monitoringGapsMax }, seed)));
  expect(new Set(varied).size).toBe(4);
  expect(Math.max(...varied)).toBeGreaterThan(5 * missing({ engine: 'flow' }, 1));
});

test('a curriculum reaches the full difficulty at its share of the steps', async () => {
  const settings = parseTrainSettings({
    steps: 4 * 8 * 16,
    environments: 8,
    shards: 2,
    rolloutSteps: 16,
    curriculum: { start: 0.2, fullAt: 0.5 },
  });
  const trainer = new Trainer({
    task: { name: 'contest', options: { scenarios: [smallScenario()], engine: 'flow', regret: false } },
    settings,
  });
  const seen: number[] = [];
  while (!trainer.done) {
    await trainer.iterate();
    seen.push(trainer.shared.difficulty[0] ?? 0);
  }
  await trainer.close();
  expect(seen.map((value) => value.toFixed(2))).toEqual(['0.20', '0.60', '1.00', '1.00']);
});
