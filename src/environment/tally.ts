/** What an episode adds up: returns, costs, repair times. */

import type { StateLayout, Table } from '../base/index.ts';

const REPAIR_TIMES_MAX = 128;

/** Running sums of one episode; the boards count faults and repairs. */
export class Tally {
  readonly sums: Table<{
    orderReturn: 'f64';
    chaosReturn: 'f64';
    lossSeconds: 'f64';
    restored: 'i32';
  }>;
  readonly #times: Table<{ seconds: 'f64' }>;

  constructor(layout: StateLayout) {
    this.sums = layout.table('tally', 1, {
      orderReturn: 'f64',
      chaosReturn: 'f64',
      lossSeconds: 'f64',
      restored: 'i32',
    });
    this.#times = layout.table('tallyRepairTimes', REPAIR_TIMES_MAX, { seconds: 'f64' });
  }

  reset(): void {
    for (const column of Object.values(this.sums)) column.fill(0);
    this.#times.seconds.fill(0);
  }

  /** The objectives were restored after this long; past the bound only the count goes on. */
  addRepairTime(seconds: number): void {
    const index = this.sums.restored[0]!;
    if (index < REPAIR_TIMES_MAX) this.#times.seconds[index] = seconds;
    this.sums.restored[0] = index + 1;
  }

  repairTimes(): number[] {
    return Array.from(this.#times.seconds.subarray(0, Math.min(this.sums.restored[0]!, REPAIR_TIMES_MAX)));
  }
}
