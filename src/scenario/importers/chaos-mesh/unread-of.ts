/** What of an experiment is not read: fields without a counterpart, of another action, or that Chaos Mesh does not have. */
import type { z } from 'zod';
import type { DocumentPart } from '../checked-part.ts';
import { unread, unreadFields } from '../unread-fields.ts';
import type { ChaosKind } from './chaos-kind.ts';
import { duration, fields, maybe } from './chaos-schema.ts';

/** Fields of every kind. */
export const commonFields: z.ZodType<{ duration?: number | null | undefined }, unknown> = fields({
  duration: maybe(duration),
  remoteCluster: unread('a scenario is one cluster'),
});

/** In words, each with its place. */
export function unreadOf(kind: ChaosKind, spec: DocumentPart): string[] {
  return [...unreadFields([kind.schema, commonFields], spec), ...idleFields(kind, spec)];
}

/** Fields that belong to another action than the one that is asked for. */
function idleFields({ actionFields = {} }: ChaosKind, { value, path, source }: DocumentPart): string[] {
  const given = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const action = String(given.get('action'));
  return Object.entries(actionFields).flatMap(([field, actions]) => {
    const isIdle = (given.get(field) ?? null) !== null && !actions.includes(action);
    if (!isIdle) return [];
    const { file, line } = source.locate([...path, field], 'key');
    return [`\`${field}\` (${file}:${line}) is of ${actions.join(' and ')}, and does nothing beside ${action}`];
  });
}
