/** A training run from its first iteration, or its checkpoint, to its end: metrics, checkpoints and agents on the way. */

import { encodeCheckpoint, restoreCheckpoint } from './checkpoint.ts';
import { metricRow } from './metrics.ts';
import type { RunFolder } from './run-folder-file.ts';
import { type IterationReport, Trainer } from './trainer.ts';

/** How to run. */
export interface TrainingRunOptions {
  /** New, or reopened to resume. */
  readonly folder: RunFolder;
  readonly workers: number;
  /** Stop after so much time in this session. */
  readonly minutes?: number | undefined;
  /** Iterations between checkpoints. */
  readonly checkpointIterations: number;
  /** Seconds since any fixed moment. */
  readonly clockSeconds: () => number;
  /** Asks for a clean stop after the iteration in progress. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** The state of a run after an iteration. */
export interface TrainingProgress {
  readonly report: IterationReport;
  readonly decisionsPerSecond: number;
  readonly remainingSeconds: number;
}

/** How a run ended. */
export interface TrainingOutcome {
  readonly stoppedBy: 'steps' | 'minutes' | 'signal';
  readonly iteration: number;
  readonly steps: number;
  /** Seconds of training, earlier sessions included. */
  readonly elapsedSeconds: number;
  /** Decisions of all roles per second in this session. */
  readonly decisionsPerSecond: number;
  readonly successRates: Readonly<Record<string, number | undefined>>;
  /** Folders of the trained agents, by role. */
  readonly agents: Readonly<Record<string, string>>;
}

/** Trains until the steps are done, the time is over or the signal asks to stop; the folder is whole at every moment. */
export async function runTraining(options: TrainingRunOptions): Promise<TrainingOutcome> {
  const { folder, workers } = options;
  const trainer = new Trainer({ task: folder.task, settings: folder.card.settings, workers });
  try {
    if (folder.hasCheckpoint) await restoreCheckpoint(trainer, folder.task, folder.readCheckpoint());
    folder.openMetrics(trainer.iteration);
    return await iterateToEnd(trainer, options);
  } finally {
    await trainer.close();
  }
}

async function iterateToEnd(trainer: Trainer, options: TrainingRunOptions): Promise<TrainingOutcome> {
  const { folder, clockSeconds, signal } = options;
  const earlierSeconds = folder.elapsedSeconds;
  const start = clockSeconds();
  const secondsMax = (options.minutes ?? Number.POSITIVE_INFINITY) * 60;
  let decisions = 0;
  let saved = trainer.iteration;
  let last = start;
  let stoppedBy: TrainingOutcome['stoppedBy'] | undefined;
  while (stoppedBy === undefined) {
    if (trainer.done) stoppedBy = 'steps';
    else if (clockSeconds() - start >= secondsMax) stoppedBy = 'minutes';
    else if (signal?.aborted) stoppedBy = 'signal';
    else {
      const report = await trainer.iterate();
      const now = clockSeconds();
      const decisionsPerSecond = report.decisions / (now - last);
      last = now;
      decisions += report.decisions;
      folder.appendMetrics(metricRow(report, { elapsedSeconds: earlierSeconds + now - start, decisionsPerSecond }));
      const progress = { steps: trainer.steps, decisions, seconds: now - start, roles: trainer.task.roles.length };
      const remainingSeconds = remaining(progress, trainer.settings.steps, secondsMax);
      options.onProgress?.({ report, decisionsPerSecond, remainingSeconds });
      if (trainer.iteration - saved >= options.checkpointIterations) {
        save(trainer, folder);
        saved = trainer.iteration;
      }
      // Lets signals and messages through between two iterations.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const agents = save(trainer, folder);
  const seconds = clockSeconds() - start;
  return {
    stoppedBy,
    iteration: trainer.iteration,
    steps: trainer.steps,
    elapsedSeconds: earlierSeconds + seconds,
    decisionsPerSecond: decisions / Math.max(seconds, 1e-9),
    successRates: { ...trainer.successRates },
    agents,
  };
}

/** Writes checkpoint and agents; returns the agents' folders. */
function save(trainer: Trainer, folder: RunFolder): Record<string, string> {
  folder.writeCheckpoint(encodeCheckpoint(trainer, folder.task));
  const agents: Record<string, string> = {};
  for (const [index, role] of trainer.task.roles.entries()) {
    const { iteration, steps } = trainer;
    const roleSteps = trainer.learners[index]!.steps;
    const training = { ...folder.card.about, seed: trainer.settings.seed, iteration, steps, roleSteps };
    agents[role] = folder.writeAgent(trainer.agent(role, `${role}-${trainer.settings.seed}`), training);
  }
  return agents;
}

function remaining(
  done: { readonly steps: number; readonly decisions: number; readonly seconds: number; readonly roles: number },
  stepsTotal: number,
  secondsMax: number,
): number {
  const stepsPerSecond = done.decisions / done.roles / done.seconds;
  return Math.min((stepsTotal - done.steps) / stepsPerSecond, secondsMax - done.seconds);
}
