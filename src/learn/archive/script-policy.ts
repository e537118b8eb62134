/** Plays a failure script: each fault at its step, or as soon after it as it is legal, or not at all. */

import { NO_OP, type Observation, type Policy } from '../../contract/index.ts';
import type { DueChoice } from './failure-script.ts';

/** A policy for one episode, called once in every step of it. */
export class ScriptPolicy implements Policy {
  readonly name = 'archive';
  readonly #faults: readonly DueChoice[];
  readonly #played: boolean[];
  #step = 0;

  constructor(faults: readonly DueChoice[]) {
    this.#faults = faults;
    this.#played = faults.map(() => false);
  }

  reset(): void {
    this.#step = 0;
    this.#played.fill(false);
  }

  act({ mask }: Observation): number {
    const now = this.#step;
    this.#step = now + 1;
    for (const [index, { step, stepMax, choice }] of this.#faults.entries()) {
      if (step > now) break;
      if (this.#played[index] || now > stepMax || mask[choice] !== 1) continue;
      this.#played[index] = true;
      return choice;
    }
    return NO_OP;
  }
}
