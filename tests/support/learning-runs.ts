/** A learning test: trains on a task under several seeds, scores each agent on fresh episodes, and notes the figures. */
import { describe, expect, test } from 'vitest';
import { parseTrainSettings, type TaskDescription, Trainer } from '../../src/learn/index.ts';
import { meanReturn } from './learning.ts';

/** What is to be learned, how, and how well. */
export interface LearningRun {
  readonly name: string;
  readonly task: TaskDescription;
  /** An iteration's decisions divide `steps`. */
  readonly settings: object;
  readonly steps: number;
  readonly seeds: readonly number[];
  /** Mean return to be reached over so many fresh episodes. */
  readonly needed: number;
  readonly episodes: number;
}

/** The figures of one seed, for the table at the end. */
export interface LearnedFigures {
  readonly name: string;
  readonly seed: number;
  readonly steps: number;
  readonly meanReturn: number;
  readonly needed: number;
  readonly episodes: number;
  readonly seconds: number;
}

declare module 'vitest' {
  interface TaskMeta {
    learned?: LearnedFigures;
  }
}

/** Declares a test for each seed. */
export function learningTests(run: LearningRun): void {
  const { name, needed, episodes, steps } = run;
  describe(name, () => {
    test.for([...run.seeds])(
      `earns ${needed} over ${episodes} fresh episodes after ${steps} steps, seed %i`,
      async (seed, context) => {
        const figures = await train(run, seed);
        context.task.meta.learned = figures;
        expect(figures.steps).toBe(steps);
        expect(figures.meanReturn).toBeGreaterThanOrEqual(needed);
      },
    );
  });
}

async function train(
  { name, task, settings, steps, needed, episodes }: LearningRun,
  seed: number,
): Promise<LearnedFigures> {
  const begin = performance.now();
  const trainer = new Trainer({ task, settings: parseTrainSettings({ ...settings, seed, steps }) });
  while (!trainer.done) await trainer.iterate();
  await trainer.close();
  const seconds = (performance.now() - begin) / 1000;
  const reached = meanReturn(trainer.agent('agent', 'tested'), task, episodes);
  return { name, seed, steps: trainer.steps, meanReturn: reached, needed, episodes, seconds };
}
