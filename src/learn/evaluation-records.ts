/** What evaluations have found: per role the agent as it is and the best one so far, with their results by opponent. */

import { type Interval, wilsonInterval } from '../base/index.ts';

/** Results against one opponent. */
interface CellResult {
  readonly successes: number;
  readonly episodes: number;
}

/** A role's weights at one moment, and how they fared. */
export interface Entrant {
  readonly iteration: number;
  /** Decisions of all learning roles, and of this one, up to then. */
  readonly steps: number;
  readonly roleSteps: number;
  /** By the name of the opponent. */
  readonly cells: Record<string, CellResult>;
}

/** Where evaluation stands with a role; plain data for a checkpoint. */
export interface RoleRecord {
  present: Entrant | null;
  best: Entrant | null;
  /** By position in the panel: the iteration of this role's snapshot there, -1 where there is none. */
  readonly snapshots: number[];
}

/** A share of successes with its 95 % Wilson interval. */
export interface Score extends Interval {
  readonly value: number;
  readonly episodes: number;
}

/** The share of successes over these opponents, each of the same weight; undefined when one has not been met. */
export function scoreOf({ cells }: Entrant, opponents: readonly string[]): Score | undefined {
  let successes = 0;
  let episodes = 0;
  for (const opponent of opponents) {
    const cell = cells[opponent];
    if (cell === undefined) return undefined;
    successes += cell.successes;
    episodes += cell.episodes;
  }
  if (episodes === 0) return undefined;
  return { value: successes / episodes, ...wilsonInterval(successes, episodes), episodes };
}
