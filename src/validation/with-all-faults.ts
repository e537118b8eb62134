/** A scenario whose chaos may do everything there is: measurements of faults look at all of them. */

import type { Scenario } from '../scenario/index.ts';

/** The same scenario with every kind of fault allowed. */
export function withAllFaults(scenario: Scenario): Scenario {
  return { ...scenario, contest: { ...scenario.contest, faultsAllowed: null } };
}
