/** `train`: both agents learn against each other on one scenario or several. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engineNames } from '../../environment/index.ts';
import { type BestAgent, type RunFolder, runTraining, type TrainingOutcome } from '../../learn/index.ts';
import { backendNames } from '../../neural/index.ts';
import { writeArchiveScenarios } from '../archive-files.ts';
import { codeVersion } from '../code-version.ts';
import { coldStartProgress } from '../cold-start.ts';
import { type Command, defineCommand } from '../command.ts';
import { readDemonstrations } from '../demonstrations.ts';
import { showPlan } from '../dry-run.ts';
import { prepareRun } from '../prepare-run.ts';
import { sessionFacts, threadsText } from '../session-facts.ts';
import { backendNote } from '../train-backend.ts';
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
    'start-from': {
      type: 'string',
      array: true,
      describe: 'Trained agents (folders, or names of shipped ones) whose roles start from their networks',
    },
    config: { type: 'string', describe: 'Settings of the learner (YAML or JSON); see docs/training-settings.md' },
    'dry-run': { type: 'boolean', default: false, describe: 'Check everything, print the plan and write nothing' },
  },
  examples: [
    ['deepl-ops train online-boutique --minutes 5', 'A first useful order agent'],
    ['deepl-ops train online-boutique --imitate runbook', 'Start from what the runbook does'],
    ['deepl-ops train my-shop.yaml --start-from online-boutique-order', 'Fit the shipped agent to your system'],
    ['deepl-ops train --resume runs/online-boutique-1', 'Go on where it stopped, to the same result'],
  ],
  run: async (values, context) => {
    const { output, log, seed, progress, stopSignal } = context;
    const signal = stopSignal();
    const run = await prepareRun(values, { seed, signal });
    const { settings, backend } = run;
    const workers = values.workers ?? Math.min(availableParallelism(), settings.shards);
    if (values.dryRun) {
      await showPlan(run, { minutes: values.minutes, workers, context });
      return 0;
    }
    const folder = run.open();
    const begunWith = run.about.codeVersion;
    if (begunWith !== codeVersion()) log.warn(`this run was begun with version ${begunWith}; it may go on otherwise`);
    output.line(
      `Training in ${folder.path} with seed ${settings.seed} on ${threadsText(workers)}${backendNote(backend)}`,
    );
    const outcome = await runTraining({
      folder,
      workers,
      backend,
      agents: run.agents,
      minutes: values.minutes,
      checkpointIterations: values.checkpointIterations,
      clockSeconds: () => performance.now() / 1000,
      signal,
      session: sessionFacts(workers),
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
  const goesOn = stoppedBy === 'minutes' || stoppedBy === 'signal';
  if (goesOn) lines.push(`Go on with \`deepl-ops train --resume ${folder.path}\`.`);
  return lines.join('\n');
}

/** Why this agent and not the last one. */
function choiceText(best: BestAgent | undefined): string {
  if (best === undefined) return '';
  return ` (of iteration ${best.iteration}, succeeds in ${scoreText(best.score)} of ${best.score.episodes} held-out episodes)`;
}
