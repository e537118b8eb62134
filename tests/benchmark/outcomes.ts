/** Hand-made suites and outcomes for the benchmark tests. */
import type { CellOutcomes, EpisodeOutcome, Suite } from '../../src/benchmark/index.ts';
import type { Verdict } from '../../src/environment/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

/** Its quiet share makes one quiet episode of four. */
const scenario = smallScenario({ quietRatio: 0.25 });

/** A suite of two order agents against one chaos agent. */
export function smallSuite(changes: Partial<Suite> = {}): Suite {
  return {
    name: 'small suite',
    scenarios: [scenario],
    order: ['none', 'runbook'],
    chaos: ['monkey'],
    episodes: 4,
    quietRatio: null,
    seed: 1,
    engine: 'flow',
    reference: 'runbook',
    ...changes,
  };
}

/** An episode with a fault that was repaired, unless said otherwise. */
export function outcome(seed: number, changes: Partial<Verdict> = {}): EpisodeOutcome {
  const verdict: Verdict = {
    repaired: true,
    stillBroken: [],
    availability: 0.99,
    quiet: false,
    faults: 2,
    faultCost: 3,
    repairs: 4,
    repairsFailed: 1,
    repairCost: 2,
    falseRepairs: 0,
    timesToRepairSeconds: [],
    brokenSeconds: 30,
    lossSeconds: 12,
    shedRatio: 0,
    lostWrites: 0,
    orderReturn: -10,
    chaosReturn: 5,
    ...changes,
  };
  return { seed, steps: 36, verdict };
}

/** The cell of an order agent (0 or 1) against the chaos agent, or in peace. */
export function cellOutcomes(order: number, chaos: number | null, episodes: EpisodeOutcome[]): CellOutcomes {
  return { cell: { scenario: 0, order, chaos, episodes: episodes.length }, episodes };
}
