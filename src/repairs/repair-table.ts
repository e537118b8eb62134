/** Repairs in progress and those whose effects still hold, one row each, in the state arena. */

import type { StateLayout, Table } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import { repairKinds } from './catalogue.ts';
import type { RepairContext } from './repair-kind.ts';

/** What a row is used for. */
export const RowUse = { free: 0, running: 1, holding: 2 } as const;

const columns = {
  use: 'u8',
  /** 1 = this attempt is bound to fail. */
  doomed: 'u8',
  verb: 'i32',
  component: 'i32',
  owner: 'i32',
  step: 'i32',
  cursor: 'i32',
  misses: 'i32',
  startedMicros: 'f64',
  deadlineMicros: 'f64',
} as const;

/** A table with room for one repair in progress and one held effect of each kind per component. */
export class RepairTable {
  readonly columns: Table<typeof columns>;

  constructor(layout: StateLayout, components: number) {
    const held = repairKinds.filter((verb) => verb.holdSeconds > 0);
    const heldMax = Math.max(...held.map(({ target }) => held.filter((verb) => verb.target === target).length));
    this.columns = layout.table('repair', components * (1 + heldMax), columns);
  }

  /** Frees every row. */
  clear(): void {
    for (const column of Object.values(this.columns)) column.fill(0);
  }

  freeRow(): number {
    return this.columns.use.indexOf(RowUse.free);
  }

  /** Takes a row into use for a repair that starts. */
  fill(
    row: number,
    repair: { verb: number; component: number; owner: number; startedMicros: number; doomed: boolean },
  ): void {
    this.columns.use[row] = RowUse.running;
    this.columns.doomed[row] = repair.doomed ? 1 : 0;
    this.columns.verb[row] = repair.verb;
    this.columns.component[row] = repair.component;
    this.columns.owner[row] = repair.owner;
    this.columns.startedMicros[row] = repair.startedMicros;
    this.columns.cursor[row] = -1;
  }

  free(row: number): void {
    for (const column of Object.values(this.columns)) column[row] = 0;
  }

  /** The row whose effects of a kind hold on a component, -1 = none. */
  holdingRow({ component, verb }: { component: number; verb: number }): number {
    const { use } = this.columns;
    for (let row = 0; row < use.length; row += 1) {
      if (use[row] !== RowUse.holding || this.columns.verb[row] !== verb) continue;
      if (this.columns.component[row] === component) return row;
    }
    return -1;
  }
}

/** A repair's context whose memory is its row. */
export class RepairRun implements RepairContext {
  readonly cluster: Cluster;
  readonly target: number;
  readonly #columns: Table<typeof columns>;
  readonly #row: number;

  constructor(options: { cluster: Cluster; target: number; table: RepairTable; row: number }) {
    this.cluster = options.cluster;
    this.target = options.target;
    this.#columns = options.table.columns;
    this.#row = options.row;
  }

  get owner(): number {
    return this.#columns.owner[this.#row]!;
  }

  get step(): number {
    return this.#columns.step[this.#row]!;
  }

  get startedMicros(): number {
    return this.#columns.startedMicros[this.#row]!;
  }

  get cursor(): number {
    return this.#columns.cursor[this.#row]!;
  }

  set cursor(value: number) {
    this.#columns.cursor[this.#row] = value;
  }

  get deadlineMicros(): number {
    return this.#columns.deadlineMicros[this.#row]!;
  }

  set deadlineMicros(value: number) {
    this.#columns.deadlineMicros[this.#row] = value;
  }

  get misses(): number {
    return this.#columns.misses[this.#row]!;
  }

  set misses(value: number) {
    this.#columns.misses[this.#row] = value;
  }
}
