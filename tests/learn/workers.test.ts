/** Threads change the speed of training and nothing else; they run the built program. */
import { describe, expect, test } from 'vitest';
import type { Trainer } from '../../src/learn/index.ts';
import { learnedNumbers, toyContest, toySettings } from '../support/learning.ts';
import { builtFile } from '../support/program.ts';

type LearnModule = typeof import('../../src/learn/index.ts');

async function builtTrainer(workers: number, task = toyContest): Promise<Trainer> {
  const learn = (await import(builtFile('learn/index.js'))) as LearnModule;
  return new learn.Trainer({ task, settings: toySettings, workers });
}

describe('a team of threads', () => {
  test('learns the same weights, whatever its size', async () => {
    const results: number[][] = [];
    for (const workers of [1, 2, 3]) {
      const trainer = await builtTrainer(workers);
      while (!trainer.done) await trainer.iterate();
      results.push(learnedNumbers(trainer));
      await trainer.close();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
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
