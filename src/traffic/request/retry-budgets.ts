/** Retry budgets: a bucket of tokens per edge, filled by first attempts, emptied by retries. */

import type { TrafficContext } from '../../cluster/index.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE_FACTS, EdgeFact } from './rows.ts';
import type { RequestState } from './state.ts';

/** A bucket holds the tokens of this many seconds, and a few for callees that are seldom called. */
const TOKENS_SECONDS = 10;
const TOKENS_RESERVE = 10;
/** Over how many seconds the rate of first attempts is averaged. */
const RATE_SECONDS = 2;
/** A callee that nobody has called yet has no rate, and an infinite budget times nothing is no number. */
const RATE_MIN = 1e-9;

/** Keeps the budgets of all calls. */
export class RetryBudgets {
  readonly #plan: RequestPlan;
  readonly #state: RequestState;
  readonly #context: TrafficContext;

  constructor(plan: RequestPlan, state: RequestState, context: TrafficContext) {
    this.#plan = plan;
    this.#state = state;
    this.#context = context;
  }

  /** A first attempt is made. */
  earn(edge: number): void {
    const { budgets } = this.#state;
    const ratio = this.#plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.budgetRatio]!;
    const rate = Math.max(RATE_MIN, budgets.firstsPerSecond[edge]!);
    budgets.firsts[edge]! += 1;
    budgets.tokens[edge] = Math.min(ratio * rate * TOKENS_SECONDS + TOKENS_RESERVE, budgets.tokens[edge]! + ratio);
  }

  /** Whether a failed attempt may be tried again; pays for it. */
  spend(edge: number): boolean {
    const { serviceRetriesOff, serviceRetryBudgetOff } = this.#context.effects.values;
    const callee = this.#plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.callee]!;
    if (serviceRetriesOff[callee]! > 0) return false;
    if (serviceRetryBudgetOff[callee]! > 0) return true;
    const { tokens } = this.#state.budgets;
    if (tokens[edge]! < 1) return false;
    tokens[edge]! -= 1;
    return true;
  }

  /** A tick is over: averages the rates of first attempts, by which buckets are bounded. */
  averageRates(): void {
    const { firsts, firstsPerSecond } = this.#state.budgets;
    const seconds = this.#plan.tickMicros / 1e6;
    const share = Math.min(1, seconds / RATE_SECONDS);
    for (let edge = 0; edge < this.#plan.calls; edge += 1) {
      firstsPerSecond[edge]! += share * (firsts[edge]! / seconds - firstsPerSecond[edge]!);
      firsts[edge] = 0;
    }
  }
}
