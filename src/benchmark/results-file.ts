/** Results of a benchmark on disk: `results.json` for programs, `results.md` for people. */

import { join } from 'node:path';
import { writeWholeFile } from '../base/index.ts';
import { type BenchmarkResults, resultsMarkdown } from './results.ts';

/** Writes both files and returns their paths. */
export function writeResults(folder: string, results: BenchmarkResults): string[] {
  const json = join(folder, 'results.json');
  const markdown = join(folder, 'results.md');
  writeWholeFile(json, `${JSON.stringify(results, null, 2)}\n`);
  writeWholeFile(markdown, resultsMarkdown(results));
  return [json, markdown];
}
