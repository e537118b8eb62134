/** Everything a validation does, as jobs in the order of its report. */

import type { CheckLine } from '../check-line.ts';
import {
  gateCases,
  gridRatios,
  gridRetries,
  playRanking,
  rankedPolicies,
  runGateCase,
  runGridCell,
} from '../engines/index.ts';
import { checkBooks, hardCases, runTheoryCase, type TheoryCase, theoryCases } from '../theory/index.ts';
import type { Job, JobResult } from './job.ts';
import type { ValidationSettings } from './validation-settings.ts';

const ENGINES = ['flow', 'request'] as const;
const NOTHING: JobResult = { lines: [], cells: [], scores: [] };
const EPISODES_PER_JOB = 5;
/** Seeds per system and engine in full runs. */
const GATE_SEEDS = 6;
const GRID_SEEDS = 4;

/** The jobs of these settings. */
export function validationJobs(settings: ValidationSettings): Job[] {
  return [
    ...theoryJobs(theoryCases(), 'theory', settings),
    linesJob('books', 2, () => checkBooks(settings.seed)),
    ...theoryJobs(hardCases(), 'hard cases', settings),
    ...gateJobs(settings),
    ...gridJobs(settings),
    ...rankingJobs(settings),
  ];
}

function linesJob(name: string, seconds: number, run: () => readonly CheckLine[]): Job {
  return { name, seconds, run: () => ({ ...NOTHING, lines: run() }) };
}

function theoryJobs(cases: readonly TheoryCase[], section: CheckLine['section'], settings: ValidationSettings): Job[] {
  const chosen = settings.quick ? cases.filter(({ fullOnly }) => !fullOnly) : cases;
  return chosen.map((of) => {
    const seconds = of.engine === 'request' ? 20 : 2;
    return linesJob(`${of.title} (${of.engine})`, seconds, () => runTheoryCase(of, section, settings));
  });
}

function gateJobs({ quick, seed }: ValidationSettings): Job[] {
  const chosen = quick ? gateCases().filter((of) => of.quick) : gateCases();
  const seeds = quick ? 2 : GATE_SEEDS;
  return chosen.map((of) => linesJob(`${of.group}: ${of.title}`, 5, () => runGateCase(of, { seed, seeds })));
}

function gridJobs({ quick, seed }: ValidationSettings): Job[] {
  const seeds = quick ? 1 : GRID_SEEDS;
  const retries = quick ? [0, 3] : gridRetries;
  return ENGINES.flatMap((engine) =>
    retries.flatMap((count) =>
      gridRatios.map((ratio): Job => {
        const of = { retries: count, ratio, engine };
        const run = (): JobResult => ({ ...NOTHING, cells: [runGridCell(of, { seed, seeds })] });
        return { name: `retry storm, ${count} retries at ${ratio} (${engine})`, seconds: 1, run };
      }),
    ),
  );
}

function rankingJobs({ scenario, rankingEpisodes, seed }: ValidationSettings): Job[] {
  if (scenario === null) return [];
  const shards = Math.ceil(rankingEpisodes / EPISODES_PER_JOB);
  return ENGINES.flatMap((engine) =>
    rankedPolicies.flatMap((policy) =>
      Array.from({ length: shards }, (_, shard): Job => {
        const episodes = Math.min(EPISODES_PER_JOB, rankingEpisodes - shard * EPISODES_PER_JOB);
        const run = async (): Promise<JobResult> => {
          const score = await playRanking(scenario, { engine, policy, episodes, shard: 1000 * seed + shard });
          return { ...NOTHING, scores: [score] };
        };
        return { name: `${policy} (${engine})`, seconds: engine === 'request' ? 10 : 2, run };
      }),
    ),
  );
}
