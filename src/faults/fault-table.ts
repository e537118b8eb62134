/** The faults in force, one row each, in the state arena. */

import type { StateLayout, Table } from '../base/index.ts';
import { faultVerbs } from './catalogue.ts';
import type { FaultKind } from './fault-kind.ts';

/** A fault on a component. */
export interface FaultAction {
  /** Component id. */
  readonly component: number;
  /** Index into `faultVerbs`. */
  readonly verb: number;
}

/** A fault that was started. */
export interface FaultInForce extends FaultAction {
  readonly startedMicros: number;
  /** Infinity = until repaired. */
  readonly endsMicros: number;
}

const columns = {
  /** -1 = free row. */
  verb: 'i32',
  component: 'i32',
  /** Owner of its effects in the cluster. */
  owner: 'i32',
  pulses: 'i32',
  startedMicros: 'f64',
  endsMicros: 'f64',
} as const;

const FREE = -1;

/** Rows that can be in use at once. */
const FAULTS_MAX = 64;

/** A bounded table of faults. */
export class FaultTable {
  readonly columns: Table<typeof columns>;
  readonly #extent: Table<{ rowsEnd: 'i32' }>;

  constructor(layout: StateLayout) {
    this.columns = layout.table('fault', FAULTS_MAX, columns);
    this.#extent = layout.table('faultExtent', 1, { rowsEnd: 'i32' });
  }

  /** Rows from here on are free. */
  get rowsEnd(): number {
    return this.#extent.rowsEnd[0]!;
  }

  /** Frees every row. */
  clear(): void {
    for (let row = 0; row < FAULTS_MAX; row += 1) this.free(row);
  }

  /** A row that is not in use, -1 = none. */
  freeRow(): number {
    return this.columns.verb.indexOf(FREE);
  }

  isUsed(row: number): boolean {
    return this.columns.verb[row] !== FREE;
  }

  /** Takes a row into use. */
  fill(row: number, fault: FaultInForce & { readonly owner: number }): void {
    this.columns.verb[row] = fault.verb;
    this.columns.component[row] = fault.component;
    this.columns.owner[row] = fault.owner;
    this.columns.pulses[row] = 0;
    this.columns.startedMicros[row] = fault.startedMicros;
    this.columns.endsMicros[row] = fault.endsMicros;
    this.#extent.rowsEnd[0] = Math.max(this.rowsEnd, row + 1);
  }

  free(row: number): void {
    for (const column of Object.values(this.columns)) column[row] = 0;
    this.columns.verb[row] = FREE;
    let end = this.rowsEnd;
    while (end > 0 && !this.isUsed(end - 1)) end -= 1;
    this.#extent.rowsEnd[0] = end;
  }

  record(row: number): FaultInForce {
    const { component, verb, startedMicros, endsMicros } = this.columns;
    return {
      component: component[row]!,
      verb: verb[row]!,
      startedMicros: startedMicros[row]!,
      endsMicros: endsMicros[row]!,
    };
  }

  /** Whether a fault of a kind is on a component. */
  hasKind(component: number, kind: FaultKind): boolean {
    const { verb, component: components } = this.columns;
    for (let row = 0; row < this.rowsEnd; row += 1) {
      if (components[row] === component && this.isUsed(row) && faultVerbs[verb[row]!]!.kind === kind) return true;
    }
    return false;
  }
}
