/** The faults in force, one row each, in the state arena. */

import type { StateLayout, Table } from '../base/index.ts';
import { faultKinds, faultVerbs } from './catalogue.ts';
import { type Direction, directions, type FaultMode, faultModes } from './envelope.ts';
import type { FaultKind } from './fault-kind.ts';

/** A fault on a component. */
export interface FaultAction {
  /** Component id. */
  readonly component: number;
  /** Index into `faultVerbs`. */
  readonly verb: number;
}

/** What a fault was narrowed to when it was started. */
export interface FaultEnvelope {
  /** Null = as many replicas as its parameters say. */
  readonly mode: FaultMode | null;
  /** Replicas or percent; 0 with a mode that needs none. */
  readonly value: number;
  /** Service, -1 = none in particular. */
  readonly peer: number;
  readonly direction: Direction;
  readonly parameters: Readonly<Record<string, number>>;
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
  /** Index into `faultModes`, -1 = none. */
  mode: 'i32',
  value: 'f64',
  peer: 'i32',
  /** Index into `directions`. */
  direction: 'u8',
  startedMicros: 'f64',
  endsMicros: 'f64',
} as const;

const FREE = -1;

/** Rows that can be in use at once. */
const FAULTS_MAX = 64;
const PARAMETERS_MAX = Math.max(...faultKinds.map(({ parameterNames }) => parameterNames.length));

/** A bounded table of faults. */
export class FaultTable {
  readonly columns: Table<typeof columns>;
  readonly #extent: Table<{ rowsEnd: 'i32' }>;
  /** `PARAMETERS_MAX` values per row, in the order of `FaultKind.parameterNames`. */
  readonly #parameters: Table<{ value: 'f64' }>;

  constructor(layout: StateLayout) {
    this.columns = layout.table('fault', FAULTS_MAX, columns);
    this.#extent = layout.table('faultExtent', 1, { rowsEnd: 'i32' });
    this.#parameters = layout.table('faultParameter', FAULTS_MAX * PARAMETERS_MAX, { value: 'f64' });
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
  fill(row: number, fault: FaultInForce & FaultEnvelope & { readonly owner: number }): void {
    this.columns.verb[row] = fault.verb;
    this.columns.component[row] = fault.component;
    this.columns.owner[row] = fault.owner;
    this.columns.pulses[row] = 0;
    this.columns.mode[row] = fault.mode === null ? -1 : faultModes.indexOf(fault.mode);
    this.columns.value[row] = fault.value;
    this.columns.peer[row] = fault.peer;
    this.columns.direction[row] = directions.indexOf(fault.direction);
    this.columns.startedMicros[row] = fault.startedMicros;
    this.columns.endsMicros[row] = fault.endsMicros;
    faultVerbs[fault.verb]!.kind.parameterNames.forEach((name, index) => {
      this.#parameters.value[row * PARAMETERS_MAX + index] = fault.parameters[name]!;
    });
    this.#extent.rowsEnd[0] = Math.max(this.rowsEnd, row + 1);
  }

  free(row: number): void {
    for (const column of Object.values(this.columns)) column[row] = 0;
    this.columns.verb[row] = FREE;
    this.#parameters.value.fill(0, row * PARAMETERS_MAX, (row + 1) * PARAMETERS_MAX);
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

  envelope(row: number): FaultEnvelope {
    const { verb, mode, value, peer, direction } = this.columns;
    const names = faultVerbs[verb[row]!]!.kind.parameterNames;
    return {
      mode: faultModes[mode[row]!] ?? null,
      value: value[row]!,
      peer: peer[row]!,
      direction: directions[direction[row]!]!,
      parameters: Object.fromEntries(
        names.map((name, index) => [name, this.#parameters.value[row * PARAMETERS_MAX + index]!]),
      ),
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
