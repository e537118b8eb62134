/** How the last repair on each component went: what an agent may remember of its own doing. */

import type { StateLayout, Table } from '../base/index.ts';

/** How a repair ended; `none` = there was none, or it is in progress. */
export type RepairOutcome = 'none' | 'succeeded' | 'failed';

const outcomes: readonly RepairOutcome[] = ['none', 'succeeded', 'failed'];

const columns = {
  runningVerb: 'i32',
  lastVerb: 'i32',
  /** Index into `outcomes`. */
  outcome: 'u8',
  startedMicros: 'f64',
  endedMicros: 'f64',
} as const;

/** One row per component, and one per component and verb. */
export class RepairHistory {
  readonly #columns: Table<typeof columns>;
  readonly #verbs: number;
  readonly #starts: Table<{ micros: 'f64' }>;

  constructor(layout: StateLayout, size: { readonly components: number; readonly verbs: number }) {
    const { components, verbs } = size;
    this.#verbs = verbs;
    this.#starts = layout.table('repairStarts', components * verbs, { micros: 'f64' });
    this.#columns = layout.table('repairHistory', components, columns);
  }

  clear(): void {
    this.#columns.runningVerb.fill(-1);
    this.#columns.lastVerb.fill(-1);
    this.#columns.outcome.fill(0);
    this.#columns.startedMicros.fill(-Infinity);
    this.#columns.endedMicros.fill(-Infinity);
    this.#starts.micros.fill(-Infinity);
  }

  started(component: number, options: { readonly verb: number; readonly atMicros: number }): void {
    this.#columns.runningVerb[component] = options.verb;
    this.#columns.lastVerb[component] = options.verb;
    this.#columns.outcome[component] = 0;
    this.#columns.startedMicros[component] = options.atMicros;
    this.#starts.micros[component * this.#verbs + options.verb] = options.atMicros;
  }

  ended(component: number, options: { readonly outcome: RepairOutcome; readonly atMicros: number }): void {
    this.#columns.runningVerb[component] = -1;
    this.#columns.outcome[component] = outcomes.indexOf(options.outcome);
    this.#columns.endedMicros[component] = options.atMicros;
  }

  inProgress(component: number): boolean {
    return this.#columns.runningVerb[component]! >= 0;
  }

  /** The repair started last, -1 = none ever. */
  lastVerb(component: number): number {
    return this.#columns.lastVerb[component]!;
  }

  lastOutcome(component: number): RepairOutcome {
    return outcomes[this.#columns.outcome[component]!]!;
  }

  /** -Infinity = never. */
  lastStartedMicros(component: number): number {
    return this.#columns.startedMicros[component]!;
  }

  /** When this verb was last started here; -Infinity = never. */
  verbStartedMicros(component: number, verb: number): number {
    return this.#starts.micros[component * this.#verbs + verb]!;
  }

  /** -Infinity = never. */
  lastEndedMicros(component: number): number {
    return this.#columns.endedMicros[component]!;
  }
}
