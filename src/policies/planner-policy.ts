/**
 * The planner: tries each repair worth trying in simulations from the true state and takes the best. Privileged, so an
 * upper bound and never an order model: it knows the state (not the dice) and assumes that chaos stays silent and that
 * repairs work out.
 */

import { assert, RandomStream } from '../base/index.ts';
import type { LookAhead, Observation, Policy, PolicyContext } from '../contract/index.ts';
import { NO_OP } from '../contract/index.ts';

/** How much the planner may search. */
export interface PlannerOptions {
  /** Steps each simulated future lasts. */
  readonly horizonSteps: number;
  /** What is lost later than this many steps from now if nothing is done may wait: time enough to try a repair twice. */
  readonly urgentSteps: number;
  /** Simulated steps per decision, at most. */
  readonly simulatedStepsMax: number;
  /** Futures that the best single actions are judged by; the same dice for all of them, other ones than the first look's. */
  readonly futures: number;
  /** Single actions that are judged by these futures, after a first look at every one in a single future. */
  readonly finalistsMax: number;
  /** Of these, how many are also tried one step later, and with a second action behind them. */
  readonly refinedMax: number;
  /** Plans are as good as the best one if they gain this share of what it gains over doing nothing. */
  readonly equalShare: number;
  /** In reward: what gains less over doing nothing is not worth the disturbance. */
  readonly gainMin: number;
}

/** What the planner named `planner` does. */
export const plannerDefaults: PlannerOptions = {
  horizonSteps: 30,
  urgentSteps: 12,
  simulatedStepsMax: 1200,
  futures: 3,
  finalistsMax: 4,
  refinedMax: 0,
  equalShare: 0.8,
  gainMin: 0.1,
};

/** While nothing is lost or about to be, actions are looked at every so many decisions only. */
const IDLE_LOOK_EVERY = 6;
/** The future of the first look. The best of many is often the luckiest, so no later look uses it again. */
const FIRST_FUTURE = 0;

/** A planner that searches through `lookAhead`. */
export function createPlannerPolicy(lookAhead: LookAhead, options: PlannerOptions = plannerDefaults): Policy {
  let role = '';
  let stream: RandomStream | undefined;
  let decisions = 0;
  return {
    name: 'planner',
    reset(context: PolicyContext): void {
      role = context.role;
      stream = new RandomStream(context.seed, `planner ${role}`);
      decisions = 0;
    },
    act(observation: Observation): number {
      assert(stream !== undefined, 'act before reset');
      const candidates = lookAhead.candidates(role).filter((choice) => observation.mask[choice] === 1);
      // The draw comes first, so that the dice of later decisions do not depend on how much was searched in this one.
      const firstSeed = stream.uint32();
      if (candidates.every((choice) => choice === NO_OP)) return NO_OP;
      decisions += 1;
      return new PlanSearch(lookAhead, options, role, firstSeed).best(candidates, decisions % IDLE_LOOK_EVERY === 0);
    },
  };
}

interface ScoredPlan {
  readonly choices: readonly number[];
  readonly score: number;
}

/** One decision's search: a look at every action, a closer one at the best, then plans of two steps. */
class PlanSearch {
  readonly #lookAhead: LookAhead;
  readonly #options: PlannerOptions;
  readonly #role: string;
  readonly #firstSeed: number;
  #stepsLeft: number;

  constructor(lookAhead: LookAhead, options: PlannerOptions, role: string, firstSeed: number) {
    this.#lookAhead = lookAhead;
    this.#options = options;
    this.#role = role;
    this.#firstSeed = firstSeed;
    this.#stepsLeft = options.simulatedStepsMax;
  }

  best(candidates: readonly number[], looksForBonus: boolean): number {
    const { refinedMax } = this.#options;
    const urgent = this.#losesSoon();
    if (!urgent && !(looksForBonus && this.#reachesEnd)) return NO_OP;
    const [silence] = this.#glance([[NO_OP]]);
    // Order's rewards are losses but for the bonus at the end: where doing nothing loses nothing, only that can be gained.
    const idle = silence !== undefined && silence.score >= 0;
    if (silence === undefined || (idle ? !looksForBonus : !urgent)) return NO_OP;
    const actions = candidates.filter((choice) => choice !== NO_OP);
    const glances = this.#glance(actions.map((choice) => [choice]));
    const finalists = [silence, ...this.#finalists(glances, silence)].map(({ choices }) => choices);
    const judged = ranked(this.#judge(finalists));
    const refined = judged.flatMap(({ choices }) => choices.filter((choice) => choice !== NO_OP)).slice(0, refinedMax);
    // What can as well be done one step later is not done now: else a repair that holds for a time is renewed forever.
    const delayed = this.#judge(refined.map((first) => [NO_OP, first]));
    const pairs = refined.flatMap((first) =>
      actions.filter((second) => second !== first).map((second) => [first, second]),
    );
    const plans = [...delayed, ...judged, ...this.#judge(pairs)];
    // Too tight a bound on steps leaves the first look as all there is.
    return this.#settle(plans.length > 0 ? plans : [silence, ...glances], candidates);
  }

  /**
   * Of those that look as good as the best the first candidates, then the next best. Were they the best alone, luck would
   * say which of many that are worth the same are judged.
   */
  #finalists(glances: readonly ScoredPlan[], silence: ScoredPlan): ScoredPlan[] {
    const { finalistsMax } = this.#options;
    const enough = this.#enough(glances, silence);
    const asGood = glances.filter(({ score }) => score >= enough);
    const others = glances.filter(({ score }) => score < enough);
    return [...asGood, ...ranked(others)].slice(0, finalistsMax);
  }

  /** The score from which on a plan is as good as the best one. */
  #enough(plans: readonly ScoredPlan[], silence: ScoredPlan): number {
    const best = Math.max(silence.score, ...plans.map(({ score }) => score));
    // The bound keeps rounding from shutting out the best itself.
    return Math.min(best, silence.score + this.#options.equalShare * (best - silence.score));
  }

  /**
   * The first candidate, which is the one closest to the trouble, of those as good as the best: so the choice hangs on
   * the state and hardly on the dice, and whoever learns from it learns one answer. Waiting wins only as the best.
   */
  #settle(plans: readonly ScoredPlan[], candidates: readonly number[]): number {
    const [best] = ranked(plans);
    const silence = plans.find(({ choices }) => choices.length === 1 && choices[0] === NO_OP);
    assert(best !== undefined && silence !== undefined, 'doing nothing is always among the plans');
    if (best.choices[0] === NO_OP || best.score - silence.score < this.#options.gainMin) return NO_OP;
    const enough = this.#enough(plans, silence);
    const asGood = plans.filter(({ score }) => score >= enough).map(({ choices }) => choices[0]);
    return candidates.find((choice) => choice !== NO_OP && asGood.includes(choice)) ?? NO_OP;
  }

  /** Whether doing nothing loses something before long. Else a repair that holds for a time would be renewed early. */
  #losesSoon(): boolean {
    const steps = Math.min(this.#options.urgentSteps, this.#options.horizonSteps, this.#stepsLeft);
    this.#stepsLeft -= steps;
    return this.#rollout([NO_OP], { future: FIRST_FUTURE, steps }) < 0;
  }

  /** Whether the futures last until the episode ends, so that its bonus can be seen in them. */
  get #reachesEnd(): boolean {
    return this.#lookAhead.stepsLeft <= this.#options.horizonSteps;
  }

  #glance(plans: readonly (readonly number[])[]): ScoredPlan[] {
    return this.#score(plans, { first: FIRST_FUTURE, futures: 1 });
  }

  #judge(plans: readonly (readonly number[])[]): ScoredPlan[] {
    return this.#score(plans, { first: FIRST_FUTURE + 1, futures: this.#options.futures });
  }

  /** Mean return of each plan over the same futures; plans beyond the bound on steps are left out. */
  #score(plans: readonly (readonly number[])[], { first, futures }: { first: number; futures: number }): ScoredPlan[] {
    const cost = futures * this.#options.horizonSteps;
    const scored: ScoredPlan[] = [];
    for (const choices of plans) {
      if (cost > this.#stepsLeft) break;
      this.#stepsLeft -= cost;
      let sum = 0;
      for (let future = first; future < first + futures; future += 1) {
        sum += this.#rollout(choices, { future, steps: this.#options.horizonSteps });
      }
      scored.push({ choices, score: sum / futures });
    }
    return scored;
  }

  #rollout(choices: readonly number[], { future, steps }: { future: number; steps: number }): number {
    const seed = (this.#firstSeed + future) >>> 0;
    return this.#lookAhead.rollout({ role: this.#role, choices, steps, seed });
  }
}

/** Best first; equal scores keep their order, so that waiting and shorter plans win ties. */
function ranked(plans: readonly ScoredPlan[]): ScoredPlan[] {
  return [...plans].sort((a, b) => b.score - a.score);
}
