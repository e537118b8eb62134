/** `train`: both agents learn against each other on one scenario or several. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { DeeplOpsError, readTextFile } from '../../base/index.ts';
import { type EngineName, engineNames } from '../../environment/index.ts';
import {
  type BestAgent,
  parseTrainSettings,
  RunFolder,
  runTraining,
  type TrainingOutcome,
  type TrainSettings,
} from '../../learn/index.ts';
import { backendNames, type PreparedBackend, prepareBackend } from '../../neural/index.ts';
import { parseYaml } from '../../scenario/index.ts';
import { writeArchiveScenarios } from '../archive-files.ts';
import { codeVersion } from '../code-version.ts';
import { coldStartProgress, withImitation } from '../cold-start.ts';
import { type Command, defineCommand } from '../command.ts';
import { findDemonstrations, readDemonstrations } from '../demonstrations.ts';
import { findFile, findScenario, shippedScenarios } from '../shipped-file.ts';
import { backendNote, backendOfRun, LIBRARY_FACT } from '../train-backend.ts';
import { trainingProgress } from '../training-progress.ts';
import { scoreText } from '../training-view.ts';

export const trainCommand: Command = defineCommand({
  usage: 'train [scenario..]',
  summary: 'Train a chaos and an order agent against each other',
  positionals: {
    scenario: { type: 'string', array: true, describe: 'Scenario files, or names of shipped ones' },
  },
  options: {
    out: { type: 'string', describe: 'Folder of the run (default: runs/<scenario>-<n>)' },
    steps: { type: 'number', integer: true, minimum: 1, describe: 'Decisions of the learning roles, in all' },
    minutes: { type: 'number', minimum: 0, describe: 'Stop after so many minutes, to be resumed if wished' },
    workers: { type: 'number', integer: true, minimum: 1, maximum: 64, describe: 'Threads (default: one per core)' },
    backend: {
      type: 'string',
      choices: backendNames,
      describe: 'What computes the networks: simd (default), or tfjs for TensorFlow.js; --resume keeps what a run has',
    },
    engine: { type: 'string', choices: engineNames, default: 'flow', describe: 'Traffic engine' },
    resume: { type: 'string', describe: 'Continue the run in this folder' },
    'checkpoint-iterations': {
      type: 'number',
      integer: true,
      minimum: 1,
      default: 10,
      describe: 'Iterations between two checkpoints',
    },
    imitate: {
      type: 'string',
      array: true,
      describe: 'Cold start: show order first how these repair (names or folders of agents, recordings *.jsonl)',
    },
    config: { type: 'string', describe: 'Settings of the learner (YAML or JSON); see docs/training-settings.md' },
  },
  examples: [
    ['deepl-ops train online-boutique --minutes 5', 'A first useful order agent'],
    ['deepl-ops train online-boutique --imitate runbook', 'Start from what the runbook does'],
    ['deepl-ops train --resume runs/online-boutique-1', 'Go on where it stopped, to the same result'],
  ],
  run: async (values, context) => {
    const { output, log, seed, progress, stopSignal } = context;
    const signal = stopSignal();
    const run = values.resume === undefined ? createRun(values, seed, signal) : reopenRun(values);
    const { folder, backend } = await run;
    const { settings } = folder.card;
    const workers = values.workers ?? Math.min(availableParallelism(), settings.shards);
    output.line(`Training in ${folder.path} with seed ${settings.seed} on ${workers} threads${backendNote(backend)}`);
    const outcome = await runTraining({
      folder,
      workers,
      backend,
      minutes: values.minutes,
      checkpointIterations: values.checkpointIterations,
      clockSeconds: () => performance.now() / 1000,
      signal,
      onWarning: (text) => log.warn(text),
      demonstrations: () => readDemonstrations(folder.path, settings),
      onColdStart: coldStartProgress(settings, progress),
      onProgress: trainingProgress(context, settings.steps),
    });
    const failures = writeArchiveScenarios(folder);
    const told = { folder: folder.path, seed: settings.seed, ...outcome, failures };
    output.result(told, () => outcomeText(folder, outcome, failures));
    return outcome.stoppedBy === 'signal' ? 1 : 0;
  },
});

interface TrainValues {
  readonly scenario: string[] | undefined;
  readonly out: string | undefined;
  readonly steps: number | undefined;
  readonly engine: EngineName;
  readonly config: string | undefined;
  readonly backend: string | undefined;
  readonly resume: string | undefined;
  readonly imitate: string[] | undefined;
}

/** A run and what computes it. */
interface PreparedRun {
  readonly folder: RunFolder;
  readonly backend: PreparedBackend;
}

async function createRun(values: TrainValues, seed: number | undefined, signal: AbortSignal): Promise<PreparedRun> {
  const references = values.scenario ?? [];
  const [first] = references;
  if (first === undefined) {
    throw new DeeplOpsError('USAGE', 'name a scenario to train on, or a run to --resume', {
      hint: '`deepl-ops list` shows the scenarios there are.',
    });
  }
  const scenarios = references.map(findScenario);
  const sources = references.map((reference) => findFile(reference, shippedScenarios()));
  const settings = readSettings(values, seed);
  const { engine } = values;
  const fill = await findDemonstrations(settings, { scenario: findScenario(first), engine, signal });
  const backend = await prepareBackend(settings.backend);
  const folder = RunFolder.create(values.out ?? freshFolder(basename(first, '.yaml')), {
    settings,
    task: { name: 'contest', options: { scenarios, engine, ...settings.contest } },
    about: {
      scenarios: scenarios.map(({ name }) => name),
      engine,
      codeVersion: codeVersion(),
      nodeVersion: process.version,
      [LIBRARY_FACT]: backend.library,
      startedAt: new Date().toISOString(),
    },
    files: Object.fromEntries(sources.map((file) => [join('scenarios', basename(file)), readTextFile(file)])),
    fill,
  });
  return { folder, backend };
}

async function reopenRun(values: TrainValues): Promise<PreparedRun> {
  const given = values.scenario?.length
    ? 'a scenario'
    : Object.entries(fixedByRun(values)).find(([, value]) => value)?.[0];
  if (given !== undefined) {
    throw new DeeplOpsError('USAGE', `--resume continues a run as it was started, without ${given}`);
  }
  const folder = RunFolder.open(values.resume ?? '');
  return { folder, backend: await backendOfRun(folder, values.backend) };
}

function fixedByRun({ out, steps, config, imitate }: TrainValues): Record<string, unknown> {
  return { '--out': out, '--steps': steps, '--config': config, '--imitate': imitate };
}

/** The settings file, with what the command line says on top. */
function readSettings({ config, steps, backend, imitate }: TrainValues, seed: number | undefined): TrainSettings {
  const given = Object.entries({ steps, seed, backend }).filter(([, value]) => value !== undefined);
  const own = Object.fromEntries(given);
  if (config === undefined) return parseTrainSettings(withImitation(own, imitate));
  const { value, locate } = parseYaml(readTextFile(config), { file: config });
  const settings = typeof value === 'object' ? withImitation({ ...value, ...own }, imitate) : value;
  return parseTrainSettings(settings, (path) => locate(path, 'key'));
}

function freshFolder(name: string): string {
  for (let number = 1; ; number++) {
    const folder = join('runs', `${name}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}

function outcomeText(folder: RunFolder, outcome: TrainingOutcome, failures: readonly string[]): string {
  const { steps, elapsedSeconds, decisionsPerSecond, agents, best, stoppedBy } = outcome;
  const ended = {
    steps: 'Complete',
    plateau: 'No longer improving',
    minutes: 'Stopped after the time given',
    signal: 'Stopped',
  }[stoppedBy];
  const lines = [
    `${ended}: ${steps} decisions learned from in ${Math.round(elapsedSeconds)} s, ${Math.round(decisionsPerSecond)} decisions/s of both roles.`,
    ...Object.entries(agents).map(([role, path]) => `  ${role}: ${path}${choiceText(best[role])}`),
  ];
  const [first] = failures;
  if (first !== undefined) {
    const what = `${failures.length} failure script${failures.length === 1 ? '' : 's'} that taught order most`;
    lines.push(`  ${what}: ${join(folder.path, 'archive')}, to be run with \`deepl-ops replay ${first}\``);
  }
  if (stoppedBy !== 'steps') lines.push(`Go on with \`deepl-ops train --resume ${folder.path}\`.`);
  return lines.join('\n');
}

/** Why this agent and not the last one. */
function choiceText(best: BestAgent | undefined): string {
  if (best === undefined) return '';
  return ` (of iteration ${best.iteration}, succeeds in ${scoreText(best.score)} of ${best.score.episodes} held-out episodes)`;
}
