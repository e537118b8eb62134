/** Reads the episodes that ended in an iteration, in the order of environments, and sums them up. */

import { RECORD, recordWidth } from './episode-book.ts';
import { LATEST_ENTRY, type OpponentEntry, SILENT_ENTRY } from './league.ts';
import type { RunDimensions } from './run-dimensions.ts';
import type { SharedRun } from './shared-run.ts';

/** One episode. */
export interface EpisodeRecord {
  readonly environment: number;
  /** Among those of its environment in this iteration. */
  readonly index: number;
  /** The opponent's entry in the league; meaningless when `mixed`. */
  readonly entry: number;
  /** Whether the sides changed on the way. */
  readonly mixed: boolean;
  readonly steps: number;
  /** By role. */
  readonly successes: readonly number[];
  readonly returns: readonly number[];
  /** Numbers of the task's summary, by name. */
  readonly summary: Readonly<Record<string, number>>;
}

/** All episodes of the iteration. */
export function readEpisodes(
  shared: SharedRun,
  dimensions: RunDimensions,
  summaryKeys: readonly string[],
): readonly EpisodeRecord[] {
  const roles = dimensions.roles.length;
  const width = recordWidth(roles, summaryKeys.length);
  const { counts, rows } = shared.records;
  const episodes: EpisodeRecord[] = [];
  for (let environment = 0; environment < counts.length; environment++) {
    for (let index = 0; index < counts[environment]!; index++) {
      const at = (environment * dimensions.rolloutSteps + index) * width;
      const row = rows.subarray(at, at + width);
      const summary: Record<string, number> = {};
      for (const [key, name] of summaryKeys.entries()) summary[name] = row[RECORD.roles + 2 * roles + key]!;
      episodes.push({
        environment,
        index,
        entry: row[RECORD.entry]!,
        mixed: row[RECORD.mixed] === 1,
        steps: row[RECORD.steps]!,
        successes: [...row.subarray(RECORD.roles, RECORD.roles + roles)],
        returns: [...row.subarray(RECORD.roles + roles, RECORD.roles + 2 * roles)],
        summary,
      });
    }
  }
  return episodes;
}

/** Means over an iteration's episodes; undefined where there were none. */
export interface EpisodeStatistics {
  readonly episodes: number;
  readonly returnMean: number | undefined;
  readonly stepsMean: number | undefined;
  /** The learner's success against opponents that were there; quiet and mixed episodes do not count. */
  readonly successRate: number | undefined;
  /** The same by kind of opponent: `latest`, `past`, `archive`, or the name of a scripted policy. */
  readonly successByOpponent: Readonly<Record<string, number>>;
  /** Means of the task's summary. */
  readonly summary: Readonly<Record<string, number>>;
}

/** Sums up episodes from the side of the learner. */
export function summariseEpisodes(
  episodes: readonly EpisodeRecord[],
  learner: number,
  entries: readonly OpponentEntry[],
): EpisodeStatistics {
  const contested = episodes.filter(({ entry, mixed }) => !mixed && entries[entry]?.kind !== 'silent');
  const groups = new Map<string, number[]>();
  for (const episode of contested) {
    const name = opponentName(entries[episode.entry]);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), episode.successes[learner]!]);
  }
  const names = Object.keys(episodes[0]?.summary ?? {});
  return {
    episodes: episodes.length,
    returnMean: mean(episodes.map(({ returns }) => returns[learner]!)),
    stepsMean: mean(episodes.map(({ steps }) => steps)),
    successRate: mean(contested.map(({ successes }) => successes[learner]!)),
    successByOpponent: Object.fromEntries([...groups].map(([name, values]) => [name, mean(values)!])),
    summary: Object.fromEntries(names.map((name) => [name, mean(contested.map(({ summary }) => summary[name]!)) ?? 0])),
  };
}

/** Whether an episode says how the learner fares against the other role as it is now. */
export function againstLatest({ entry, mixed }: EpisodeRecord): boolean {
  return !mixed && entry === LATEST_ENTRY;
}

/** Whether an episode says anything about its opponent. */
export function countsForLeague({ entry, mixed }: EpisodeRecord): boolean {
  return !mixed && entry !== SILENT_ENTRY;
}

function opponentName(entry: OpponentEntry | undefined): string | undefined {
  return entry?.kind === 'script' ? entry.name : entry?.kind;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
