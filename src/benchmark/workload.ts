/** Cuts a suite into blocks of episodes, the same ones whatever the number of workers. */

import { quietEpisodes, type Suite } from './suite.ts';

/** Episodes of a block: few, so that workers end at about the same time. */
const BLOCK_EPISODES = 4;

/** All episodes of one pair of agents on one scenario; `chaos` is null for quiet episodes. */
export interface Cell {
  readonly scenario: number;
  /** Index into the suite's order agents. */
  readonly order: number;
  /** Index into the suite's chaos agents, null = silent. */
  readonly chaos: number | null;
  readonly episodes: number;
}

/** Some consecutive episodes of a cell. */
export interface Block {
  readonly cell: number;
  readonly first: number;
  readonly count: number;
}

/** The cells of a suite: scenarios, then order agents, then chaos agents and silence. */
export function cellsOf(suite: Suite): Cell[] {
  return suite.scenarios.flatMap((scenario, index) => {
    const quiet = quietEpisodes(suite, scenario);
    return suite.order.flatMap((_, order): Cell[] => [
      ...suite.chaos.map((_name, chaos): Cell => ({ scenario: index, order, chaos, episodes: suite.episodes })),
      ...(quiet > 0 ? [{ scenario: index, order, chaos: null, episodes: quiet }] : []),
    ]);
  });
}

/** The blocks of all cells in order. */
export function blocksOf(cells: readonly Cell[]): Block[] {
  return cells.flatMap(({ episodes }, cell) =>
    Array.from({ length: Math.ceil(episodes / BLOCK_EPISODES) }, (_, block): Block => {
      const first = block * BLOCK_EPISODES;
      return { cell, first, count: Math.min(BLOCK_EPISODES, episodes - first) };
    }),
  );
}
