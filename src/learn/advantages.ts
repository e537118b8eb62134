/**
 * Generalised advantage estimation over decisions of unequal length (a semi-Markov decision process): a step of `elapsed`
 * decision units discounts by gamma^elapsed, in the temporal difference and in the recursion alike, and steps in which
 * there was nothing to choose belong to the decision before them.
 */

/** Whether a step was a decision. */
export const STEP = {
  /** Only one choice was legal; nothing is learned from it, and nothing of it is stored but reward and time. */
  forced: 0,
  /** A decision among several legal choices. */
  choice: 1,
  /** Forced as well, but its observation is stored, so that values of such states are learned too. */
  valueOnly: 2,
} as const;

/** One environment's steps inside longer arrays: step t lies at `start + t * stride`. */
export interface AdvantageSpan {
  readonly start: number;
  readonly stride: number;
  readonly steps: number;
}

/** Parallel arrays over steps; `values` also holds, one stride behind the last step, the value of what came after. */
export interface AdvantageArrays {
  /** One of `STEP` per step. */
  readonly kinds: Uint8Array;
  readonly rewards: Float32Array;
  /** Values as predicted; read for choices only. */
  readonly values: Float32Array;
  /** Discount factor of each step, gamma^elapsed. */
  readonly discounts: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Value of the final observation; read where `truncated` is 1. */
  readonly finalValues: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/** Fills advantages and returns (advantage + value) of a span; rewards are multiplied by `rewardScale` first. */
export function estimateAdvantages(
  arrays: AdvantageArrays,
  span: AdvantageSpan,
  options: { readonly lambda: number; readonly rewardScale: number },
): void {
  const { kinds, rewards, values, discounts, terminated, truncated, finalValues, advantages, returns } = arrays;
  // Reward and discount from here to the next decision, and that decision's value and advantage.
  let reward = 0;
  let discount = 1;
  let nextValue = values[span.start + span.steps * span.stride]!;
  let nextAdvantage = 0;
  for (let step = span.steps - 1; step >= 0; step--) {
    const at = span.start + step * span.stride;
    if (terminated[at] === 1 || truncated[at] === 1) {
      reward = 0;
      discount = 1;
      nextValue = terminated[at] === 1 ? 0 : finalValues[at]!;
      nextAdvantage = 0;
    }
    reward = rewards[at]! * options.rewardScale + discounts[at]! * reward;
    discount *= discounts[at]!;
    const target = reward + discount * (nextValue + options.lambda * nextAdvantage);
    if (kinds[at] === STEP.choice) {
      advantages[at] = target - values[at]!;
      reward = 0;
      discount = 1;
      nextValue = values[at]!;
      nextAdvantage = target - values[at]!;
    } else {
      advantages[at] = 0;
      values[at] = target;
    }
    returns[at] = target;
  }
}
