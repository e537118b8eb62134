/** Settings name roles and opponents: what is named must exist where the run takes place. */

import { nearestName } from '../base/index.ts';
import type { TrainSettings } from './train-settings.ts';

/** The names that a task knows. */
export interface SettingNames {
  readonly roles: readonly string[];
  /** Scripted opponents that can play a role. */
  opponents(role: string): readonly string[];
}

/** A name that does not exist, and where it stands. */
export interface UnknownName {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

/** The first name in the settings that the task does not know. */
export function unknownName(settings: TrainSettings, names: SettingNames): UnknownName | undefined {
  return rolesIn(settings, names) ?? opponentsIn(settings, names);
}

function rolesIn(settings: TrainSettings, { roles: known }: SettingNames): UnknownName | undefined {
  const { roles, startFrom, coldStart, schedule, league, evaluation } = settings;
  const named = [
    // Defaults name chaos; a task without it has no use for those, and no harm comes of it.
    ...Object.keys(roles)
      .filter((role) => role !== 'chaos')
      .map((role) => ['roles', role]),
    ...Object.keys(startFrom).map((role) => ['startFrom', role]),
    ...Object.keys(coldStart).map((role) => ['coldStart', role]),
    ...Object.keys(league.scripts).map((role) => ['league', 'scripts', role]),
    ...Object.keys(evaluation.scripts).map((role) => ['evaluation', 'scripts', role]),
  ];
  for (const path of named) {
    const role = path.at(-1) ?? '';
    if (!known.includes(role)) return unknown(path, `there is no role ${role}`, role, known);
  }
  for (const [index, role] of (schedule.roles ?? []).entries()) {
    if (!known.includes(role)) return unknown(['schedule', 'roles', index], `there is no role ${role}`, role, known);
  }
  return undefined;
}

function opponentsIn({ league, evaluation }: TrainSettings, names: SettingNames): UnknownName | undefined {
  for (const [part, { scripts }] of Object.entries({ league, evaluation })) {
    for (const [role, opponents] of Object.entries(scripts)) {
      const known = names.opponents(role);
      const index = opponents.findIndex((name) => !known.includes(name));
      const name = opponents[index];
      if (name === undefined) continue;
      return unknown([part, 'scripts', role, index], `${role} has no scripted policy ${name}`, name, known);
    }
  }
  return undefined;
}

function unknown(path: UnknownName['path'], message: string, name: string, known: readonly string[]): UnknownName {
  const guess = nearestName(name, known);
  return {
    path,
    message,
    hint: guess === undefined ? `There are ${known.join(', ') || 'none'}.` : `Did you mean ${guess}?`,
  };
}
