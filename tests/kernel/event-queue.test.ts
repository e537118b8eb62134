/** The event queue: one total order, bounded, and part of the state like anything else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionFailure, StateLayout } from '../../src/base/index.ts';
import { EventQueue, PRIORITY_LEVELS, TIME_MICROS_MAX } from '../../src/kernel/index.ts';

function build(capacity = 100) {
  const layout = new StateLayout();
  const queue = new EventQueue(layout, capacity);
  return { queue, arena: layout.build() };
}

function popAll(queue: EventQueue): number[] {
  const payloads: number[] = [];
  while (queue.size > 0) {
    queue.pop();
    payloads.push(queue.a);
  }
  return payloads;
}

interface Expected {
  readonly time: number;
  readonly priority: number;
  readonly sequence: number;
}

function byTotalOrder(first: Expected, second: Expected): number {
  return first.time - second.time || first.priority - second.priority || first.sequence - second.sequence;
}

describe('order', () => {
  test('is time, then priority, then the order of scheduling', () => {
    const { queue } = build();
    const events = [
      [5, 0],
      [5, 2],
      [3, 9],
      [5, 0],
      [3, 1],
      [5, 1],
      [3, 9],
    ] as const;
    events.forEach(([time, priority], index) => {
      queue.schedule(time, priority, 0, index, 0);
    });
    expect(popAll(queue)).toEqual([4, 2, 6, 0, 3, 5, 1]);
  });

  test('equals a sorted list under any interleaving of schedule and pop', () => {
    const operation = fc.oneof(
      { weight: 3, arbitrary: fc.record({ delay: fc.nat(4), priority: fc.nat(2) }) },
      { weight: 2, arbitrary: fc.constant('pop' as const) },
    );
    const property = fc.property(fc.array(operation, { maxLength: 400, size: 'max' }), (operations) => {
      const { queue } = build(400);
      const pending: Expected[] = [];
      const actual: number[][] = [];
      const expected: number[][] = [];
      for (const [sequence, step] of [...operations, ...Array<'pop'>(400).fill('pop')].entries()) {
        if (step !== 'pop') {
          const time = queue.time + step.delay;
          queue.schedule(time, step.priority, 0, sequence, -sequence - 1);
          pending.push({ time, priority: step.priority, sequence });
          pending.sort(byTotalOrder);
        } else if (pending.length > 0) {
          const { time, sequence: first } = pending.shift()!;
          expected.push([time, time, first, -first - 1, pending.length]);
          const next = queue.nextTime();
          queue.pop();
          actual.push([next, queue.time, queue.a, queue.b, queue.size]);
        }
      }
      expect(actual).toEqual(expected);
    });
    fc.assert(property, { numRuns: 40, seed: 1 });
  });

  test('holds for thousands of events at the same time', () => {
    const { queue } = build(5000);
    for (let index = 0; index < 5000; index++) queue.schedule(1, index % 3, 0, index, 0);
    const expected = [0, 1, 2].flatMap((rest) =>
      Array.from({ length: 5000 }, (_, i) => i).filter((i) => i % 3 === rest),
    );
    expect(popAll(queue)).toEqual(expected);
  });

  test('is exact up to the latest time and the last priority', () => {
    const { queue } = build();
    queue.schedule(TIME_MICROS_MAX, PRIORITY_LEVELS - 1, 0, 1, 0);
    queue.schedule(TIME_MICROS_MAX, PRIORITY_LEVELS - 2, 0, 2, 0);
    queue.schedule(TIME_MICROS_MAX - 1, PRIORITY_LEVELS - 1, 0, 3, 0);
    expect(popAll(queue)).toEqual([3, 2, 1]);
    expect(queue.time).toBe(TIME_MICROS_MAX);
  });
});

describe('events', () => {
  test('come back with kind and both payloads, negative ones too', () => {
    const { queue } = build();
    queue.schedule(1_000_000, 3, 42, -7, 2147483647);
    queue.pop();
    expect([queue.time, queue.kind, queue.a, queue.b]).toEqual([1_000_000, 42, -7, 2147483647]);
  });

  test('an empty queue has no next time and cannot be popped', () => {
    const { queue } = build();
    expect(queue.nextTime()).toBe(Number.POSITIVE_INFINITY);
    expect(() => queue.pop()).toThrow('the event queue is empty');
  });

  test('one more than the capacity is a bug, and room that became free is used again', () => {
    const { queue } = build(2);
    queue.schedule(1, 0, 0, 1, 0);
    queue.schedule(2, 0, 0, 2, 0);
    expect(() => queue.schedule(3, 0, 0, 3, 0)).toThrow('the event queue is full');
    queue.pop();
    queue.schedule(3, 0, 0, 3, 0);
    expect(popAll(queue)).toEqual([2, 3]);
  });

  test('times in the past, between microseconds or too far ahead are bugs, and so are unknown priorities', () => {
    const { queue } = build();
    queue.schedule(10, 0, 0, 0, 0);
    queue.pop();
    for (const time of [9, 10.5, TIME_MICROS_MAX + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => queue.schedule(time, 0, 0, 0, 0)).toThrow(AssertionFailure);
    }
    for (const priority of [-1, 0.5, PRIORITY_LEVELS, Number.NaN]) {
      expect(() => queue.schedule(10, priority, 0, 0, 0)).toThrow(AssertionFailure);
    }
    queue.schedule(10, 0, 0, 5, 0);
    expect(popAll(queue)).toEqual([5]);
  });
});

describe('state', () => {
  test('continues identically from a snapshot', () => {
    const { queue, arena } = build();
    for (let index = 0; index < 30; index++) queue.schedule((index * 7) % 11, index % 2, 0, index, 0);
    for (let index = 0; index < 10; index++) queue.pop();
    const now = queue.time;
    const snapshot = arena.snapshot();
    const straight = () => {
      for (let index = 0; index < 5; index++) queue.schedule(now + 1, 0, 0, 100 + index, 0);
      return popAll(queue);
    };
    const first = straight();
    const hash = arena.hash();
    arena.restore(snapshot);
    expect(queue.size).toBe(20);
    expect(straight()).toEqual(first);
    expect(arena.hash()).toBe(hash);
  });

  test('a cleared queue is like a new one, to the last bit', () => {
    const { queue, arena } = build();
    const hash = arena.hash();
    for (let index = 0; index < 30; index++) queue.schedule(index + 50, 0, 1, index, index);
    queue.pop();
    queue.clear();
    expect(arena.hash()).toBe(hash);
    expect(queue.size).toBe(0);
    queue.schedule(1, 0, 0, 9, 0);
    expect(popAll(queue)).toEqual([9]);
  });
});
