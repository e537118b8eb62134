/** A block of lines redrawn in place: what is left on the screen. */
import { describe, expect, test } from 'vitest';
import { TerminalBlock } from '../../src/cli/terminal-block.ts';
import { Screen } from '../support/screen.ts';

function blockOn(columns = 40, rows = 10) {
  const screen = new Screen(columns, rows);
  const clock = { ms: 0 };
  const block = new TerminalBlock({ sink: screen, size: () => screen, now: () => clock.ms });
  /** Shows these lines at the next tenth of a second. */
  const show = (...lines: string[]) => {
    clock.ms += 100;
    block.update(() => lines);
  };
  return { screen, clock, block, show };
}

describe('a block', () => {
  test('is redrawn in place, longer or shorter', () => {
    const { screen, show } = blockOn();
    screen.write('$ train\n');
    show('one', 'two');
    show('three', 'four', 'five');
    show('six');
    expect(screen.lines).toEqual(['$ train', 'six', '']);
  });

  test('is drawn at most ten times a second, and ends with its last state', () => {
    const { screen, clock, block } = blockOn();
    for (let count = 1; count <= 250; count++) {
      clock.ms += 10;
      block.update(() => [`count ${count}`]);
    }
    expect(screen.written.length).toBeLessThanOrEqual(26);
    block.finish();
    expect(screen.lines).toEqual(['count 250', '']);
  });

  test('stays on the screen when it is over, and another begins below', () => {
    const { screen, block, show } = blockOn();
    show('first');
    block.finish();
    screen.write('done\n');
    show('second');
    block.finish();
    expect(screen.lines).toEqual(['first', 'done', 'second', '']);
  });

  test('makes room for what is printed above it', () => {
    const { screen, block, show } = blockOn();
    show('one', 'two');
    block.print('stopping\n');
    show('three', 'four');
    expect(screen.lines).toEqual(['stopping', 'three', 'four', '']);
  });

  test('prints as usual before anything is shown', () => {
    const { screen, block } = blockOn();
    block.print('stopping\n');
    expect(screen.lines).toEqual(['stopping', '']);
  });

  test.each([
    ['wider', 60],
    ['narrower', 25],
    ['much narrower', 11],
  ])('fits a terminal that became %s', (_, columns) => {
    const { screen, clock, block } = blockOn(40);
    screen.write('$ train\n');
    clock.ms = 100;
    block.update((width) => ['x'.repeat(width), 'y'.repeat(100), 'z']);
    screen.resize(columns);
    block.resize();
    const full = columns - 1;
    expect(screen.lines).toEqual(['$ train', 'x'.repeat(full), 'y'.repeat(full), 'z', '']);
  });

  test('is cut to a terminal that is lower than it', () => {
    const { screen, show } = blockOn(40, 4);
    show('1', '2', '3', '4', '5');
    show('a', 'b', 'c', 'd', 'e');
    expect(screen.lines).toEqual(['a', 'b', 'c', '']);
  });
});
