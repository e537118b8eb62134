/** A training run from its first iteration, or its checkpoint, to its end: metrics, checkpoints and agents on the way. */

import { DeeplOpsError } from '../base/index.ts';
import type { PreparedBackend } from '../neural/index.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { type ColdStartRunOptions, runColdStart } from './cold-start/cold-start-run.ts';
import type { BestAgent, EvaluationReport } from './evaluator.ts';
import type { IterationReport } from './iteration-report.ts';
import { metricRow } from './metrics.ts';
import { publishAgents } from './publish-agents.ts';
import { restoreNewest } from './restore-newest.ts';
import type { RunFolder } from './run-folder-file.ts';
import { Trainer, type TrainerOptions } from './trainer.ts';

/** How to run. */
export interface TrainingRunOptions {
  /** New, or reopened to resume. */
  readonly folder: RunFolder;
  readonly workers: number;
  /** The backend that the run's settings name, prepared; left out, the SIMD backend. */
  readonly backend?: PreparedBackend;
  /** As in `TrainerOptions`. */
  readonly agents?: TrainerOptions['agents'];
  /** Stop after so much time in this session. */
  readonly minutes?: number | undefined;
  /** Iterations between checkpoints. */
  readonly checkpointIterations: number;
  /** Seconds since any fixed moment. */
  readonly clockSeconds: () => number;
  /** Asks for a clean stop after the iteration in progress. */
  readonly signal?: AbortSignal;
  /** Facts about this session for the run's folder. */
  readonly session?: Readonly<Record<string, unknown>>;
  /** Told what is amiss but does not keep the run from going on. */
  readonly onWarning?: (text: string) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** See `ColdStartRunOptions`. */
  readonly demonstrations?: ColdStartRunOptions['demonstrations'];
  readonly onColdStart?: ColdStartRunOptions['onColdStart'];
}

/** The state of a run after an iteration. */
export interface TrainingProgress {
  readonly report: IterationReport;
  /** The evaluation that followed the iteration, where there was one. */
  readonly evaluation: EvaluationReport | undefined;
  readonly decisionsPerSecond: number;
  /** Seconds of training, earlier sessions included. */
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number;
}

/** How a run ended. */
export interface TrainingOutcome {
  readonly stoppedBy: StopReason;
  readonly iteration: number;
  readonly steps: number;
  /** Seconds of training, earlier sessions included. */
  readonly elapsedSeconds: number;
  /** Decisions of all roles per second in this session. */
  readonly decisionsPerSecond: number;
  readonly successRates: Readonly<Record<string, number | undefined>>;
  /** By role: where the agent comes from and what it was chosen for; undefined without evaluation. */
  readonly best: Readonly<Record<string, BestAgent | undefined>>;
  /** Folders of the trained agents, by role. */
  readonly agents: Readonly<Record<string, string>>;
}

/** All steps done, no progress any more, the time over, or asked to. */
type StopReason = 'steps' | 'plateau' | 'minutes' | 'signal';

/** Trains until the run is complete, the time is over or the signal asks to stop; the folder is whole at every moment. */
export async function runTraining(options: TrainingRunOptions): Promise<TrainingOutcome> {
  const { folder, workers, backend, agents = {} } = options;
  const { settings } = folder.card;
  const own = backend === undefined ? {} : { backend };
  const trainer = new Trainer({ task: folder.task, settings, agents, workers, ...own });
  try {
    const start = options.clockSeconds();
    const isNew = folder.checkpoints.length === 0;
    await restoreNewest(trainer, folder, options.onWarning ?? (() => {}));
    if (options.session !== undefined) {
      folder.recordSession({ ...options.session, fromIteration: trainer.iteration });
    }
    if (isNew && !(await runColdStart(trainer, options))) return stoppedCold(options.clockSeconds() - start);
    folder.openMetrics(trainer.iteration);
    return await new Session(trainer, options, options.clockSeconds() - start).run();
  } catch (error) {
    throw withWayOn(error, folder);
  } finally {
    await trainer.close();
  }
}

/** When a run can no longer write, its last checkpoint is still there. */
function withWayOn(error: unknown, folder: RunFolder): unknown {
  if (!(error instanceof DeeplOpsError) || error.code !== 'OUTPUT_UNWRITABLE') return error;
  if (folder.checkpoints.length === 0) return error;
  const hint = `Mend permissions or free space, then go on from the last checkpoint with \`deepl-ops train --resume ${folder.path}\`.`;
  const { place = {} } = error;
  return new DeeplOpsError(error.code, error.message, { place, hint, cause: error });
}

/** What is left of a run that was stopped during its cold start: it starts again. */
function stoppedCold(elapsedSeconds: number): TrainingOutcome {
  const nothing = { iteration: 0, steps: 0, decisionsPerSecond: 0, successRates: {}, best: {}, agents: {} };
  return { stoppedBy: 'signal', elapsedSeconds, ...nothing };
}

/** One session of a run: from here to its end or to the next stop. */
class Session {
  readonly #trainer: Trainer;
  readonly #options: TrainingRunOptions;
  readonly #start: number;
  readonly #earlierSeconds: number;
  readonly #secondsMax: number;
  #decisions = 0;
  #saved: number;
  /** How long the last evaluation took; 0 before the first. */
  #evaluationSeconds = 0;

  /** What went before the first iteration, a cold start above all, counts for the time given and not for the speed. */
  constructor(trainer: Trainer, options: TrainingRunOptions, secondsBefore: number) {
    this.#trainer = trainer;
    this.#options = options;
    this.#start = options.clockSeconds();
    this.#earlierSeconds = options.folder.elapsedSeconds + secondsBefore;
    this.#secondsMax = (options.minutes ?? Number.POSITIVE_INFINITY) * 60 - secondsBefore;
    this.#saved = trainer.iteration;
  }

  async run(): Promise<TrainingOutcome> {
    const trainer = this.#trainer;
    const { folder } = this.#options;
    let stoppedBy = this.#reasonToStop();
    while (stoppedBy === undefined) {
      await this.#iterate();
      if (trainer.iteration - this.#saved >= this.#options.checkpointIterations) {
        this.#saveCheckpoint();
        publishAgents(trainer, folder);
      }
      // Lets signals and messages through between two iterations.
      await new Promise((resolve) => setImmediate(resolve));
      stoppedBy = this.#reasonToStop();
    }
    this.#saveCheckpoint();
    // For the choice of the best agent only: the checkpoint knows nothing of it, as the run may go on from there.
    const better = trainer.evaluator.due(trainer.iteration, true) && this.#evaluationSeconds > 0;
    if (stoppedBy === 'minutes' && better) await this.#evaluate();
    const seconds = this.#seconds();
    return {
      stoppedBy,
      iteration: trainer.iteration,
      steps: trainer.steps,
      elapsedSeconds: this.#earlierSeconds + seconds,
      decisionsPerSecond: this.#decisions / Math.max(seconds, 1e-9),
      successRates: { ...trainer.successRates },
      best: Object.fromEntries(trainer.task.roles.map((role) => [role, trainer.evaluator.best(role)])),
      agents: publishAgents(trainer, folder),
    };
  }

  #reasonToStop(): StopReason | undefined {
    if (this.#trainer.done) return 'steps';
    if (this.#trainer.evaluator.plateau) return 'plateau';
    if (this.#seconds() + this.#evaluationSeconds >= this.#secondsMax) return 'minutes';
    return this.#options.signal?.aborted ? 'signal' : undefined;
  }

  async #iterate(): Promise<void> {
    const trainer = this.#trainer;
    const { folder, onProgress } = this.#options;
    const before = this.#seconds();
    const report = await trainer.iterate();
    const decisionsPerSecond = report.decisions / (this.#seconds() - before);
    this.#decisions += report.decisions;
    const due = trainer.evaluator.due(trainer.iteration, trainer.done);
    const evaluation = due ? await this.#evaluate() : undefined;
    const elapsedSeconds = this.#earlierSeconds + this.#seconds();
    const evaluationSeconds = due ? this.#evaluationSeconds : undefined;
    folder.appendMetrics(metricRow(report, { elapsedSeconds, decisionsPerSecond, evaluationSeconds }, evaluation));
    onProgress?.({
      report,
      evaluation,
      decisionsPerSecond,
      elapsedSeconds,
      remainingSeconds: this.#remainingSeconds(),
    });
  }

  async #evaluate(): Promise<EvaluationReport> {
    const { evaluator, iteration, steps } = this.#trainer;
    const before = this.#seconds();
    const report = await evaluator.evaluate(iteration, steps);
    this.#evaluationSeconds = this.#seconds() - before;
    return report;
  }

  #saveCheckpoint(): void {
    const { folder } = this.#options;
    const { iteration, archive } = this.#trainer;
    folder.writeCheckpoint(encodeCheckpoint(this.#trainer, folder.task));
    if (archive !== undefined) folder.writeArchive(archive.report(iteration));
    this.#saved = iteration;
  }

  #seconds(): number {
    return this.#options.clockSeconds() - this.#start;
  }

  #remainingSeconds(): number {
    const { steps, settings, task } = this.#trainer;
    const seconds = this.#seconds();
    const stepsPerSecond = this.#decisions / task.roles.length / seconds;
    return Math.min((settings.steps - steps) / stepsPerSecond, this.#secondsMax - seconds);
  }
}
