/** The results document of a benchmark: what was run, what came out, and every episode to look it up again. */

import { scenarioHash } from '../scenario/index.ts';
import type { CellOutcomes } from './benchmark-pool.ts';
import type { Suite } from './suite.ts';
import { type BenchmarkSummary, summarise } from './summary.ts';
import { summaryTables } from './table.ts';

/** One episode, short. */
interface EpisodeResult {
  readonly seed: number;
  readonly repaired: boolean;
  readonly quiet: boolean;
  readonly availability: number;
  readonly repairs: number;
}

/** Everything a benchmark found; the same for the same suite and code, however many workers ran it. */
export interface BenchmarkResults extends BenchmarkSummary {
  readonly format: 'deepl-ops-results';
  readonly version: 1;
  readonly codeVersion: string;
  readonly nodeVersion: string;
  readonly suite: Omit<Suite, 'scenarios'> & {
    readonly scenarios: readonly { readonly name: string; readonly hash: string }[];
  };
  /** Per cell in order: scenario, order and chaos agent, and its episodes. */
  readonly episodes: readonly {
    readonly scenario: number;
    readonly order: number;
    readonly chaos: number | null;
    readonly outcomes: readonly EpisodeResult[];
  }[];
}

/** Puts a results document together. */
export function benchmarkResults(
  suite: Suite,
  outcomes: readonly CellOutcomes[],
  versions: { readonly codeVersion: string; readonly nodeVersion: string },
): BenchmarkResults {
  const scenarios = suite.scenarios.map((scenario) => ({ name: scenario.name, hash: scenarioHash(scenario) }));
  return {
    format: 'deepl-ops-results',
    version: 1,
    ...versions,
    suite: { ...suite, scenarios },
    ...summarise(suite, outcomes),
    episodes: outcomes.map(({ cell: { scenario, order, chaos }, episodes }) => ({
      scenario,
      order,
      chaos,
      outcomes: episodes.map(({ seed, verdict: { repaired, quiet, availability, repairs } }) => ({
        seed,
        repaired,
        quiet,
        availability,
        repairs,
      })),
    })),
  };
}

/** The results as a Markdown page. */
export function resultsMarkdown(results: BenchmarkResults): string {
  const { suite, codeVersion, nodeVersion } = results;
  const scenarios = suite.scenarios.map(({ name, hash }) => `${name} (${hash})`).join(', ');
  return `# ${suite.name}

Engine \`${suite.engine}\`, seed ${suite.seed}, ${suite.episodes} contested episodes per pair of agents.
Scenarios: ${scenarios}. Code ${codeVersion}, Node.js ${nodeVersion}.

${summaryTables(results, 'markdown')}
`;
}
