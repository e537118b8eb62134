/** Checks settings against what is learned: roles and opponents that they name must exist. */

import { DeeplOpsError, nearestName } from '../base/index.ts';
import { policyCatalogue } from '../policies/index.ts';
import { requireKnownPrefixes } from './hidden-features.ts';
import type { LocateSetting } from './parse-train-settings.ts';
import type { TaskDescription } from './task.ts';
import { createTask } from './task-catalogue.ts';
import type { TrainSettings } from './train-settings.ts';

type Path = readonly (string | number)[];

/** CONFIG_INVALID for a role or a feature that the task does not have, or a scripted opponent that does not play a role. */
export function checkTrainSettings(settings: TrainSettings, task: TaskDescription, locate?: LocateSetting): void {
  const learned = createTask(task);
  const { roles, scripts } = learned;
  if (settings.hiddenFeatures.length > 0) requireKnownPrefixes(learned, settings.hiddenFeatures);
  const check = (path: Path, name: string, known: readonly string[], what: string): void => {
    if (known.includes(name)) return;
    const guess = nearestName(name, known);
    const hint = guess === undefined ? `There are ${known.join(', ') || 'none'}.` : `Did you mean ${guess}?`;
    const place = locate === undefined ? {} : { place: locate(path) };
    throw new DeeplOpsError('CONFIG_INVALID', `${path.join('.')}: there is no ${what} ${name}`, { ...place, hint });
  };
  const { league, schedule, evaluation } = settings;
  // Defaults name roles of the contest; a task without them has no use for those, and no harm comes of it.
  const named = Object.keys(settings.roles).filter((role) => role !== 'chaos');
  for (const role of named) check(['roles', role], role, roles, 'role');
  for (const [index, role] of (schedule.roles ?? []).entries())
    check(['schedule', 'roles', index], role, roles, 'role');
  for (const [section, byRole] of [
    ['league', league.scripts],
    ['evaluation', evaluation.scripts],
  ] as const) {
    for (const [role, names] of Object.entries(byRole)) {
      check([section, 'scripts', role], role, roles, 'role');
      const known = [...new Set([...(scripts[role] ?? []), ...opponentNames(role)])];
      for (const [index, name] of names.entries()) {
        check([section, 'scripts', role, index], name, known, `scripted opponent for ${role}`);
      }
    }
  }
}

/** Scripted policies that may hold this role's seat in training: not those that look at the true state. */
function opponentNames(role: string): readonly string[] {
  return policyCatalogue.filter((entry) => entry.roles.includes(role) && !entry.privileged).map(({ name }) => name);
}
