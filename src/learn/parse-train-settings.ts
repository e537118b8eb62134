/** Reads settings as a user writes them, and lists them for documentation. */

import { z } from 'zod';
import { DeeplOpsError, type ErrorPlace, nearestName } from '../base/index.ts';
import type { TrainSettings } from './train-settings.ts';
import { trainSettingsSchema } from './train-settings-schema.ts';

/** Finds where a setting stands in its file, for messages. */
export type LocateSetting = (path: readonly (string | number)[]) => ErrorPlace;

/** Completes and checks settings; CONFIG_INVALID names the key that is wrong. */
export function parseTrainSettings(input: unknown, locate?: LocateSetting): TrainSettings {
  const result = trainSettingsSchema.safeParse(input ?? {});
  if (!result.success) throw invalid(result.error.issues[0], locate);
  const settings = result.data;
  if (settings.environments % settings.shards !== 0) {
    const issue = { path: ['environments'], message: `must be a multiple of shards (${settings.shards})` };
    throw invalid(issue, locate);
  }
  return settings;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of an issue about keys nobody knows. */
  readonly keys?: readonly string[];
}

function invalid(issue: Issue | undefined, locate: LocateSetting | undefined): DeeplOpsError {
  const path = (issue?.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key));
  const [unknown] = issue?.keys ?? [];
  const place = locate === undefined ? {} : { place: locate(unknown === undefined ? path : [...path, unknown]) };
  const key = path.join('.');
  if (unknown === undefined) {
    return new DeeplOpsError('CONFIG_INVALID', `${key === '' ? 'the settings' : key}: ${issue?.message}`, place);
  }
  const known = describeTrainSettings().map((setting) => setting.key);
  const full = key === '' ? unknown : `${key}.${unknown}`;
  const guess = nearestName(full, known);
  const hint = guess === undefined ? `The settings are ${known.join(', ')}.` : `Did you mean ${guess}?`;
  return new DeeplOpsError('CONFIG_INVALID', `there is no setting ${full}`, { ...place, hint });
}

/** One setting: its key with dots, its default, and what it means. */
export interface SettingDescription {
  readonly key: string;
  readonly value: unknown;
  readonly meaning: string;
}

/** Every setting, for documentation and help. */
export function describeTrainSettings(): readonly SettingDescription[] {
  const lines: SettingDescription[] = [];
  const schema = z.toJSONSchema(trainSettingsSchema, { io: 'input' }) as JsonSchemaNode;
  describeInto(schema, parseTrainSettings({}), '', lines);
  return lines;
}

interface JsonSchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
}

function describeInto(node: JsonSchemaNode, value: unknown, prefix: string, lines: SettingDescription[]): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const childValue = (value as Record<string, unknown>)[name];
    if (child.properties !== undefined) describeInto(child, childValue, key, lines);
    else lines.push({ key, value: childValue, meaning: child.description ?? '' });
  }
}
