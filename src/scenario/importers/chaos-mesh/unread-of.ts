/** What of an experiment is not read: fields without a counterpart, of another action, or that Chaos Mesh does not have. */
import type { z } from 'zod';
import type { DocumentPart } from '../checked-part.ts';
import { fieldLine, isEmpty, unread, unreadFields } from '../unread-fields.ts';
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
function idleFields({ actionFields = {} }: ChaosKind, part: DocumentPart): string[] {
  const isMap = typeof part.value === 'object' && part.value !== null;
  const given = new Map<string, unknown>(isMap ? Object.entries(part.value ?? {}) : []);
  const action = String(given.get('action'));
  return Object.entries(actionFields).flatMap(([field, actions]) => {
    const value = given.get(field);
    // An object that comes from a cluster has zeros in such fields.
    if (isEmpty(value) || value === 0 || actions.includes(action)) return [];
    const owners = actions.join(', ').replace(/, ([^,]*)$/, ' and $1');
    return [fieldLine(part, { path: [field], problem: `is of ${owners}, and does nothing beside ${action}` })];
  });
}
