/** Which role learns when: one at a time, in turns; a role that wins too easily sits out until it no longer does. */

import { assert } from '../base/index.ts';
import type { ScheduleSettings } from './train-settings.ts';

/** Where the schedule stands; plain data for a checkpoint. */
export interface TurnState {
  /** Position in the list of learning roles. */
  position: number;
  /** Iterations of this turn still to come. */
  left: number;
  turn: number;
}

/** Turns over the learning roles. */
export class TurnSchedule {
  readonly #settings: ScheduleSettings;
  readonly #roles: readonly string[];
  #state: TurnState;

  constructor(settings: ScheduleSettings, roles: readonly string[]) {
    assert(roles.length > 0, 'somebody has to learn');
    this.#settings = settings;
    this.#roles = roles;
    this.#state = { position: 0, left: settings.firstIterations, turn: 1 };
  }

  get learner(): string {
    return this.#roles[this.#state.position]!;
  }

  get turn(): number {
    return this.#state.turn;
  }

  /** Counts an iteration; true when it was the last of its turn. `successRate` tells how often a role succeeds now. */
  advance(successRate: (role: string) => number): boolean {
    const state = this.#state;
    state.left--;
    if (state.left > 0) return false;
    state.turn++;
    state.left = this.#settings.turnIterations;
    const count = this.#roles.length;
    for (let ahead = 1; ahead < count; ahead++) {
      const candidate = (state.position + ahead) % count;
      if (successRate(this.#roles[candidate]!) > this.#settings.freezeAbove) continue;
      state.position = candidate;
      return true;
    }
    return true;
  }

  save(): TurnState {
    return { ...this.#state };
  }

  load(state: TurnState): void {
    this.#state = { ...state };
  }
}
