/**
 * The panel that agents are evaluated against: scripted opponents, and snapshots of the other role as it was at the 1st,
 * 2nd, 4th, 8th ... evaluation. It changes rarely and grows stronger, so that scores stay comparable and worth having.
 */

import type { LearningTask } from './task.ts';
import type { TrainSettings } from './train-settings.ts';

/** Whether the run is evaluated at all. */
export function evaluates({ evaluation }: Pick<TrainSettings, 'evaluation'>): boolean {
  return (evaluation.everyIterations ?? 0) > 0;
}

/** Slots per role beyond those of learner and league: the best so far, and the panel's snapshots. */
export function evaluationSlots(settings: TrainSettings): number {
  return evaluates(settings) ? 1 + settings.evaluation.snapshots : 0;
}

/** The slot of a role's best weights so far. */
export function bestSlot({ pastMax }: { readonly pastMax: number }): number {
  return pastMax + 1;
}

/** The slot of a snapshot of the panel. */
export function panelSlot({ pastMax }: { readonly pastMax: number }, position: number): number {
  return pastMax + 2 + position;
}

/** Scripted opponents of the panel in a role's seat. */
export function panelScripts(task: LearningTask, { evaluation }: TrainSettings, role: string): readonly string[] {
  return evaluation.scripts[role] ?? task.scripts[role] ?? [];
}

/** Whether the panel takes in the agents as they are at this evaluation (counted from 1). */
export function takesSnapshots(evaluation: number): boolean {
  return (evaluation & (evaluation - 1)) === 0;
}

/** Most matches of one evaluation: a present agent against everybody, and the best one against a newcomer. */
export function matchesMax(task: LearningTask, settings: TrainSettings): number {
  if (!evaluates(settings)) return 0;
  const { episodes, snapshots } = settings.evaluation;
  // A role that plays alone has one opponent: the task.
  const opponents = task.roles.map((role) => Math.max(1, panelScripts(task, settings, role).length + snapshots));
  return episodes * opponents.reduce((sum, count) => sum + count + 1, 0);
}
