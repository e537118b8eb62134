/** Declares the tables of a simulation's state, then builds the one buffer that holds them. */
import { AssertionFailure, assert } from './assert.ts';
import type { ColumnPlace, ColumnType, Table } from './state-arena.ts';
import { columnEnd, StateArena, viewColumn } from './state-arena.ts';

interface PlannedColumn {
  readonly place: ColumnPlace;
  readonly owner: Record<string, unknown>;
}

/** Collects table declarations; `build` allocates the buffer and binds every declared column to it. */
export class StateLayout {
  private readonly planned: PlannedColumn[] = [];
  private readonly tableNames: Set<string> = new Set();
  private byteLength = 0;
  private built = false;

  /** Declares a table; its columns may be used only after `build`. */
  table<const C extends Record<string, ColumnType>>(name: string, rows: number, columns: C): Table<C> {
    assert(!this.built, `table ${name} declared after build`);
    assert(!this.tableNames.has(name), `table ${name} declared twice`);
    assert(Number.isInteger(rows) && rows >= 0, `table ${name} needs a whole number of rows`);
    this.tableNames.add(name);
    // Made at once: V8 turns an object that grows by computed keys into a dictionary, several times slower to read.
    const owner: Record<string, unknown> = Object.fromEntries(
      Object.keys(columns).map((column) => [column, unboundColumn(`${name}.${column}`)]),
    );
    for (const [column, type] of Object.entries(columns)) {
      const place: ColumnPlace = { table: name, column, type, rows, byteOffset: this.byteLength };
      this.byteLength = columnEnd(place);
      this.planned.push({ place, owner });
    }
    return owner as Table<C>;
  }

  /** Allocates the state, all zero, and binds the columns of every table. */
  build(): StateArena {
    assert(!this.built, 'a layout is built once');
    this.built = true;
    const buffer = new ArrayBuffer(this.byteLength);
    for (const { place, owner } of this.planned) owner[place.column] = viewColumn(place, buffer);
    return new StateArena(
      buffer,
      this.planned.map(({ place }) => place),
    );
  }
}

/** Stands in for a column until it is bound, so that early use fails at once instead of reading undefined. */
function unboundColumn(name: string): object {
  const refuse = (): never => {
    throw new AssertionFailure(`column ${name} used before the layout was built`);
  };
  return new Proxy({}, { get: refuse, set: refuse, has: refuse });
}
