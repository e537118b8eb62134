/** The event heap leaves in order of time, then of scheduling, whatever comes in between. */
import { expect, test } from 'vitest';
import { RandomStream, StateLayout } from '../../src/base/index.ts';
import { EventHeap } from '../../src/traffic/index.ts';

function heapOf(capacity: number) {
  const layout = new StateLayout();
  const heap = new EventHeap(layout, capacity);
  const arena = layout.build();
  heap.bind();
  heap.clear();
  return { heap, arena };
}

function drain(heap: EventHeap): [number, number][] {
  const taken: [number, number][] = [];
  while (heap.take(Number.MAX_SAFE_INTEGER)) taken.push([heap.micros, heap.payload]);
  return taken;
}

test('events leave by time, those of one time in the order they were scheduled', () => {
  const { heap } = heapOf(2000);
  const draws = new RandomStream(1, 'heap');
  const expected = Array.from({ length: 2000 }, (_, index) => [draws.integer(300), index] as [number, number]);
  for (const [micros, payload] of expected) heap.push(micros, payload);
  expect(drain(heap)).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
});

test('events scheduled while others leave find their place', () => {
  const { heap } = heapOf(64);
  const draws = new RandomStream(2, 'heap');
  const pending: number[] = [];
  let now = 0;
  for (let step = 0; step < 5000; step += 1) {
    if (pending.length > 0 && (pending.length === 64 || draws.uniform() < 0.5)) {
      expect(heap.take(Number.MAX_SAFE_INTEGER)).toBe(true);
      now = heap.micros;
      pending.sort((a, b) => a - b);
      expect(now).toBe(pending.shift());
    } else {
      const micros = now + draws.integer(1000);
      heap.push(micros, step);
      pending.push(micros);
    }
    expect(heap.size).toBe(pending.length);
  }
});

test('nothing leaves before its time', () => {
  const { heap } = heapOf(4);
  heap.push(10, 1);
  expect(heap.take(9)).toBe(false);
  expect(heap.take(10)).toBe(true);
  expect(heap.take(10)).toBe(false);
});

test('removed events never happen, the others do in order', () => {
  const { heap } = heapOf(1000);
  const draws = new RandomStream(3, 'heap');
  for (let payload = 0; payload < 1000; payload += 1) heap.push(draws.integer(100_000), payload);
  heap.remove((payload) => payload % 3 === 0);
  const left = drain(heap);
  expect(left.map(([, payload]) => payload).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1000 }, (_, payload) => payload).filter((payload) => payload % 3 !== 0),
  );
  expect(left.every(([micros], index) => index === 0 || micros >= left[index - 1]![0])).toBe(true);
});

test('a settled heap restored from a snapshot goes on the same', () => {
  const { heap, arena } = heapOf(100);
  for (let payload = 0; payload < 50; payload += 1) heap.push((payload * 37) % 50, payload);
  heap.take(100);
  heap.settle();
  const snapshot = arena.snapshot();
  const first = drain(heap);
  heap.settle();
  arena.restore(snapshot);
  expect(drain(heap)).toEqual(first);
});

test('a full heap is a bug', () => {
  const { heap } = heapOf(1);
  heap.push(1, 1);
  expect(() => {
    heap.push(2, 2);
  }).toThrow('full');
});
