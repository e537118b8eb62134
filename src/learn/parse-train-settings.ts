/** Reads settings as a user writes them, and lists them for documentation. */

import { z } from 'zod';
import { DeeplOpsError, type ErrorPlace } from '../base/index.ts';
import { beginsTrained, type TrainSettings } from './train-settings.ts';
import { trainSettingsSchema } from './train-settings-schema.ts';
import { type SettingsNode, unknownSettingHint } from './unknown-setting.ts';

/** Finds where a setting stands in its file, for messages. */
export type LocateSetting = (path: readonly (string | number)[]) => ErrorPlace;

/** Completes and checks settings; CONFIG_INVALID names the key that is wrong. */
export function parseTrainSettings(input: unknown, locate?: LocateSetting): TrainSettings {
  const result = trainSettingsSchema.safeParse(input ?? {});
  if (!result.success) throw invalid(firstIssue(result.error.issues), locate);
  const settings = result.data;
  if (settings.environments % settings.shards !== 0) {
    const issue = { path: ['environments'], message: `must be a multiple of shards (${settings.shards})` };
    throw invalid(issue, locate);
  }
  checkReferences(settings, locate);
  checkMemory(settings, locate);
  return settings;
}

/** A pull towards a reference policy needs one: what the role starts from, or what its cold start left. */
function checkReferences(settings: TrainSettings, locate: LocateSetting | undefined): void {
  const { role, roles, startFrom, coldStart } = settings;
  const all = role.referenceWeight + role.referenceWeightEnd > 0;
  if (all && Object.keys({ ...startFrom, ...coldStart }).length === 0) {
    throw invalid({ path: ['role', 'referenceWeight'], message: 'needs a coldStart or startFrom' }, locate);
  }
  for (const [name, { referenceWeight = 0, referenceWeightEnd = 0 }] of Object.entries(roles)) {
    if (referenceWeight + referenceWeightEnd === 0 || beginsTrained(settings, name)) continue;
    const message = `needs a coldStart of ${name} or an agent that it starts from`;
    throw invalid({ path: ['roles', name, 'referenceWeight'], message }, locate);
  }
}

/** What a memory cannot be combined with. */
function checkMemory(settings: TrainSettings, locate: LocateSetting | undefined): void {
  const { network, rolloutSteps, coldStart } = settings;
  if (network.memoryUnits === 0) return;
  const refuse = (key: string, message: string) => invalid({ path: ['network', key], message }, locate);
  if (Object.keys(coldStart).length > 0) {
    throw refuse('memoryUnits', 'a cold start shows single decisions, from which no memory is learned; leave one out');
  }
  if (rolloutSteps % network.memorySteps !== 0) {
    throw refuse('memorySteps', `must divide rolloutSteps (${rolloutSteps}) into equal parts`);
  }
}

/** A mistyped key is told before what is missing because of it. */
function firstIssue(issues: readonly Issue[]): Issue | undefined {
  return issues.find(({ keys }) => keys !== undefined) ?? issues[0];
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of an issue about keys nobody knows. */
  readonly keys?: readonly string[];
  readonly hint?: string;
}

function invalid(issue: Issue | undefined, locate: LocateSetting | undefined): DeeplOpsError {
  const path = (issue?.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key));
  const [unknown] = issue?.keys ?? [];
  const place = locate === undefined ? {} : { place: locate(unknown === undefined ? path : [...path, unknown]) };
  const key = path.join('.');
  if (unknown === undefined) {
    const hint = issue?.hint === undefined ? {} : { hint: issue.hint };
    const message = `${key === '' ? 'the settings' : key}: ${issue?.message}`;
    return new DeeplOpsError('CONFIG_INVALID', message, { ...place, ...hint });
  }
  const hint = unknownSettingHint(settingsSchema(), path, unknown);
  return new DeeplOpsError('CONFIG_INVALID', `there is no setting ${[...path, unknown].join('.')}`, { ...place, hint });
}

function settingsSchema(): SettingsNode {
  return z.toJSONSchema(trainSettingsSchema, { io: 'input' }) as SettingsNode;
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
  describeInto(settingsSchema(), parseTrainSettings({}), '', lines);
  return lines;
}

/** Without a value, for what is inside records and lists, the schema's own defaults are told. */
function describeInto(node: SettingsNode, value: unknown, prefix: string, lines: SettingDescription[]): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const childValue = value === undefined ? child.default : (value as Record<string, unknown>)[name];
    // A record or list that is described as a whole is left as it is.
    const record =
      child.description === undefined && child.additionalProperties ? child.additionalProperties : undefined;
    const item = child.description === undefined ? child.items : undefined;
    if (child.properties !== undefined) describeInto(child, childValue, key, lines);
    else if (record?.properties !== undefined) describeInto(record, undefined, `${key}.<role>`, lines);
    else if (item?.properties !== undefined) describeInto(item, undefined, `${key}[]`, lines);
    else lines.push({ key, value: childValue, meaning: child.description ?? '' });
  }
}
