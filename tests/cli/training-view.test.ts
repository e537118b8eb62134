/** The live view of a training run, from what real iterations report. */
import { beforeAll, describe, expect, test } from 'vitest';
import { TrainingView } from '../../src/cli/training-view.ts';
import { Trainer, type TrainingProgress } from '../../src/learn/index.ts';
import { toyContest, toySettings } from '../support/learning.ts';

let progress: TrainingProgress[];
beforeAll(async () => {
  const trainer = new Trainer({ task: toyContest, settings: toySettings });
  progress = [];
  while (!trainer.done) {
    const report = await trainer.iterate();
    const due = trainer.evaluator.due(trainer.iteration, trainer.done);
    const evaluation = due ? await trainer.evaluator.evaluate(trainer.iteration, trainer.steps) : undefined;
    progress.push({ report, evaluation, decisionsPerSecond: 5000, elapsedSeconds: 100, remainingSeconds: 4000 });
  }
});

function viewAfter(iterations: number): string[] {
  const view = new TrainingView('training', () => 300);
  for (const each of progress.slice(0, iterations)) view.take(each);
  return view.lines(80);
}

describe('the live view', () => {
  test('is empty before the first iteration', () => {
    expect(viewAfter(0)).toEqual([]);
  });

  test('shows progress, time, speed and memory', () => {
    const [bar, speed] = viewAfter(7);
    expect(bar).toBe(`training ${'█'.repeat(15)}${'░'.repeat(15)} 50 %  1 min 40 s so far, about 1 h 06 min left`);
    expect(speed).toBe('iteration 7, turn 4, chaos learns   2,500 steps/s   5,000 decisions/s   300 MiB');
  });

  test('shows how both sides fare, by kind of opponent', () => {
    const lines = viewAfter(10).join('\n');
    expect(lines).toMatch(/^ {2}order +\d+ % {3}.*random \d+ %/m);
    expect(lines).toMatch(/^ {2}chaos +\d+ % {3}.*latest \d+ %/m);
  });

  test('shows the last evaluation and the best so far, once there is one', () => {
    expect(viewAfter(3).join('\n')).not.toContain('evaluated');
    const lines = viewAfter(10).join('\n');
    expect(lines).toMatch(/^evaluated +at iteration 8 +best so far$/m);
    expect(lines).toMatch(/^ {2}chaos +100 % \(86-100\) +100 % \(86-100\) at iteration 8$/m);
  });

  test('shows whether the update was sound', () => {
    expect(viewAfter(5).at(-1)).toMatch(
      /^order's update {3}entropy [\d.]+ {3}KL \S+ {3}clipped \d+ % {3}explained variance/,
    );
  });

  test('says nothing of time left when the run is complete', () => {
    expect(viewAfter(14)[0]).toMatch(/100 % {2}1 min 40 s so far$/);
  });
});
