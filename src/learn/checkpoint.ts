/**
 * A training run between two iterations as bytes: weights, optimizers, statistics, league, archive, schedule and the
 * ledger of unfinished episodes. Resuming from it gives the same bits as never having stopped.
 */

import { DeeplOpsError, hashText } from '../base/index.ts';
import { type ArrayBundle, BundleError, decodeBundle, encodeBundle } from '../model/index.ts';
import type { ArchiveState } from './archive/archive-keeper.ts';
import type { EvaluatorState } from './evaluator.ts';
import type { LeagueRoleState } from './league.ts';
import type { TaskDescription } from './task.ts';
import type { TrainSettings } from './train-settings.ts';
import type { Trainer } from './trainer.ts';
import type { TurnState } from './turn-schedule.ts';

interface CheckpointHeader {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Hash of everything that decides the run's outcome. */
  readonly run: string;
  readonly iteration: number;
  readonly steps: number;
  readonly schedule: TurnState;
  readonly league: Record<string, LeagueRoleState>;
  /** Left out in a run without archive. */
  readonly archive?: ArchiveState | undefined;
  readonly successRates: Record<string, number | undefined>;
  readonly evaluator: EvaluatorState;
}

type BundleArrays = ArrayBundle['arrays'];

const FORMAT = 'deepl-ops-checkpoint';
/** Raised whenever what a checkpoint holds changes. */
const VERSION = 2;

/** The run's state as bytes; take it between iterations. */
export function encodeCheckpoint(trainer: Trainer, task: TaskDescription): Uint8Array {
  const { shared, learners, dimensions } = trainer;
  const header: CheckpointHeader = {
    format: FORMAT,
    version: VERSION,
    run: runHash(trainer.settings, task),
    iteration: trainer.iteration,
    steps: trainer.steps,
    schedule: trainer.schedule.save(),
    league: trainer.league.save(),
    archive: trainer.archive?.save(),
    successRates: trainer.successRates,
    evaluator: trainer.evaluator.save(),
  };
  const arrays: Record<string, BundleArrays[string]> = {};
  for (const [index, { role }] of dimensions.roles.entries()) {
    arrays[`${role}.parameters`] = shared.parameters[index]!;
    Object.assign(arrays, learners[index]!.save(`${role}.`));
  }
  for (const [name, array] of Object.entries(shared.ledger)) arrays[`ledger.${name}`] = array;
  return encodeBundle({ header, arrays });
}

/** Puts a checkpoint's state into a fresh trainer of the same task and settings; CHECKPOINT_* errors say what is wrong. */
export async function restoreCheckpoint(
  trainer: Trainer,
  task: TaskDescription,
  source: { readonly bytes: Uint8Array; readonly file: string },
): Promise<void> {
  const { header, arrays } = decodeCheckpoint(source.bytes, source.file);
  if (header.run !== runHash(trainer.settings, task)) throw invalid(source.file, 'it belongs to other settings');
  const array = (name: string): BundleArrays[string] => {
    const found = arrays[name];
    if (found === undefined) throw invalid(source.file, `it has no ${name}`);
    return found;
  };
  for (const [index, { role }] of trainer.dimensions.roles.entries()) {
    trainer.shared.parameters[index]!.set(array(`${role}.parameters`));
    trainer.learners[index]!.load(`${role}.`, (name) => array(name) as Float32Array | Float64Array);
  }
  for (const [name, target] of Object.entries(trainer.shared.ledger)) target.set(array(`ledger.${name}`));
  trainer.league.load(header.league);
  if (header.archive !== undefined) trainer.archive?.load(header.archive);
  trainer.schedule.load(header.schedule);
  trainer.evaluator.load(header.evaluator);
  trainer.iteration = header.iteration;
  trainer.steps = header.steps;
  Object.assign(trainer.successRates, header.successRates);
  await trainer.restoreEpisodes();
}

/** Iteration and steps of a checkpoint, without a trainer. */
export function readCheckpointProgress(source: { readonly bytes: Uint8Array; readonly file: string }): {
  readonly iteration: number;
  readonly steps: number;
} {
  const { iteration, steps } = decodeCheckpoint(source.bytes, source.file).header;
  return { iteration, steps };
}

function decodeCheckpoint(bytes: Uint8Array, file: string): { header: CheckpointHeader; arrays: BundleArrays } {
  try {
    const { header, arrays } = decodeBundle(bytes);
    const { format, version } = header as CheckpointHeader;
    if (format !== FORMAT) throw invalid(file, 'it is another kind of file');
    if (version !== VERSION) throw invalid(file, 'it was written by another version of the program');
    return { header: header as CheckpointHeader, arrays };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const code = error.fault === 'truncated' ? 'CHECKPOINT_TRUNCATED' : 'CHECKPOINT_INVALID';
    throw new DeeplOpsError(code, error.message, { place: { file }, cause: error });
  }
}

/** The total of steps may change: a run can be made longer. */
function runHash({ steps: _steps, ...settings }: TrainSettings, task: TaskDescription): string {
  return hashText(JSON.stringify([settings, task]));
}

function invalid(file: string, reason: string): DeeplOpsError {
  return new DeeplOpsError('CHECKPOINT_INVALID', reason, { place: { file } });
}
