/** Reads files into Chaos Mesh objects, each with its place; other objects are left aside. */
import type { z } from 'zod';
import { DeeplOpsError } from '../../../base/index.ts';
import { parseYamlStream } from '../../yaml-source.ts';
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import type { ManifestFile } from '../system-format.ts';
import { fieldsLike, harmless } from '../unread-fields.ts';
import { duration, fields, labels, maybe, text } from './chaos-schema.ts';

/** An experiment, a schedule or a workflow. */
export interface ChaosObject {
  readonly kind: string;
  readonly name: string;
  readonly isPaused: boolean;
  /** Its `spec`. */
  readonly spec: DocumentPart;
  /** Where it begins. */
  readonly part: DocumentPart;
  /** When it is applied, counted from the first. */
  readonly startSeconds: number;
  /** For messages: `NetworkChaos web-delay (chaos.yaml:3)`. */
  readonly subject: string;
}

/** What the files hold. */
export interface ChaosObjects {
  readonly objects: readonly ChaosObject[];
  /** Objects that are no experiments. */
  readonly others: readonly string[];
}

const OBJECTS_MAX = 10_000;
const GROUP = 'chaos-mesh.org/';
const PAUSE = 'experiment.chaos-mesh.org/pause';
/** Says when an object is to be applied, since Chaos Mesh has no field for that. */
export const START_ANNOTATION = 'deepl-ops/start';

const header = fields({
  apiVersion: maybe(text),
  kind: text,
  metadata: maybe(fields({ name: maybe(text), generateName: maybe(text), annotations: maybe(labels) })),
});

const start = fields({
  metadata: maybe(fields({ annotations: maybe(fields({ [START_ANNOTATION]: maybe(duration) })) })),
});

/** Fields of an object; those of its parts are looked at by themselves. */
export const objectFields: z.ZodType<unknown, unknown> = fields(
  fieldsLike(harmless, 'apiVersion', 'kind', 'metadata', 'spec', 'status'),
);

/** Throws YAML_SYNTAX, MANIFEST_INVALID or MANIFEST_EMPTY. */
export function readExperiments(files: readonly ManifestFile[]): ChaosObjects {
  const objects: ChaosObject[] = [];
  const others: string[] = [];
  for (const { name, text: content } of files) {
    for (const source of parseYamlStream(content, { file: name })) {
      if (source.value === null || source.value === undefined) continue;
      for (const part of itemsOf({ value: source.value, path: [], source })) {
        const object = objectOf(part);
        if (typeof object === 'string') others.push(object);
        else objects.push(object);
        if (objects.length + others.length <= OBJECTS_MAX) continue;
        throw invalidPart(part, [], { subject: '', problem: `there are more than ${OBJECTS_MAX} objects` });
      }
    }
  }
  if (objects.length > 0) return { objects, others };
  throw new DeeplOpsError('MANIFEST_EMPTY', 'there is no Chaos Mesh experiment in these files', {
    place: { ...(files[0] && { file: files[0].name }) },
    hint: 'An experiment has an `apiVersion` of chaos-mesh.org.',
  });
}

/** The items of a list of objects, or the object itself. */
function itemsOf(part: DocumentPart): DocumentPart[] {
  const { value, path, source } = part;
  const items: unknown = typeof value === 'object' && value !== null && 'items' in value ? value.items : undefined;
  if (!Array.isArray(items)) return [part];
  return items.map((item: unknown, index) => ({ value: item, path: [...path, 'items', index], source }));
}

/** Text = an object of something else, in words. */
function objectOf(part: DocumentPart): ChaosObject | string {
  const { apiVersion, kind, metadata } = checkedPart(header, part, 'an object');
  const name = metadata?.name ?? metadata?.generateName ?? '';
  const { file, line } = part.source.locate(part.path);
  const subject = `${kind} ${name} (${file}:${line})`.slice(0, 200);
  if (apiVersion && !apiVersion.startsWith(GROUP)) return `${subject}: no experiment of Chaos Mesh`;
  const isPaused = metadata?.annotations?.[PAUSE] === 'true';
  return { kind, name, isPaused, part, spec: specOf(part), startSeconds: startOf(part, subject), subject };
}

function startOf(part: DocumentPart, subject: string): number {
  const { metadata } = checkedPart(start, part, subject);
  return metadata?.annotations?.[START_ANNOTATION] ?? 0;
}

function specOf(part: DocumentPart): DocumentPart {
  const { value, path, source } = part;
  const spec: unknown = typeof value === 'object' && value !== null && 'spec' in value ? value.spec : undefined;
  return { value: spec ?? {}, path: [...path, 'spec'], source };
}
