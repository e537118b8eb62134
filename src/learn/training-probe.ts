/** Tries a run out in memory for a few seconds: does it begin at all, how fast is it, and what does it need? */

import type { PreparedBackend } from '../neural/index.ts';
import { rolloutBytes } from './rollout-storage.ts';
import type { RunDimensions } from './run-dimensions.ts';
import type { TaskDescription } from './task.ts';
import type { TrainSettings } from './train-settings.ts';
import { Trainer, type TrainerOptions } from './trainer.ts';

/** What to try, and for how long. */
export interface ProbeOptions {
  readonly task: TaskDescription;
  readonly settings: TrainSettings;
  /** As in `TrainerOptions`. */
  readonly agents?: TrainerOptions['agents'];
  readonly workers: number;
  readonly backend: PreparedBackend;
  readonly seconds: number;
  /** Seconds since any fixed moment. */
  readonly clockSeconds: () => number;
}

/** What was found. */
export interface ProbeResult {
  /** Decisions of all roles, by networks that have learned nothing yet. */
  readonly decisionsPerSecond: number;
  /** Memory that the run itself will take beyond what the probe took. */
  readonly bytesMore: number;
}

/** Steps of an iteration of the probe: as few as a rollout may have, so that large systems are tried out quickly too. */
const ROLLOUT_STEPS = 16;

/** Trains for at least two short iterations and the given time; the fastest half of them tells the speed. */
export async function probeTraining(options: ProbeOptions): Promise<ProbeResult> {
  const { task, settings, agents = {}, workers, backend, clockSeconds } = options;
  const rolloutSteps = Math.min(settings.rolloutSteps, ROLLOUT_STEPS);
  const short = { ...settings, rolloutSteps, evaluation: { ...settings.evaluation, everyIterations: 0 } };
  const trainer = new Trainer({ task, settings: short, agents, workers, backend });
  const speeds: number[] = [];
  try {
    const start = clockSeconds();
    while (speeds.length < 2 || clockSeconds() - start < options.seconds) {
      const before = clockSeconds();
      const { decisions } = await trainer.iterate();
      speeds.push(decisions / Math.max(clockSeconds() - before, 1e-9));
    }
  } finally {
    await trainer.close();
  }
  speeds.sort((one, other) => other - one);
  const fast = speeds.slice(0, Math.ceil(speeds.length / 2));
  return {
    // The harmonic mean: all their decisions by all their time.
    decisionsPerSecond: fast.length / fast.reduce((sum, speed) => sum + 1 / speed, 0),
    bytesMore:
      rolloutsOf({ ...trainer.dimensions, rolloutSteps: settings.rolloutSteps }) - rolloutsOf(trainer.dimensions),
  };
}

/** Bytes of all rollouts of an iteration; the only memory that grows with the steps of an iteration and matters. */
function rolloutsOf(dimensions: RunDimensions): number {
  return Math.max(...dimensions.roles.map((role) => rolloutBytes(dimensions, role)));
}
