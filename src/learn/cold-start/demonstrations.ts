/** Demonstrations as plain data: policies that play and recorded episodes, ready to be handed to a thread. */

import type { NeuralAgent } from '../../policies/index.ts';
import type { TaskDescription } from '../task.ts';

/** Who plays a role: a scripted policy by name, or a trained agent. */
export type Player = string | NeuralAgent;

/** A policy that plays some episodes in every round. */
export interface PlayedDemonstrations {
  readonly kind: 'played';
  readonly demonstrator: Player;
  /** Left out, the first scripted opponent of the task. */
  readonly against?: Player | undefined;
  /**
   * Plays while the demonstrator is only asked; the demonstrator itself (the same string or object) plays in every round.
   * Left out, that one plays in the first round and the learner later.
   */
  readonly playedBy?: Player | undefined;
  readonly episodes: number;
  /** Factor on the losses of each decision. */
  readonly weight: number;
  /** Shows which action is chosen, not when: other decisions are left out, and doing nothing is no choice. */
  readonly actionsOnly?: boolean | undefined;
}

/** An episode to be played again from its seed and the choices of all roles. */
export interface RecordedEpisode {
  /** The task on which it was recorded; its first environment is used. */
  readonly task: TaskDescription;
  readonly seed: number;
  /** By role, one per step. */
  readonly choices: Readonly<Record<string, readonly number[]>>;
}

/** Episodes that somebody recorded. */
interface RecordedDemonstrations {
  readonly kind: 'recorded';
  readonly episodes: readonly RecordedEpisode[];
  readonly weight: number;
  readonly actionsOnly?: boolean | undefined;
}

/** One source of demonstrations for one role. */
export type Demonstrations = PlayedDemonstrations | RecordedDemonstrations;
