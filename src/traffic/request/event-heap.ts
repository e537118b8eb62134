/**
 * Pending events of a discrete-event simulation in the state arena: a bounded 4-ary heap ordered by time, and by the
 * order of scheduling where times are equal. One double holds both: microseconds times 2^16 plus a running number, so
 * that sifting compares one number; the running number starts again after 65,536 events, which matters only among
 * events of one microsecond.
 */

import { assert, type StateLayout, type Table } from '../../base/index.ts';

const SEQUENCE_RANGE = 65_536;
const SEQUENCE_MASK = SEQUENCE_RANGE - 1;
const UNBOUND_KEYS: Float64Array = new Float64Array();
const UNBOUND_PAYLOADS: Int32Array = new Int32Array();

/** Some 38 hours: beyond that a double does not hold time and running number. */
const MICROS_MAX: number = 137_438_953_471;

/** A heap of (whole microseconds, 32-bit payload). */
export class EventHeap {
  /** Time and payload of the event taken last; no part of the state. */
  micros = 0;
  payload = 0;

  readonly #capacity: number;
  readonly #entries: Table<{ key: 'f64'; payload: 'i32' }>;
  readonly #counters: Table<{ size: 'i32'; sequence: 'i32' }>;
  #key: Float64Array = UNBOUND_KEYS;
  #payload: Int32Array = UNBOUND_PAYLOADS;
  #size: Int32Array = UNBOUND_PAYLOADS;
  #sequence: Int32Array = UNBOUND_PAYLOADS;
  /** The root has been taken and its place is still to be filled: by the next event, or at the next look. */
  #hole = false;

  constructor(layout: StateLayout, capacity: number, table: string = 'event-heap') {
    this.#capacity = capacity;
    this.#entries = layout.table(table, capacity, { key: 'f64', payload: 'i32' });
    this.#counters = layout.table(`${table}.counters`, 1, { size: 'i32', sequence: 'i32' });
  }

  /** Takes hold of the tables; call once the layout is built. */
  bind(): void {
    this.#key = this.#entries.key;
    this.#payload = this.#entries.payload;
    this.#size = this.#counters.size;
    this.#sequence = this.#counters.sequence;
  }

  /** Forgets all events. */
  clear(): void {
    this.#hole = false;
    this.#key.fill(0);
    this.#payload.fill(0);
    this.#size[0] = 0;
    this.#sequence[0] = 0;
  }

  /** Pending events. */
  get size(): number {
    return this.#size[0]! - (this.#hole ? 1 : 0);
  }

  /** Adds an event at whole microseconds; 38 hours and later are one moment. A full heap is a bug. */
  push(micros: number, payload: number): void {
    const sequence = this.#sequence[0]!;
    const key = Math.min(micros, MICROS_MAX) * SEQUENCE_RANGE + sequence;
    this.#sequence[0] = (sequence + 1) & SEQUENCE_MASK;
    if (this.#hole) {
      this.#hole = false;
      this.#siftDown(0, this.#size[0]!, key, payload);
      return;
    }
    const position = this.#size[0]!;
    assert(position < this.#capacity, 'the event heap is full');
    this.#size[0] = position + 1;
    this.#siftUp(position, key, payload);
  }

  /** Takes the first event if it is due at or before a time; false = there is none. */
  take(untilMicros: number): boolean {
    if (this.#hole) this.settle();
    if (this.#size[0] === 0) return false;
    const micros = Math.floor(this.#key[0]! / SEQUENCE_RANGE);
    if (micros > untilMicros) return false;
    this.micros = micros;
    this.payload = this.#payload[0]!;
    this.#hole = true;
    return true;
  }

  /** Fills the place of the event taken last. Call before anyone copies or hashes the state. */
  settle(): void {
    if (!this.#hole) return;
    this.#hole = false;
    const last = this.#size[0]! - 1;
    this.#size[0] = last;
    if (last > 0) this.#siftDown(0, last, this.#key[last]!, this.#payload[last]!);
  }

  /** Removes the events whose payload is to be dropped; takes time in proportion to the heap. */
  remove(drops: (payload: number) => boolean): void {
    this.settle();
    const size = this.#size[0]!;
    let kept = 0;
    for (let index = 0; index < size; index += 1) {
      const payload = this.#payload[index]!;
      if (drops(payload)) continue;
      this.#key[kept] = this.#key[index]!;
      this.#payload[kept] = payload;
      kept += 1;
    }
    this.#size[0] = kept;
    if (kept === size || kept < 2) return;
    for (let parent = (kept - 2) >> 2; parent >= 0; parent -= 1) {
      this.#siftDown(parent, kept, this.#key[parent]!, this.#payload[parent]!);
    }
  }

  #siftUp(start: number, key: number, payload: number): void {
    const keys = this.#key;
    const payloads = this.#payload;
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 2;
      const parentKey = keys[parent]!;
      if (parentKey <= key) break;
      keys[position] = parentKey;
      payloads[position] = payloads[parent]!;
      position = parent;
    }
    keys[position] = key;
    payloads[position] = payload;
  }

  /** Moves a hole down from `start` in a heap of `size` places to where the event belongs. */
  #siftDown(start: number, size: number, key: number, payload: number): void {
    const keys = this.#key;
    const payloads = this.#payload;
    let position = start;
    for (let child = 4 * position + 1; child < size; child = 4 * position + 1) {
      let first = child;
      let firstKey = keys[child]!;
      const end = Math.min(child + 4, size);
      for (let other = child + 1; other < end; other += 1) {
        const otherKey = keys[other]!;
        if (otherKey < firstKey) {
          first = other;
          firstKey = otherKey;
        }
      }
      if (key <= firstKey) break;
      keys[position] = firstKey;
      payloads[position] = payloads[first]!;
      position = first;
    }
    keys[position] = key;
    payloads[position] = payload;
  }
}
