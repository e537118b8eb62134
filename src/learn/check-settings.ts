/** Checks settings against what is learned: roles, opponents and features that they name must exist. */

import { DeeplOpsError } from '../base/index.ts';
import { policyCatalogue } from '../policies/index.ts';
import { requireKnownPrefixes } from './hidden-features.ts';
import type { LocateSetting } from './parse-train-settings.ts';
import { unknownName } from './setting-names.ts';
import type { TaskDescription } from './task.ts';
import { createTask } from './task-catalogue.ts';
import type { TrainSettings } from './train-settings.ts';

/** CONFIG_INVALID for a role or a feature that the task does not have, or a scripted opponent that does not play a role. */
export function checkTrainSettings(settings: TrainSettings, task: TaskDescription, locate?: LocateSetting): void {
  const learned = createTask(task);
  if (settings.hiddenFeatures.length > 0) requireKnownPrefixes(learned, settings.hiddenFeatures);
  const opponents = (role: string) => [...new Set([...(learned.scripts[role] ?? []), ...opponentNames(role)])];
  const missing = unknownName(settings, { roles: learned.roles, opponents });
  if (missing === undefined) return;
  const { path, message, hint } = missing;
  const place = locate === undefined ? {} : { place: locate(path) };
  throw new DeeplOpsError('CONFIG_INVALID', `${path.join('.')}: ${message}`, { ...place, hint });
}

/** Scripted policies that may hold this role's seat in training: not those that look at the true state. */
function opponentNames(role: string): readonly string[] {
  return policyCatalogue.filter((entry) => entry.roles.includes(role) && !entry.privileged).map(({ name }) => name);
}
