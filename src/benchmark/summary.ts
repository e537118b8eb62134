/** Sums up the episodes of a benchmark: repair success with its interval, times, costs, false repairs, differences. */

import { type Estimate, mean, pairedDifferenceInterval, quantile, wilsonInterval } from '../base/index.ts';
import type { CellOutcomes } from './benchmark-pool.ts';
import type { Suite } from './suite.ts';
import type { EpisodeOutcome } from './task-runner.ts';

/** One pair of agents on one scenario. All means are over the contested episodes, all intervals are 95 %. */
export interface CellSummary {
  readonly scenario: string;
  readonly order: string;
  readonly chaos: string;
  readonly episodes: number;
  /** Episodes in which a fault started: only these count for everything below. */
  readonly contested: number;
  readonly repaired: number;
  /** Share of contested episodes that ended repaired (Wilson interval). */
  readonly repairSuccess: Estimate;
  readonly availabilityMean: number;
  readonly brokenSecondsMean: number;
  /** How long the objectives were broken, over all times they were restored; null when they never were. */
  readonly timeToRepairSeconds: { readonly p50: number; readonly p95: number; readonly count: number } | null;
  readonly faultsMean: number;
  readonly repairsMean: number;
  /** Repairs that failed, of those done. */
  readonly repairsFailedRatio: number;
  readonly repairCostMean: number;
  readonly shedRatioMean: number;
  readonly lostWritesMean: number;
  readonly orderReturnMean: number;
}

/** An order agent left in peace. */
export interface QuietSummary {
  readonly scenario: string;
  readonly order: string;
  readonly episodes: number;
  /** Share of quiet episodes with a repair nobody needed (Wilson interval). */
  readonly falseRepair: Estimate;
  /** Quiet episodes in which the verdict was not "repaired": harm done by order alone. */
  readonly broken: number;
}

/** An order agent against the reference, episode by episode on the same seeds. */
export interface Difference {
  readonly scenario: string;
  readonly order: string;
  readonly reference: string;
  readonly chaos: string;
  readonly pairs: number;
  /** Share repaired by the agent less that by the reference (bootstrap over pairs). */
  readonly repairSuccess: Estimate;
  readonly availability: Estimate;
  /** Seeds of episodes that only the agent repaired, and only the reference. */
  readonly onlyAgent: readonly number[];
  readonly onlyReference: readonly number[];
}

/** All that a benchmark found. */
export interface BenchmarkSummary {
  readonly cells: readonly CellSummary[];
  readonly quiet: readonly QuietSummary[];
  readonly differences: readonly Difference[];
}

/** Sums up the outcomes of a suite. */
export function summarise(suite: Suite, outcomes: readonly CellOutcomes[]): BenchmarkSummary {
  return {
    cells: outcomes.filter(({ cell }) => cell.chaos !== null).map((each) => summariseCell(suite, each)),
    quiet: outcomes.filter(({ cell }) => cell.chaos === null).map((each) => summariseQuiet(suite, each)),
    differences: outcomes.flatMap((each) => differenceToReference(suite, each, outcomes) ?? []),
  };
}

function names(suite: Suite, { cell }: CellOutcomes): { scenario: string; order: string; chaos: string } {
  return {
    scenario: suite.scenarios[cell.scenario]?.name ?? '',
    order: suite.order[cell.order] ?? '',
    chaos: cell.chaos === null ? 'none' : (suite.chaos[cell.chaos] ?? ''),
  };
}

function summariseCell(suite: Suite, outcomes: CellOutcomes): CellSummary {
  const { episodes } = outcomes;
  const contested = episodes.map(({ verdict }) => verdict).filter(({ quiet }) => !quiet);
  const average = (of: (verdict: EpisodeOutcome['verdict']) => number): number => meanOrZero(contested.map(of));
  const repaired = contested.filter((verdict) => verdict.repaired).length;
  const times = contested.flatMap((verdict) => verdict.timesToRepairSeconds);
  const repairs = contested.reduce((sum, verdict) => sum + verdict.repairs, 0);
  const failed = contested.reduce((sum, verdict) => sum + verdict.repairsFailed, 0);
  return {
    ...names(suite, outcomes),
    episodes: episodes.length,
    contested: contested.length,
    repaired,
    repairSuccess: share(repaired, contested.length),
    availabilityMean: average((verdict) => verdict.availability),
    brokenSecondsMean: average((verdict) => verdict.brokenSeconds),
    timeToRepairSeconds:
      times.length === 0 ? null : { p50: quantile(times, 0.5), p95: quantile(times, 0.95), count: times.length },
    faultsMean: average((verdict) => verdict.faults),
    repairsMean: average((verdict) => verdict.repairs),
    repairsFailedRatio: repairs > 0 ? failed / repairs : 0,
    repairCostMean: average((verdict) => verdict.repairCost),
    shedRatioMean: average((verdict) => verdict.shedRatio),
    lostWritesMean: average((verdict) => verdict.lostWrites),
    orderReturnMean: average((verdict) => verdict.orderReturn),
  };
}

function summariseQuiet(suite: Suite, outcomes: CellOutcomes): QuietSummary {
  const { scenario, order } = names(suite, outcomes);
  const verdicts = outcomes.episodes.map(({ verdict }) => verdict);
  const meddled = verdicts.filter(({ falseRepairs }) => falseRepairs > 0).length;
  return {
    scenario,
    order,
    episodes: verdicts.length,
    falseRepair: share(meddled, verdicts.length),
    broken: verdicts.filter(({ repaired }) => !repaired).length,
  };
}

function differenceToReference(
  suite: Suite,
  outcomes: CellOutcomes,
  all: readonly CellOutcomes[],
): Difference | undefined {
  const { cell } = outcomes;
  const reference = suite.order.indexOf(suite.reference);
  if (cell.chaos === null || cell.order === reference) return undefined;
  const other = all.find(
    (each) => each.cell.scenario === cell.scenario && each.cell.chaos === cell.chaos && each.cell.order === reference,
  );
  if (other === undefined) return undefined;
  const pairs = contestedPairs(outcomes, other);
  if (pairs.length === 0) return undefined;
  const difference = (of: (outcome: EpisodeOutcome) => number): Estimate =>
    pairedDifferenceInterval(
      pairs.map(([mine]) => of(mine)),
      pairs.map(([, theirs]) => of(theirs)),
      { seed: suite.seed },
    );
  const seedsWon = (mine: 0 | 1): number[] =>
    pairs.filter((pair) => pair[mine].verdict.repaired && !pair[1 - mine]?.verdict.repaired).map(([{ seed }]) => seed);
  return {
    ...names(suite, outcomes),
    reference: suite.reference,
    pairs: pairs.length,
    repairSuccess: difference(({ verdict }) => (verdict.repaired ? 1 : 0)),
    availability: difference(({ verdict }) => verdict.availability),
    onlyAgent: seedsWon(0),
    onlyReference: seedsWon(1),
  };
}

/** Episodes of the same seed in which a fault started under both agents. */
function contestedPairs(mine: CellOutcomes, theirs: CellOutcomes): [EpisodeOutcome, EpisodeOutcome][] {
  return mine.episodes.flatMap((episode, index): [EpisodeOutcome, EpisodeOutcome][] => {
    const other = theirs.episodes[index];
    return other && !episode.verdict.quiet && !other.verdict.quiet ? [[episode, other]] : [];
  });
}

function share(successes: number, total: number): Estimate {
  return { value: total > 0 ? successes / total : 0, ...wilsonInterval(successes, total) };
}

function meanOrZero(values: readonly number[]): number {
  return values.length === 0 ? 0 : mean(values);
}
