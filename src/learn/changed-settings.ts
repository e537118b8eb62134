/** The settings of a run that differ from their defaults. */

import { parseTrainSettings } from './parse-train-settings.ts';
import type { TrainSettings } from './train-settings.ts';

/** One of them: its key with dots, its value, and what it would have been. */
export interface ChangedSetting {
  readonly key: string;
  readonly value: unknown;
  readonly usual: unknown;
}

/** All of them, in the order in which they stand in the settings. */
export function changedSettings(settings: TrainSettings): readonly ChangedSetting[] {
  const changes: ChangedSetting[] = [];
  compare({ value: settings, usual: parseTrainSettings({}) }, '', changes);
  return changes;
}

function compare(
  { value, usual }: { readonly value: unknown; readonly usual: unknown },
  key: string,
  changes: ChangedSetting[],
): void {
  if (!isMap(value) || !isMap(usual)) {
    if (JSON.stringify(value) !== JSON.stringify(usual)) changes.push({ key, value, usual });
    return;
  }
  for (const name of new Set([...Object.keys(usual), ...Object.keys(value)])) {
    compare({ value: value[name], usual: usual[name] }, key === '' ? name : `${key}.${name}`, changes);
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
