/** Plays the choices of a recording again, whatever the other side does this time. */

import { assert } from '../base/index.ts';
import type { Observation, Policy } from '../contract/index.ts';
import { NO_OP } from '../contract/index.ts';
import type { Role } from './episode.ts';
import type { Recording } from './recording.ts';

/** A policy with fixed choices; those that are not legal any more become no-ops and are counted. */
export class RecordedPolicy implements Policy {
  readonly name: string;
  /** Choices that could not be played. */
  illegalCount = 0;
  readonly #choices: readonly number[];
  readonly #onIllegal: (choice: number) => void;
  #next = 0;

  constructor({ header, steps }: Recording, role: Role, onIllegal: (choice: number) => void = () => {}) {
    this.name = `${header.agents[role]} as recorded`;
    this.#onIllegal = onIllegal;
    this.#choices = steps.map((step) => step.choices[role]);
  }

  reset(): void {
    this.illegalCount = 0;
    this.#next = 0;
  }

  act(observation: Observation): number {
    const choice = this.#choices[this.#next] ?? NO_OP;
    assert(Number.isSafeInteger(choice), 'a recorded choice is a whole number');
    this.#next += 1;
    if (observation.mask[choice] === 1) return choice;
    this.illegalCount += 1;
    this.#onIllegal(choice);
    return NO_OP;
  }
}
