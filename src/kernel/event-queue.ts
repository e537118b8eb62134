/**
 * Pending events in the total order (time, priority, sequence): a bounded 4-ary heap in the state arena.
 * Time and priority share one double, so that sifting compares one number and looks at the sequence on ties only.
 */
import type { StateLayout, Table } from '../base/index.ts';
import { assert } from '../base/index.ts';

/** Priorities go from 0, which leaves first, to one less than this. */
export const PRIORITY_LEVELS = 16;

/** Latest time of an event, about 17 years: time and priority together must fit the 53 bits of a double. */
export const TIME_MICROS_MAX = 562_949_953_421_311;

/** Events at equal times leave by priority, lowest first, then in the order they were scheduled. */
export class EventQueue {
  /** Time of the event that `pop` took out last; it and the fields below are no part of the state. */
  time = 0;
  /** What is to happen; the meaning is the caller's. */
  kind = 0;
  /** First payload. */
  a = 0;
  /** Second payload. */
  b = 0;

  private readonly capacity: number;
  // Slots hold what an event is; the heap moves only keys and slot numbers. Heap places from `size` to `slotsUsed`
  // keep the numbers of free slots.
  private readonly heap: Table<{ key: 'f64'; slot: 'i32' }>;
  private readonly slots: Table<{ sequence: 'f64'; kind: 'i32'; a: 'i32'; b: 'i32' }>;
  private readonly counters: Table<{ size: 'i32'; slotsUsed: 'i32'; sequenceNext: 'f64'; latestMicros: 'f64' }>;

  constructor(layout: StateLayout, capacity: number, tablePrefix: string = 'event-queue') {
    this.capacity = capacity;
    this.heap = layout.table(`${tablePrefix}.heap`, capacity, { key: 'f64', slot: 'i32' });
    this.slots = layout.table(`${tablePrefix}.slots`, capacity, { sequence: 'f64', kind: 'i32', a: 'i32', b: 'i32' });
    this.counters = layout.table(`${tablePrefix}.counters`, 1, {
      size: 'i32',
      slotsUsed: 'i32',
      sequenceNext: 'f64',
      latestMicros: 'f64',
    });
  }

  /** Number of pending events. */
  get size(): number {
    return this.counters.size[0]!;
  }

  /** Whether there is room for no more events. */
  get isFull(): boolean {
    return this.counters.size[0] === this.capacity;
  }

  /** Time of the first event, Infinity when there is none. */
  nextTime(): number {
    return this.counters.size[0] === 0 ? Number.POSITIVE_INFINITY : timeOf(this.heap.key[0]!);
  }

  /** Forgets all events and the past, leaving no trace in the state hash. */
  clear(): void {
    for (const table of [this.heap, this.slots, this.counters]) {
      for (const column of Object.values(table)) column.fill(0);
    }
  }

  /** Adds an event, not before the event popped last; kind, a and b are 32-bit integers. A full queue is a bug. */
  schedule(timeMicros: number, priority: number, kind: number, a: number, b: number): void {
    const { size, slotsUsed, sequenceNext, latestMicros } = this.counters;
    const position = size[0]!;
    assert(position < this.capacity, 'the event queue is full');
    assert(
      timeMicros >= latestMicros[0]! && timeMicros <= TIME_MICROS_MAX,
      'an event lies in the past or too far ahead',
    );
    assert(Math.floor(timeMicros) === timeMicros, 'event times are whole microseconds');
    assert(priority >>> 0 === priority && priority < PRIORITY_LEVELS, 'event priorities are integers from 0 to 15');
    if (position === slotsUsed[0]!) this.heap.slot[position] = slotsUsed[0]!++;
    const slot = this.heap.slot[position]!;
    const { slots } = this;
    slots.sequence[slot] = sequenceNext[0]!++;
    slots.kind[slot] = kind;
    slots.a[slot] = a;
    slots.b[slot] = b;
    size[0] = position + 1;
    this.siftUp(position, timeMicros * PRIORITY_LEVELS + priority, slot);
  }

  /** Takes the first event out into `time`, `kind`, `a` and `b`; the queue must not be empty. */
  pop(): void {
    const { key, slot } = this.heap;
    const { size, latestMicros } = this.counters;
    const last = size[0]! - 1;
    assert(last >= 0, 'the event queue is empty');
    const top = slot[0]!;
    const { slots } = this;
    this.time = timeOf(key[0]!);
    this.kind = slots.kind[top]!;
    this.a = slots.a[top]!;
    this.b = slots.b[top]!;
    latestMicros[0] = this.time;
    size[0] = last;
    if (last > 0) this.siftDown(last, key[last]!, slot[last]!);
    slot[last] = top;
  }

  /** Removes the events that are not to be kept; the others leave in the same order as before. */
  prune(keeps: (kind: number, a: number, b: number) => boolean): void {
    const { key, slot } = this.heap;
    const { slots } = this;
    const size = this.counters.size[0]!;
    let kept = 0;
    for (let position = 0; position < size; position += 1) {
      const event = slot[position]!;
      if (!keeps(slots.kind[event]!, slots.a[event]!, slots.b[event]!)) continue;
      const eventKey = key[position]!;
      // Behind the kept events lie the slots of those removed, which are free from now on.
      slot[position] = slot[kept]!;
      key[kept] = eventKey;
      slot[kept] = event;
      kept += 1;
    }
    this.counters.size[0] = kept;
    for (let parent = (kept - 2) >> 2; parent >= 0; parent -= 1)
      this.siftDown(kept, key[parent]!, slot[parent]!, parent);
  }

  /** Moves a hole up from `position` to where the event belongs. A new event has the highest sequence: ties stay below. */
  private siftUp(start: number, eventKey: number, eventSlot: number): void {
    const { key, slot } = this.heap;
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 2;
      const parentKey = key[parent]!;
      if (parentKey <= eventKey) break;
      key[position] = parentKey;
      slot[position] = slot[parent]!;
      position = parent;
    }
    key[position] = eventKey;
    slot[position] = eventSlot;
  }

  /** Moves a hole down from `start` in a heap of `size` events to where the given event belongs. */
  private siftDown(size: number, eventKey: number, eventSlot: number, start = 0): void {
    const { key, slot } = this.heap;
    const { sequence } = this.slots;
    let position = start;
    for (let child = 4 * start + 1; child < size; child = 4 * position + 1) {
      let first = child;
      let firstKey = key[child]!;
      const end = Math.min(child + 4, size);
      for (let other = child + 1; other < end; other++) {
        const otherKey = key[other]!;
        if (otherKey > firstKey) continue;
        if (otherKey === firstKey && sequence[slot[other]!]! > sequence[slot[first]!]!) continue;
        first = other;
        firstKey = otherKey;
      }
      if (eventKey < firstKey) break;
      if (eventKey === firstKey && sequence[eventSlot]! < sequence[slot[first]!]!) break;
      key[position] = firstKey;
      slot[position] = slot[first]!;
      position = first;
    }
    key[position] = eventKey;
    slot[position] = eventSlot;
  }
}

function timeOf(key: number): number {
  return Math.floor(key / PRIORITY_LEVELS);
}
