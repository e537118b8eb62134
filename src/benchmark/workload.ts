/** What there is to do in a suite: its cells, and their episodes. */

import { contestedEpisodes, quietEpisodes, type Suite } from './suite.ts';

/** All episodes of one pair of agents on one scenario; `chaos` is null for quiet episodes. */
export interface Cell {
  readonly scenario: number;
  /** Index into the suite's order agents. */
  readonly order: number;
  /** Index into the suite's chaos agents, null = silent. */
  readonly chaos: number | null;
  readonly episodes: number;
}

/** One episode to play. */
export interface EpisodeTask {
  /** Index of the cell. */
  readonly cell: number;
  /** Number of the episode within the cell, from 0. */
  readonly episode: number;
}

/** The cells of a suite: scenarios, then order agents, then chaos agents and silence. */
export function cellsOf(suite: Suite): Cell[] {
  return suite.scenarios.flatMap((scenario, index) => {
    return suite.order.flatMap((name, order): Cell[] => {
      const episodes = contestedEpisodes(suite, name);
      const quiet = quietEpisodes(suite, scenario, name);
      return [
        ...suite.chaos.map((_name, chaos): Cell => ({ scenario: index, order, chaos, episodes })),
        ...(quiet > 0 ? [{ scenario: index, order, chaos: null, episodes: quiet }] : []),
      ];
    });
  });
}

/** The episodes of all cells in order. */
export function tasksOf(cells: readonly Cell[]): EpisodeTask[] {
  return cells.flatMap(({ episodes }, cell) => Array.from({ length: episodes }, (_, episode) => ({ cell, episode })));
}
