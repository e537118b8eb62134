/** Measuring: the best round counts, works take turns, and generated systems are measured at the sizes asked for. */
import { expect, test } from 'vitest';
import { measure, measureInTurns } from '../../src/validation/measure.ts';
import { measureSizes } from '../../src/validation/size-speed.ts';

/** A clock that only work moves. */
function manualClock() {
  let seconds = 0;
  return {
    clock: () => seconds,
    spend: (more: number) => {
      seconds += more;
    },
  };
}

test('the figure is that of the best round, and the warm-up does not count', () => {
  const { clock, spend } = manualClock();
  let runs = 0;
  const work = {
    run: () => {
      runs += 1;
      // Slow at first and whenever something else runs.
      spend(runs === 1 || runs % 2 === 0 ? 4 : 1);
      return 10;
    },
  };
  const timing = measure(work, { clock, seconds: 8e-6 });
  expect(timing.unitsPerSecond).toBe(10);
  expect(timing.unitsPerSecondMedian).toBe(2.5);
});

test('works that are compared take turns', () => {
  const { clock, spend } = manualClock();
  const order: string[] = [];
  const work = (name: string) => ({
    run: () => {
      order.push(name);
      spend(1);
      return 1;
    },
  });
  measureInTurns([work('a'), work('b')], { clock, seconds: 1e-6 });
  expect(order.slice(0, 6)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

test('sizes are measured one by one, with the cost of a service', () => {
  let seconds = 0;
  const clock = () => {
    seconds += 0.001;
    return seconds;
  };
  const rows = measureSizes({ clock, seconds: 1e-6, sizes: [4, 8], request: false });
  expect(rows.map((row) => [row.services, row.replicas])).toEqual([
    [4, 40],
    [8, 80],
  ]);
  for (const { flow, environment, services, requestEventsPerSecond } of rows) {
    expect(requestEventsPerSecond).toBeNull();
    for (const part of [flow, environment]) {
      expect(part.microsecondsPerService * part.unitsPerSecond * services).toBeCloseTo(1e6, 3);
    }
  }
});
