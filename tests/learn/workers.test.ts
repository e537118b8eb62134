/** Threads change the speed of training and nothing else; they run the built program. */
import { totalmem } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseTrainSettings, type TaskDescription, type Trainer } from '../../src/learn/index.ts';
import {
  archiveSettings,
  iterateAndEvaluate,
  learnedNumbers,
  toyContest,
  toySettings,
  twoContests,
} from '../support/learning.ts';
import { builtFile } from '../support/program.ts';
import { smallScenario } from '../support/small-scenario.ts';

type LearnModule = typeof import('../../src/learn/index.ts');

/** Order is shown how in two rounds, and pulled towards that afterwards. */
const coldSettings = parseTrainSettings({
  ...toySettings,
  coldStart: { order: { demonstrations: [{ policy: 'random' }], rounds: 2, epochs: 2 } },
  roles: { order: { referenceWeight: 0.1 } },
});

async function builtTrainer(
  workers: number,
  task: TaskDescription = toyContest,
  settings = toySettings,
): Promise<Trainer> {
  const learn = (await import(builtFile('learn/index.js'))) as LearnModule;
  return new learn.Trainer({ task, settings, workers });
}

describe('a team of threads', () => {
  test('learns and keeps the same weights, whatever its size', async () => {
    const results: number[][] = [];
    for (const workers of [1, 2, 3]) {
      const trainer = await builtTrainer(workers);
      while (!trainer.done) await iterateAndEvaluate(trainer);
      results.push([...learnedNumbers(trainer), trainer.evaluator.best('order')?.score.value ?? -1]);
      await trainer.close();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test('finds the same in an evaluation, whatever its size', async () => {
    const options = { scenarios: [smallScenario()], engine: 'flow', regret: false, chaosBudgetRatio: 1 };
    const results: number[][] = [];
    for (const workers of [1, 3]) {
      const trainer = await builtTrainer(workers, { name: 'contest', options });
      for (let iteration = 0; iteration < 4; iteration++) await trainer.iterate();
      await trainer.evaluator.evaluate(trainer.iteration, trainer.steps);
      results.push([...trainer.shared.evaluation.results]);
      await trainer.close();
    }
    expect(new Set(results[0]).size).toBe(2);
    expect(results[1]).toEqual(results[0]);
  });

  test.skipIf(totalmem() < 8 * 2 ** 30)(
    'has room for all demonstrations, though that is more than 4 GiB of which little is used',
    async () => {
      const sizes = { components: 250, features: 250, verbs: 4, legalVerbs: 3, episodeSteps: 250 };
      const settings = parseTrainSettings({
        ...toySettings,
        coldStart: { order: { demonstrations: [{ policy: 'none' }], noOpShare: 0.02 } },
      });
      const trainer = await builtTrainer(2, { name: 'entities', options: sizes }, settings);
      // 70 episodes x 250 decisions x 250 components x 250 features x 4 bytes: 4.4 GB, of which 8 episodes are played.
      const order = [{ kind: 'played' as const, demonstrator: 'none', episodes: 70, weight: 1 }];
      const played: number[] = [];
      await trainer.coldStart({
        demonstrations: { order },
        proceed: async (progress) => {
          played.push(progress.episodes);
          return false;
        },
      });
      await trainer.close();
      expect(played).toEqual([8]);
    },
  );

  test('learns the same weights from demonstrations, whatever its size', async () => {
    const demonstrations = { order: [{ kind: 'played' as const, demonstrator: 'random', episodes: 7, weight: 1 }] };
    const results: number[][] = [];
    for (const workers of [1, 2, 3]) {
      const trainer = await builtTrainer(workers, toyContest, coldSettings);
      await trainer.coldStart({ demonstrations, proceed: async () => true });
      for (let iteration = 0; iteration < 3; iteration++) await trainer.iterate();
      results.push(learnedNumbers(trainer));
      await trainer.close();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test('keeps the same failure scripts and learns the same from them, whatever its size', async () => {
    const results: unknown[] = [];
    for (const workers of [1, 2]) {
      const trainer = await builtTrainer(workers, twoContests, archiveSettings());
      for (let iteration = 0; iteration < 8; iteration++) await trainer.iterate();
      expect(trainer.archive!.statistics.kept).toBeGreaterThan(0);
      results.push([learnedNumbers(trainer), trainer.archive!.save()]);
      await trainer.close();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test('learns and plays the same with messages and a memory too', async () => {
    const network = { ...toySettings.network, messages: true, memoryUnits: 5, memorySteps: 4 };
    const results: number[][] = [];
    for (const workers of [1, 3]) {
      const trainer = await builtTrainer(workers, toyContest, { ...toySettings, network });
      for (let iteration = 0; iteration < 5; iteration++) await iterateAndEvaluate(trainer);
      results.push([...learnedNumbers(trainer), trainer.evaluator.best('order')?.score.value ?? -1]);
      await trainer.close();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test('reports a failure on a thread instead of waiting for ever', async () => {
    const trainer = await builtTrainer(2);
    await trainer.iterate();
    // Environments 2 and 3 are the second shard, and that belongs to the second thread.
    trainer.shared.ledger.steps[2] = 1_000;
    await expect(trainer.iterate()).rejects.toThrow('an episode has no more steps than its task says');
    await trainer.close();
  });
});
