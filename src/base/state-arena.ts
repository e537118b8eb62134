/** All simulation state in one buffer, so that a snapshot is a copy, a hash is a loop and a difference has a name. */
import { assert } from './assert.ts';
import { formatHash, hashWords, hashWordsInto } from './hash.ts';

interface ColumnArrays {
  f64: Float64Array;
  f32: Float32Array;
  i32: Int32Array;
  u32: Uint32Array;
  u8: Uint8Array;
}

/** Element type of a column. */
export type ColumnType = keyof ColumnArrays;

/** The columns of a table, each a typed array with one element per row. */
export type Table<C extends Record<string, ColumnType>> = { readonly [K in keyof C]: ColumnArrays[C[K]] };

/** One differing element of two snapshots. */
export interface StateDifference {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  readonly before: number;
  readonly after: number;
}

/** Where a column lies in the buffer. */
export interface ColumnPlace {
  readonly table: string;
  readonly column: string;
  readonly type: ColumnType;
  readonly rows: number;
  readonly byteOffset: number;
}

const ARRAY_TYPES = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array };
const DIFFERENCES_MAX = 20;

/** The built state: made by `StateLayout.build`. */
export class StateArena {
  readonly byteLength: number;
  private readonly buffer: ArrayBuffer;
  private readonly bytes: Uint8Array;
  private readonly words: Uint32Array;
  private readonly places: readonly ColumnPlace[];
  private readonly scratch: Uint32Array = new Uint32Array(2);

  constructor(buffer: ArrayBuffer, places: readonly ColumnPlace[]) {
    this.byteLength = buffer.byteLength;
    this.buffer = buffer;
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.places = places;
  }

  /** Copies the whole state, into `into` when given (its length must be `byteLength`). */
  snapshot(into?: ArrayBuffer): ArrayBuffer {
    if (into === undefined) return this.buffer.slice(0);
    assert(into.byteLength === this.byteLength, 'a snapshot buffer must have the length of the arena');
    new Uint8Array(into).set(this.bytes);
    return into;
  }

  /** Puts a snapshot of this layout back; columns keep their identity. */
  restore(snapshot: ArrayBuffer): void {
    assert(snapshot.byteLength === this.byteLength, 'a snapshot must come from an arena of the same layout');
    this.bytes.set(new Uint8Array(snapshot));
  }

  /** Hash of every bit of the state: 16 hex digits. */
  hash(): string {
    this.hashInto(this.scratch);
    return formatHash(this.scratch);
  }

  /** Writes the low and the high half of the hash to `out`, without allocation. */
  hashInto(out: Uint32Array): void {
    hashWordsInto(this.words, out);
  }

  /** Hash of each table, so that a recording can tell which part of the state diverged. */
  tableHashes(): Record<string, string> {
    const hashes: Record<string, string> = {};
    const { places } = this;
    for (let start = 0, end = 1; end <= places.length; end++) {
      const { table, byteOffset } = places[start]!;
      if (places[end]?.table === table) continue;
      hashes[table] = hashWords(this.words.subarray(byteOffset / 4, columnEnd(places[end - 1]!) / 4));
      start = end;
    }
    return hashes;
  }

  /** Table, column and row of the first element that is not a number; null when there is none. */
  firstNotANumber(): string | null {
    for (const place of this.places) {
      if (place.type !== 'f64' && place.type !== 'f32') continue;
      const row = firstNaN(viewColumn(place, this.buffer));
      if (row >= 0) return `${place.table}.${place.column}[${row}]`;
    }
    return null;
  }

  /** The first elements whose bits differ between two snapshots, in order of declaration. */
  difference(before: ArrayBuffer, after: ArrayBuffer, limit: number = DIFFERENCES_MAX): StateDifference[] {
    const sameLayout = before.byteLength === this.byteLength && after.byteLength === this.byteLength;
    assert(sameLayout, 'snapshots must come from an arena of the same layout');
    const differences: StateDifference[] = [];
    for (const place of this.places) {
      collectDifferences(place, before, after, limit, differences);
      if (differences.length >= limit) break;
    }
    return differences;
  }
}

/** Views one column of a buffer. */
export function viewColumn(place: ColumnPlace, buffer: ArrayBuffer): ColumnArrays[ColumnType] {
  return new ARRAY_TYPES[place.type](buffer, place.byteOffset, place.rows);
}

/** The first byte behind a column, rounded up to the alignment of 8 bytes. */
export function columnEnd(place: Pick<ColumnPlace, 'type' | 'rows' | 'byteOffset'>): number {
  const bytes = place.rows * ARRAY_TYPES[place.type].BYTES_PER_ELEMENT;
  return place.byteOffset + Math.ceil(bytes / 8) * 8;
}

/** Index of the first element that is not a number, -1 = none; a loop, since the whole state is looked through. */
function firstNaN(values: ColumnArrays[ColumnType]): number {
  for (let index = 0; index < values.length; index += 1) if (Number.isNaN(values[index])) return index;
  return -1;
}

function collectDifferences(
  place: ColumnPlace,
  before: ArrayBuffer,
  after: ArrayBuffer,
  limit: number,
  differences: StateDifference[],
): void {
  const valuesBefore = viewColumn(place, before);
  const valuesAfter = viewColumn(place, after);
  const bytesBefore = new Uint8Array(before, place.byteOffset, valuesBefore.byteLength);
  const bytesAfter = new Uint8Array(after, place.byteOffset, valuesAfter.byteLength);
  const elementBytes = valuesBefore.BYTES_PER_ELEMENT;
  let reported = -1;
  for (let byte = 0; byte < bytesBefore.length && differences.length < limit; byte++) {
    // Bytes, not values: NaN equals itself here, and zero differs from minus zero, exactly as in the hash.
    if (bytesBefore[byte] === bytesAfter[byte]) continue;
    const row = Math.floor(byte / elementBytes);
    if (row === reported) continue;
    reported = row;
    const { table, column } = place;
    differences.push({ table, column, row, before: valuesBefore[row]!, after: valuesAfter[row]! });
  }
}
