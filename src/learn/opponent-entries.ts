/** The opponents that a role's seat can hold in a run. */

import { type OpponentEntry, opponentEntries } from './league.ts';
import { archivePlaces } from './run-dimensions.ts';
import type { LearningTask } from './task.ts';
import type { TrainSettings } from './train-settings.ts';

/** A role's entries in the league's numbering; the breaking role's end with the places of the archive. */
export function roleEntries(task: LearningTask, settings: TrainSettings, role: string): OpponentEntry[] {
  const scripts = settings.league.scripts[role] ?? task.scripts[role] ?? [];
  const places = role === task.failures?.role ? archivePlaces(task, settings) : 0;
  return opponentEntries(settings.league.pastMax, scripts, places);
}
