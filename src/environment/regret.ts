/**
 * The share of the present loss that good repair could still avoid: what chaos is paid for. Estimated by look-aheads at
 * every few broken steps, the best repair against none.
 */

import type { StateLayout, Table } from '../base/index.ts';
import type { ContestLookAhead } from './look-ahead.ts';
import type { ObjectiveTracker } from './objectives.ts';

const STEPS_BETWEEN_SAMPLES = 12;
const ROLLOUT_STEPS = 8;
const CANDIDATES_MAX = 4;

/** Keeps the latest estimate; with sampling off all loss counts. */
export class Regret {
  /** Whether look-aheads are made; they cost time, so only a learning chaos needs them. */
  sampled: boolean;
  readonly #table: Table<{ share: 'f64'; brokenSteps: 'i32' }>;

  constructor(layout: StateLayout, sampled: boolean) {
    this.sampled = sampled;
    this.#table = layout.table('regret', 1, { share: 'f64', brokenSteps: 'i32' });
  }

  reset(): void {
    this.#table.share[0] = 1;
    this.#table.brokenSteps[0] = 0;
  }

  /** The avoidable share of the loss of the step that ended now, 0 to 1. */
  share(objectives: ObjectiveTracker, lookAhead: ContestLookAhead): number {
    if (!this.sampled || lookAhead.active) return 1;
    if (objectives.loss === 0) {
      this.#table.brokenSteps[0] = 0;
      this.#table.share[0] = 1;
      return 1;
    }
    const brokenSteps = this.#table.brokenSteps[0]!;
    this.#table.brokenSteps[0] = brokenSteps + 1;
    if (brokenSteps % STEPS_BETWEEN_SAMPLES === 1) this.#table.share[0] = avoidableShare(lookAhead);
    return this.#table.share[0]!;
  }
}

/** How much less the best of a few repairs would lose than none, of what none loses. */
function avoidableShare(lookAhead: ContestLookAhead): number {
  const candidates = lookAhead.candidates().slice(0, CANDIDATES_MAX + 1);
  let best = -Infinity;
  let none = 0;
  candidates.forEach((choice, index) => {
    const value = lookAhead.rollout({ role: 'order', choices: [choice], steps: ROLLOUT_STEPS, seed: 0 });
    if (index === 0) none = value;
    best = Math.max(best, value);
  });
  return none < 0 ? Math.max(0, Math.min(1, (best - none) / -none)) : 0;
}
