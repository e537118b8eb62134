/** Benchmarks: suites, the runner, and what it finds. */

export { type CellOutcomes, type RunOptions, runSuite } from './benchmark-pool.ts';
export { type BenchmarkResults, benchmarkResults, resultsMarkdown } from './results.ts';
export { writeResults } from './results-file.ts';
export { defaultReference, episodeSeed, looksLikeSuite, parseSuite, type Suite, type SuiteDocument } from './suite.ts';
export { readSuite } from './suite-file.ts';
export {
  type BenchmarkSummary,
  type CellSummary,
  type Difference,
  type QuietSummary,
  summarise,
} from './summary.ts';
export { overviewTable, summaryTables } from './table.ts';
export type { EpisodeOutcome } from './task-runner.ts';
