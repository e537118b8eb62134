/** The theory table: every system whose behaviour is known in closed form, on the engines and on wired stations. */

import { queueCases } from './queue-cases.ts';
import { stationCases } from './station-cases.ts';
import { systemCases } from './system-cases.ts';
import type { TheoryCase } from './theory-case.ts';

export { checkBooks } from './books.ts';
export { hardCases } from './hard-cases.ts';
export { runTheoryCase } from './run-case.ts';
export type { TheoryCase } from './theory-case.ts';

/** Every case, in the order of the reference table. */
export function theoryCases(): TheoryCase[] {
  const cases = [...queueCases(), ...systemCases(), ...stationCases()];
  return cases
    .map((of, index) => ({ of, index }))
    .sort(byRow)
    .map(({ of }) => of);
}

interface Placed {
  readonly of: TheoryCase;
  readonly index: number;
}

function byRow(a: Placed, b: Placed): number {
  return Number(a.of.row) - Number(b.of.row) || a.index - b.index;
}
