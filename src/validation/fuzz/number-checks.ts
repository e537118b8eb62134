/** Checks that numbers are numbers, and lie where they may. */

import type { Complain } from './fuzz-report.ts';

/** Rounding of sums of a great many addends. */
export const ROUNDING = 1e-6;

/** Complains of the first value of a column that is not within bounds, which are included. */
export function within(
  complain: Complain,
  column: { readonly name: string; readonly values: ArrayLike<number> },
  bounds: { readonly least?: number; readonly most?: (row: number) => number },
): void {
  const { name, values } = column;
  const { least = 0, most } = bounds;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    const top = most?.(row) ?? Number.MAX_VALUE;
    if (value >= least && value <= top) continue;
    complain(`range of ${name}`, `row ${row} is ${value}, not within ${least} and ${top}`);
    return;
  }
}

/** Whether a part is no more than the whole but for rounding. */
export function noMore(part: number, whole: number): boolean {
  return part <= whole + ROUNDING * Math.max(1, whole);
}
