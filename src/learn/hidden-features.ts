/** Component features that a run hides from its agents, to show what they are worth. */

import { DeeplOpsError, nearestName } from '../base/index.ts';
import type { FeatureScaling } from '../neural/index.ts';
import type { LearningTask } from './task.ts';

/** Columns of a role's component features whose names begin with one of the prefixes. */
export function hiddenColumns(task: LearningTask, role: string, prefixes: readonly string[]): readonly number[] {
  const { componentFeatures } = task.specs[role]!.observation;
  return [...componentFeatures.keys()].filter((column) => {
    return prefixes.some((prefix) => componentFeatures[column]!.name.startsWith(prefix));
  });
}

/** CONFIG_INVALID where a prefix fits no feature of any role. */
export function requireKnownPrefixes(task: LearningTask, prefixes: readonly string[]): void {
  const names = task.roles.flatMap((role) => task.specs[role]!.observation.componentFeatures.map(({ name }) => name));
  const families = [...new Set(names.map((name) => name.replace(/\..*/, '.')))];
  for (const prefix of prefixes) {
    if (names.some((name) => name.startsWith(prefix))) continue;
    const guess = nearestName(prefix, families) ?? nearestName(prefix, names);
    const hint =
      guess === undefined ? `Component features begin with ${families.join(', ')}.` : `Did you mean ${guess}?`;
    throw new DeeplOpsError('CONFIG_INVALID', `hiddenFeatures: no component feature begins with "${prefix}"`, { hint });
  }
}

/** Makes features 0 whatever they are. As part of the scaling, it holds wherever the finished agent plays. */
export function hideFeatures({ factors }: FeatureScaling, columns: readonly number[]): void {
  for (const column of columns) factors[column] = 0;
}
