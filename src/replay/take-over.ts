/** A seat in which recorded choices are played up to a step, and another agent's from there on. */

import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import type { RecordedPolicy } from './recorded-policy.ts';

/** Who sits there first, who then, and how many steps the first one plays. */
export interface TakeOverOptions {
  readonly recorded: RecordedPolicy;
  readonly heir: Policy;
  readonly steps: number;
}

/** The heir watches until its turn and is told what was played instead, so that it remembers what has happened. */
export class TakeOver implements Policy {
  readonly name: string;
  readonly #options: TakeOverOptions;
  #step = 0;

  constructor(options: TakeOverOptions) {
    this.name = options.heir.name;
    this.#options = options;
  }

  reset(context: PolicyContext): void {
    this.#step = 0;
    this.#options.recorded.reset();
    this.#options.heir.reset(context);
  }

  act(observation: Observation): number {
    const { recorded, heir, steps } = this.#options;
    this.#step += 1;
    const own = heir.act(observation);
    if (this.#step > steps) return own;
    const played = recorded.act(observation);
    if (played !== own) heir.overruled?.(played);
    return played;
  }
}
