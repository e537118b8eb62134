/** Progress of the command line: bar and lines, with a clock handed in. */
import { describe, expect, test } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';

function surroundings(isTTY: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const sink = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  return { written, clock, sink, now: () => clock.ms };
}

describe('progress', () => {
  test('is a bar redrawn in place on a terminal, closed by a line end', () => {
    const world = surroundings(true);
    const progress = new Progress('training', 4, world);
    world.clock.ms = 2_000;
    progress.update(1, 'score 0.5');
    world.clock.ms = 2_001;
    progress.update(4);
    progress.close();
    expect(world.written).toEqual([
      '\r\x1b[Ktraining █████░░░░░░░░░░░░░░░  25 %  6 s left  score 0.5',
      '\r\x1b[Ktraining ████████████████████ 100 %',
      '\n',
    ]);
  });

  test('is a plain line every few seconds elsewhere, and ends with the last state', () => {
    const world = surroundings(false);
    const progress = new Progress('training', 100, world);
    for (let done = 1; done <= 60; done++) {
      world.clock.ms += 200;
      progress.update(done);
    }
    progress.close();
    expect(world.written).toEqual([
      'training  25 %  15 s left\n',
      'training  50 %  10 s left\n',
      'training  60 %  8 s left\n',
    ]);
  });

  test('writes nothing if nothing was reported', () => {
    const world = surroundings(true);
    new Progress('training', 1, world).close();
    expect(world.written).toEqual([]);
  });
});
