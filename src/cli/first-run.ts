/** A newcomer's first run: both agents are trained from nothing, then measured beside the baselines on held-out seeds. */

import { availableParallelism } from 'node:os';
import {
  type BenchmarkResults,
  benchmarkResults,
  type CellSummary,
  runSuite,
  type Suite,
  summaryTables,
  writeResults,
} from '../benchmark/index.ts';
import { runTraining } from '../learn/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { codeVersion } from './code-version.ts';
import type { CommandContext } from './command.ts';
import { prepareRun } from './prepare-run.ts';
import { sessionFacts, threadsText } from './session-facts.ts';
import { agentsFolder, findScenario } from './shipped-file.ts';
import { trainingProgress } from './training-progress.ts';

/** How much a first run does. */
export interface FirstRunSize {
  /** Decisions that the learning roles learn from. */
  readonly steps: number;
  /** Episodes of each pair of fast agents, and of each pair with the planner. */
  readonly episodes: number;
  readonly plannerEpisodes: number;
}

const BASELINES = ['none', 'random', 'restart-everything', 'restart-failed', 'runbook'];
const SUITE_SEED = 2026;

/** Trains and measures on the scenario of that name; returns what was found and where it lies. */
export async function firstRun(
  reference: string,
  size: FirstRunSize,
  options: { readonly folder: string; readonly context: CommandContext },
): Promise<{ readonly results: BenchmarkResults; readonly agents: Readonly<Record<string, string>> }> {
  const { context } = options;
  const workers = availableParallelism();
  const scenario = findScenario(reference);
  const agents = await train(reference, size, { ...options, workers });
  const order = agents.order ?? '';
  const chaos = agents.chaos ?? '';
  const measured = { scenario, chaos: ['monkey', chaos], workers, context };
  const fast = await play({ ...measured, order: [...BASELINES, order], episodes: size.episodes });
  const bound = await play({ ...measured, order: ['planner'], episodes: size.plannerEpisodes });
  const results = { ...fast, cells: [...fast.cells, ...bound.cells], quiet: [...fast.quiet, ...bound.quiet] };
  writeResults(options.folder, results);
  return { results, agents };
}

/** The findings as a table and a few sentences. */
export function firstRunText(results: BenchmarkResults, agents: Readonly<Record<string, string>>): string {
  const order = agents.order ?? '';
  const chaos = agents.chaos ?? '';
  const trained = (opponent: string) => results.cells.find((cell) => cell.order === order && cell.chaos === opponent);
  const sentences = ['monkey', chaos].flatMap((opponent) => {
    const own = trained(opponent);
    return own === undefined ? [] : [comparison(own, results)];
  });
  return [
    summaryTables(results, 'terminal'),
    ...sentences,
    harmSentence(results, chaos),
    `The trained agents lie in ${order} and ${chaos}.`,
    `Watch one at work: deepl-ops run online-boutique --order ${order} --chaos ${chaos} --seed 3`,
  ].join('\n\n');
}

async function train(
  reference: string,
  { steps }: FirstRunSize,
  options: { readonly folder: string; readonly context: CommandContext; readonly workers: number },
): Promise<Readonly<Record<string, string>>> {
  const { context, workers } = options;
  const signal = context.stopSignal();
  const values = { scenario: [reference], out: options.folder, steps, engine: 'flow' as const };
  const folder = (await prepareRun(values, { seed: context.seed, signal })).open();
  context.output.line(`Training both agents from nothing, ${steps} decisions, on ${threadsText(workers)}.`);
  const outcome = await runTraining({
    folder,
    workers,
    checkpointIterations: 10,
    clockSeconds: () => performance.now() / 1000,
    signal,
    session: sessionFacts(workers),
    onProgress: trainingProgress(context, steps),
  });
  return outcome.agents;
}

async function play(work: {
  readonly scenario: Scenario;
  readonly order: readonly string[];
  readonly chaos: readonly string[];
  readonly episodes: number;
  readonly workers: number;
  readonly context: CommandContext;
}): Promise<BenchmarkResults> {
  const { scenario, order, chaos, episodes, workers, context } = work;
  const suite: Suite = {
    name: 'first-run',
    scenarios: [scenario],
    order,
    chaos,
    episodes,
    quietRatio: null,
    seed: SUITE_SEED,
    engine: 'flow',
    reference: order.includes('runbook') ? 'runbook' : (order[0] ?? ''),
  };
  context.output.line(
    `Playing ${episodes * chaos.length} held-out episodes each, ${episodes} against each of ${chaos.join(', ')}: ${order.join(', ')}.`,
  );
  let show: ((done: number) => void) | undefined;
  const outcomes = await runSuite(suite, {
    workers,
    agentsFolder,
    signal: context.stopSignal(),
    onProgress: (done, total) => {
      show ??= context.progress('episodes', total);
      show(done);
    },
  });
  return benchmarkResults(suite, outcomes, { codeVersion: codeVersion(), nodeVersion: process.version });
}

/** Whom the trained order agent beats, by intervals that do not touch. */
function comparison(own: CellSummary, { cells }: BenchmarkResults): string {
  const others = cells.filter((cell) => cell.chaos === own.chaos && cell.order !== own.order);
  const beaten = others.filter((cell) => cell.repairSuccess.high < own.repairSuccess.low);
  const better = others.filter((cell) => cell.repairSuccess.low > own.repairSuccess.high);
  const even = others.filter((cell) => !beaten.includes(cell) && !better.includes(cell));
  const parts = [
    names('clearly better than', beaten),
    names('not to be told from', even),
    names('clearly worse than', better),
  ].filter((part) => part !== '');
  const success = `${(100 * own.repairSuccess.value).toFixed(1)} %`;
  return `Against ${own.chaos} the trained order agent repairs ${success} of the episodes: ${parts.join('; ')}.`;
}

function names(how: string, cells: readonly CellSummary[]): string {
  return cells.length === 0 ? '' : `${how} ${cells.map((cell) => cell.order).join(', ')}`;
}

/** How much harder the trained chaos agent is on the runbook than the scripted one. */
function harmSentence({ cells }: BenchmarkResults, chaos: string): string {
  const broken = (opponent: string): string => {
    const cell = cells.find((each) => each.order === 'runbook' && each.chaos === opponent);
    return cell === undefined ? '-' : `${(100 * (1 - cell.repairSuccess.value)).toFixed(1)} %`;
  };
  return `The runbook is left with a broken shop in ${broken('monkey')} of the episodes against scripted chaos, in ${broken(chaos)} against trained chaos.`;
}
