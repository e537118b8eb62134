/** A training run before it begins: everything that was asked for is found and checked, and nothing is written yet. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DeeplOpsError, readTextFile } from '../base/index.ts';
import type { EngineName } from '../environment/index.ts';
import {
  checkTrainSettings,
  type LocateSetting,
  parseTrainSettings,
  RunFolder,
  type TaskDescription,
  type TrainSettings,
} from '../learn/index.ts';
import { type PreparedBackend, prepareBackend } from '../neural/index.ts';
import { parseYaml, readScenarioText } from '../scenario/index.ts';
import { codeVersion } from './code-version.ts';
import { withImitation } from './cold-start.ts';
import { findDemonstrations } from './demonstrations.ts';
import { runFiles } from './run-files.ts';
import { findFile, findScenario, namedScenarios } from './shipped-file.ts';
import { findStartAgents, readStartAgents, type StartAgents, withStart, writeStartAgents } from './start-agents.ts';
import { backendOfRun, LIBRARY_FACT } from './train-backend.ts';

/** What the command line says about a run. */
export interface TrainValues {
  readonly scenario?: string[] | undefined;
  readonly out?: string | undefined;
  readonly steps?: number | undefined;
  readonly engine: EngineName;
  readonly config?: string | undefined;
  readonly backend?: string | undefined;
  readonly resume?: string | undefined;
  readonly imitate?: string[] | undefined;
  readonly startFrom?: string[] | undefined;
}

/** A run that can begin or go on. */
export interface PreparedRun {
  readonly path: string;
  readonly settings: TrainSettings;
  readonly task: TaskDescription;
  readonly about: Readonly<Record<string, unknown>>;
  readonly backend: PreparedBackend;
  readonly isNew: boolean;
  /** Agents that roles start from. */
  readonly agents: StartAgents;
  /** How far a run is that goes on. */
  readonly done: { readonly iteration: number; readonly steps: number };
  /** Names of the files that `open` writes, in the run's folder. */
  readonly files: readonly string[];
  /** The folder of a run that goes on, or a new one, made now. */
  open(): RunFolder;
}

/** Prepares the run that the command line asks for, a new one or one to go on with. */
export function prepareRun(
  values: TrainValues,
  options: { readonly seed: number | undefined; readonly signal: AbortSignal },
): Promise<PreparedRun> {
  return values.resume === undefined ? prepareNew(values, options) : prepareResume(values.resume, values);
}

async function prepareNew(
  values: TrainValues,
  { seed, signal }: { readonly seed: number | undefined; readonly signal: AbortSignal },
): Promise<PreparedRun> {
  const references = values.scenario ?? [];
  const [first] = references;
  if (first === undefined) {
    throw new DeeplOpsError('USAGE', 'name a scenario to train on, or a run to --resume', {
      hint: '`deepl-ops list` shows the scenarios there are.',
    });
  }
  const path = values.out ?? freshFolder(basename(first, '.yaml'));
  RunFolder.checkFree(path);
  const scenarios = references.map(findScenario);
  const { settings, locate } = readSettings(values, seed);
  const { engine } = values;
  const task = { name: 'contest', options: { scenarios, engine, ...settings.contest } };
  checkTrainSettings(settings, task, locate);
  const seats = { scenario: findScenario(first), engine };
  const agents = findStartAgents(settings, seats, task);
  const copyDemonstrations = await findDemonstrations(settings, { ...seats, signal });
  const fill = (folder: string): void => {
    copyDemonstrations(folder);
    writeStartAgents(folder, settings, agents);
  };
  const backend = await prepareBackend(settings.backend);
  const about = {
    scenarios: scenarios.map(({ name }) => name),
    engine,
    codeVersion: codeVersion(),
    nodeVersion: process.version,
    [LIBRARY_FACT]: backend.library,
    startedAt: new Date().toISOString(),
  };
  const sources = references.map((reference) => findFile(reference, namedScenarios()));
  const files = runFiles({
    scenarios: sources.map((file) => ({ file, text: readScenarioText(file) })),
    config: values.config,
    settings,
    about,
  });
  const open = (): RunFolder => RunFolder.create(path, { settings, task, about, files, fill });
  const run = { path, settings, task, about, backend, agents, isNew: true, done: { iteration: 0, steps: 0 } };
  return { ...run, files: [...Object.keys(files), 'task.json', 'run.json'], open };
}

async function prepareResume(path: string, values: TrainValues): Promise<PreparedRun> {
  const given = values.scenario?.length
    ? 'a scenario'
    : Object.entries(fixedByRun(values)).find(([, value]) => value)?.[0];
  if (given !== undefined) {
    throw new DeeplOpsError('USAGE', `--resume continues a run as it was started, without ${given}`);
  }
  const folder = RunFolder.open(path);
  const backend = await backendOfRun(folder, values.backend);
  const { settings, about } = folder.card;
  const agents = readStartAgents(path, settings);
  const run = { path, settings, task: folder.task, about, backend, agents, isNew: false, done: folder.progress };
  return { ...run, files: [], open: () => folder };
}

function fixedByRun({ out, steps, config, imitate, startFrom }: TrainValues): Record<string, unknown> {
  return { '--out': out, '--steps': steps, '--config': config, '--imitate': imitate, '--start-from': startFrom };
}

/** The settings file, with what the command line says on top. */
function readSettings(
  { config, steps, backend, imitate, startFrom }: TrainValues,
  seed: number | undefined,
): { readonly settings: TrainSettings; readonly locate: LocateSetting | undefined } {
  const given = Object.entries({ steps, seed, backend }).filter(([, value]) => value !== undefined);
  const own = Object.fromEntries(given);
  const complete = (read: object): object => withStart(withImitation({ ...read, ...own }, imitate), startFrom);
  if (config === undefined) {
    return { settings: parseTrainSettings(complete({})), locate: undefined };
  }
  const source = parseYaml(readTextFile(config), { file: config });
  const { value } = source;
  const locate: LocateSetting = (path) => source.locate(path, 'key');
  const settings = typeof value === 'object' ? complete({ ...value }) : value;
  return { settings: parseTrainSettings(settings, locate), locate };
}

function freshFolder(name: string): string {
  for (let number = 1; ; number++) {
    const folder = join('runs', `${name}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
