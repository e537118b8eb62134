/** The sizes of a run, computed once by the trainer and handed to every worker as plain data. */

import { choiceCount } from '../contract/index.ts';
import type { NetworkShape } from '../neural/index.ts';
import { scriptRowWidth } from './archive/failure-script.ts';
import { placesPerScenario } from './archive/script-archive.ts';
import { evaluationSlots, matchesMax } from './evaluation-panel.ts';
import { hiddenColumns, requireKnownPrefixes } from './hidden-features.ts';
import type { LearningTask } from './task.ts';
import type { TrainSettings } from './train-settings.ts';

/** One role's widths. */
export interface RoleDimensions {
  readonly role: string;
  readonly shape: NetworkShape;
  readonly choicesMax: number;
  /** Decisions over which gradients of the memory flow back; 1 without a memory. */
  readonly memorySteps: number;
  /** Columns of component features that the role does not see. */
  readonly hiddenColumns: readonly number[];
}

/** Sizes of everything that is shared. */
export interface RunDimensions {
  readonly roles: readonly RoleDimensions[];
  readonly componentsMax: number;
  readonly episodeStepsMax: number;
  readonly environments: number;
  readonly shards: number;
  readonly environmentsPerShard: number;
  readonly rolloutSteps: number;
  readonly gradientShards: number;
  readonly pastMax: number;
  /** Places for weights per role: the learner, past snapshots, what evaluation keeps, and what a cold start left. */
  readonly slots: number;
  /** Most matches of one evaluation. */
  readonly matchesMax: number;
  /** Entries of the longest opponent table. */
  readonly entriesMax: number;
  /** Scenarios with an archive and so with opponent tables of their own; 1 where there is no archive. */
  readonly scenarios: number;
  /** Places of each scenario's archive, and numbers of a failure script; 0 where there is none. */
  readonly archivePlaces: number;
  readonly scriptWidth: number;
  /** Most numbers that the network of a role remembers. */
  readonly memoryUnitsMax: number;
}

/** Sizes of a run of `settings` on a task; `entriesMax` as the league numbers opponents. */
export function runDimensions(task: LearningTask, settings: TrainSettings, entriesMax: number): RunDimensions {
  const { archive } = settings.league;
  const hasArchive = archivePlaces(task, settings) > 0;
  requireKnownPrefixes(task, settings.hiddenFeatures);
  const roles = task.roles.map((role) => roleDimensions(task, settings, role));
  return {
    roles,
    componentsMax: task.componentsMax,
    episodeStepsMax: task.episodeStepsMax,
    environments: settings.environments,
    shards: settings.shards,
    environmentsPerShard: settings.environments / settings.shards,
    rolloutSteps: settings.rolloutSteps,
    gradientShards: settings.gradientShards,
    pastMax: settings.league.pastMax,
    slots: 2 + settings.league.pastMax + evaluationSlots(settings),
    matchesMax: matchesMax(task, settings),
    entriesMax,
    scenarios: hasArchive ? task.failures!.scenarios.length : 1,
    archivePlaces: archivePlaces(task, settings),
    scriptWidth: hasArchive ? scriptRowWidth(archive.faultsMax) : 0,
    memoryUnitsMax: Math.max(...roles.map(({ shape }) => shape.memoryUnits ?? 0)),
  };
}

/** The place of the policy that a cold start left. */
export function referenceSlot({ slots }: RunDimensions): number {
  return slots - 1;
}

/** Places of each scenario's archive; 0 where the task or the settings have none. */
export function archivePlaces(task: LearningTask, { league }: TrainSettings): number {
  return task.failures !== undefined && league.shares.archive > 0 ? placesPerScenario(league.archive) : 0;
}

/** Sizes and parts of a role's network. */
export function networkShape(task: LearningTask, settings: TrainSettings, role: string): NetworkShape {
  const { observation, action } = task.specs[role]!;
  const { messages, memoryUnits, memorySteps: _steps, ...units } = settings.network;
  return {
    componentFeatures: observation.componentFeatures.length,
    clusterFeatures: observation.clusterFeatures.length,
    criticFeatures: observation.criticFeatures.length,
    verbs: action.verbs.length,
    ...units,
    // A part that is not there is not named either: the card of a plain network stays as it always was.
    ...(messages ? { messages } : {}),
    ...(memoryUnits > 0 ? { memoryUnits } : {}),
  };
}

function roleDimensions(task: LearningTask, settings: TrainSettings, role: string): RoleDimensions {
  const { memoryUnits, memorySteps } = settings.network;
  const shape = networkShape(task, settings, role);
  return {
    role,
    shape,
    choicesMax: choiceCount(task.componentsMax, shape.verbs),
    memorySteps: memoryUnits > 0 ? memorySteps : 1,
    hiddenColumns: hiddenColumns(task, role, settings.hiddenFeatures),
  };
}
