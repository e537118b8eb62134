/** What a validation found, and whether all gates hold. */

import type { CheckLine } from '../check-line.ts';
import { type GridCell, gridAgreement, type RankingScore, rankCorrelation, sumScores } from '../engines/index.ts';
import type { JobResult } from './job.ts';
import { type KnownLimit, knownLimits, limitOf } from './known-limits.ts';
import { runJobs, type ValidationRun } from './validation-pool.ts';
import type { ValidationSettings } from './validation-settings.ts';

/** A statement about many runs together. */
export interface SummaryGate {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly holds: boolean;
}

export interface ValidationReport {
  readonly quick: boolean;
  readonly seed: number;
  readonly rateFactor: number;
  readonly lines: readonly CheckLine[];
  readonly grid: readonly GridCell[];
  readonly ranking: readonly RankingScore[];
  readonly summary: readonly SummaryGate[];
  readonly limits: readonly (KnownLimit & { readonly seen: number })[];
  /** Lines beyond gates and known limits, and summary gates that do not hold. */
  readonly failures: number;
}

/** Share of retry storms away from the threshold on which engines, and engine and law, have to agree. */
const AGREEMENT_MIN = 0.95;
const RANK_CORRELATION_MIN = 0.9;

/** Runs everything and puts it together. Throws INTERRUPTED. */
export async function validate(settings: ValidationSettings, run: ValidationRun): Promise<ValidationReport> {
  return reportOf(settings, await runJobs(settings, run), knownLimits);
}

/** The report of what jobs found. */
export function reportOf(
  { quick, seed, rateFactor }: ValidationSettings,
  results: readonly JobResult[],
  known: readonly KnownLimit[],
): ValidationReport {
  const raw = results.flatMap(({ lines }) => lines);
  const lines = raw.map((line) => withLimit(line, known));
  const grid = results.flatMap(({ cells }) => cells);
  const scores = results.flatMap((result) => result.scores);
  const summary = summaryGates(grid, scores);
  const limits = known.flatMap((limit) => {
    const seen = raw.filter((line) => line.verdict === 'fails' && limitOf(line, [limit]) !== undefined);
    return seen.length === 0 ? [] : [{ ...limit, seen: Math.max(...seen.map(({ deviation }) => Math.abs(deviation))) }];
  });
  const failed = lines.filter(({ verdict }) => verdict === 'fails').length;
  const failures = failed + summary.filter(({ holds }) => !holds).length;
  return { quick, seed, rateFactor, lines, grid, ranking: sumScores(scores), summary, limits, failures };
}

function withLimit(line: CheckLine, known: readonly KnownLimit[]): CheckLine {
  if (line.verdict !== 'fails' || limitOf(line, known) === undefined) return line;
  return { ...line, verdict: 'known limit' };
}

function summaryGates(grid: readonly GridCell[], scores: readonly RankingScore[]): SummaryGate[] {
  const gates: SummaryGate[] = [];
  const add = (name: string, value: number, least: number): void => {
    gates.push({ name, value, least, holds: value >= least });
  };
  if (grid.length > 0) {
    const { engines, law } = gridAgreement(grid);
    add('Retry storms, engines agree', engines, AGREEMENT_MIN);
    add('Retry storms, as the threshold law says', law, AGREEMENT_MIN);
  }
  if (scores.length > 0) add('Ranking of policies, Spearman', rankCorrelation(scores), RANK_CORRELATION_MIN);
  return gates;
}
