/** Whether both engines rank order policies alike: repair success of the same policies on the same episodes. */

import { spearman } from '../../base/index.ts';
import { runSuite } from '../../benchmark/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import type { GridEngine } from './metastable-grid.ts';

/** The order policies that are ranked; looking ahead is too slow on single requests. */
export const rankedPolicies: readonly string[] = ['none', 'random', 'restart-everything', 'restart-failed', 'runbook'];

/** How one policy fared in some episodes on one engine. */
export interface RankingScore {
  readonly engine: GridEngine;
  readonly policy: string;
  readonly episodes: number;
  readonly repaired: number;
}

/** Plays `episodes` episodes against the chaos monkey; `shard` chooses which. */
export async function playRanking(
  scenario: Scenario,
  { engine, policy, episodes, shard }: Omit<RankingScore, 'repaired'> & { readonly shard: number },
): Promise<RankingScore> {
  const suite = {
    name: 'ranking',
    scenarios: [scenario],
    order: [policy],
    chaos: ['monkey'],
    episodes,
    quietRatio: 0,
    seed: shard,
    engine,
    reference: policy,
  };
  const [cell] = await runSuite(suite, { workers: 1 });
  const repaired = (cell?.episodes ?? []).filter(({ verdict }) => verdict.repaired).length;
  return { engine, policy, episodes, repaired };
}

/** Scores of one policy on one engine, put together. */
export function sumScores(scores: readonly RankingScore[]): RankingScore[] {
  return (['flow', 'request'] as const).flatMap((engine) =>
    rankedPolicies.flatMap((policy) => {
      const own = scores.filter((score) => score.engine === engine && score.policy === policy);
      if (own.length === 0) return [];
      const episodes = own.reduce((sum, score) => sum + score.episodes, 0);
      return [{ engine, policy, episodes, repaired: own.reduce((sum, score) => sum + score.repaired, 0) }];
    }),
  );
}

/** Spearman's rank correlation of repair success, ties at their mean rank. */
export function rankCorrelation(scores: readonly RankingScore[]): number {
  const success = (engine: GridEngine): number[] =>
    sumScores(scores)
      .filter((score) => score.engine === engine)
      .map(({ repaired, episodes }) => repaired / episodes);
  return spearman(success('flow'), success('request'));
}
