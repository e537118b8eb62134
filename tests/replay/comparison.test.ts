import { describe, expect, it } from 'vitest';
import { type ComparedEpisode, firstDifference, repairFigures } from '../../src/replay/index.ts';
import { recordedLines } from './small-episode.ts';

/** An episode of five-second steps in which order does this. */
function episode(...order: string[]): ComparedEpisode {
  const steps = order.map((words, index) => ({
    step: index + 1,
    actions: { chaos: index === 1 ? 'service.kill.mild on web' : '-', order: words },
    info: { step: index + 1, timeSeconds: 5 * (index + 1), phase: 'contest' as const, objectivesHeld: true, loss: 0 },
  }));
  return { steps };
}

describe('two episodes', () => {
  it('first differ where order chose differently, at the time of the choice', () => {
    const difference = firstDifference(
      episode('-', '-', 'a on x', '-', '-', 'b on x'),
      episode('-', '-', 'a on x', '-', 'c on x', '-'),
    );
    expect(difference).toMatchObject({ step: 5, timeSeconds: 20, order: ['-', 'c on x'] });
    expect(difference?.around.map(({ step, chaos, order }) => [step, chaos[0], ...order])).toEqual([
      [2, 'service.kill.mild on web', '-', '-'],
      [3, '-', 'a on x', 'a on x'],
      [5, '-', '-', 'c on x'],
      [6, '-', 'b on x', '-'],
    ]);
  });

  it('do not differ where one was cut off', () => {
    expect(firstDifference(episode('-', 'a on x'), episode('-', 'a on x', 'b on x'))).toBeNull();
  });

  it('tell of what only one of them had after they differed', () => {
    const difference = firstDifference(episode('a on x'), episode('-', 'b on x'));
    expect(difference?.around.at(-1)).toMatchObject({ step: 2, timeSeconds: 5, order: [null, 'b on x'] });
  });
});

describe('the figures of a verdict', () => {
  const { verdict } = recordedLines({ seed: 5 });

  it('hold the mean time to repair and the wrong repairs', () => {
    const figures = repairFigures({ ...verdict, timesToRepairSeconds: [10, 25], repairs: 4, repairsFailed: 1 });
    expect(figures).toMatchObject({ timeToRepairSeconds: 17.5, repairs: 4, wrongRepairs: 1 });
    expect(repairFigures({ ...verdict, timesToRepairSeconds: [] }).timeToRepairSeconds).toBeNull();
  });

  it('count a repair once that failed and was for nothing', () => {
    const figures = repairFigures({ ...verdict, repairs: 2, repairsFailed: 1, falseRepairs: 2 });
    expect(figures.wrongRepairs).toBe(2);
  });
});
