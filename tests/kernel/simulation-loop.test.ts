/** The loop: continuous state advances to each event's time before the event happens. */
import { describe, expect, test } from 'vitest';
import { StateLayout } from '../../src/base/index.ts';
import { EventQueue, runUntil } from '../../src/kernel/index.ts';

/** A queue and a log of what the loop did with it. */
function build(onEvent: (queue: EventQueue) => void = () => undefined) {
  const layout = new StateLayout();
  const queue = new EventQueue(layout, 100);
  layout.build();
  const log: string[] = [];
  const run = (untilMicros: number, eventsMax?: number): number =>
    runUntil({
      queue,
      untilMicros,
      advance: (toMicros) => log.push(`to ${toMicros}`),
      dispatch: () => {
        log.push(`event ${queue.a}`);
        onEvent(queue);
      },
      ...(eventsMax === undefined ? {} : { eventsMax }),
    });
  return { queue, log, run };
}

describe('runUntil', () => {
  test('advances once to each distinct time, before its events, and at last to the end', () => {
    const { queue, log, run } = build();
    queue.schedule(20, 0, 0, 3, 0);
    queue.schedule(10, 1, 0, 2, 0);
    queue.schedule(10, 0, 0, 1, 0);
    expect(run(25)).toBe(3);
    expect(log).toEqual(['to 10', 'event 1', 'event 2', 'to 20', 'event 3', 'to 25']);
  });

  test('includes events at the end and leaves later ones for the next run', () => {
    const { queue, log, run } = build();
    queue.schedule(10, 0, 0, 1, 0);
    queue.schedule(11, 0, 0, 2, 0);
    expect(run(10)).toBe(1);
    expect(log).toEqual(['to 10', 'event 1']);
    expect(run(12)).toBe(1);
    expect(log).toEqual(['to 10', 'event 1', 'to 11', 'event 2', 'to 12']);
  });

  test('only advances when nothing is pending', () => {
    const { log, run } = build();
    expect(run(5)).toBe(0);
    expect(log).toEqual(['to 5']);
  });

  test('performs events that events schedule, at their own time too', () => {
    const { queue, log, run } = build((queue) => {
      if (queue.a < 3) queue.schedule(queue.time + (queue.a === 1 ? 0 : 4), 0, 0, queue.a + 1, 0);
    });
    queue.schedule(2, 0, 0, 1, 0);
    expect(run(6)).toBe(3);
    expect(log).toEqual(['to 2', 'event 1', 'event 2', 'to 6', 'event 3']);
  });

  test('stops an event that keeps scheduling itself at its own time', () => {
    const { queue, log, run } = build((queue) => queue.schedule(queue.time, 0, 0, 1, 0));
    queue.schedule(1, 0, 0, 1, 0);
    expect(() => run(1, 50)).toThrow('too many events');
    expect(log).toHaveLength(51);
  });
});
