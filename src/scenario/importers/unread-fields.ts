/** Finds fields that stand in a file and that nobody reads, so that none of them is lost without a word. */
import { z } from 'zod';
import { nearestName } from '../../base/index.ts';
import { pathText } from '../scenario-error.ts';
import type { YamlPath } from '../yaml-source.ts';
import type { DocumentPart } from './checked-part.ts';

/** Fields of one part that are listed; in a file of nonsense, they would be most of it. */
const LISTED_MAX = 100;
const NAME_LENGTH_MAX = 80;

/** A field of the format that may be left out without a loss. */
export const harmless: z.ZodType<unknown, unknown> = z.unknown().optional();

/** A field of the format that has no counterpart here, for this reason. */
export function unread(reason: string): z.ZodType<unknown, unknown> {
  return z.unknown().optional().meta({ unread: reason });
}

/** Several fields of the same sort. */
export function fieldsLike<Name extends string>(
  schema: z.ZodType<unknown, unknown>,
  ...names: readonly Name[]
): Record<Name, z.ZodType<unknown, unknown>> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, z.ZodType<unknown, unknown>>;
}

/**
 * What a part holds beyond the fields of these schemas, in words with its place. Where a schema names no field at all,
 * anything may stand. Fields without a value count as left out.
 */
export function unreadFields(schemas: readonly z.ZodType[], part: DocumentPart): string[] {
  const found: UnreadField[] = [];
  collect(schemas, part.value, { path: [], found });
  return found.map((field) => fieldLine(part, field));
}

/** A field of a part with its place, and what is to be said about it. */
export function fieldLine(part: DocumentPart, { path, problem }: UnreadField): string {
  const { file, line } = part.source.locate([...part.path, ...path], 'key');
  return `\`${shortened(pathText(path))}\` (${file}:${line}) ${problem}`;
}

interface UnreadField {
  readonly path: YamlPath;
  readonly problem: string;
}

interface Search {
  readonly path: YamlPath;
  readonly found: UnreadField[];
}

function collect(schemas: readonly z.ZodType[], value: unknown, { path, found }: Search): void {
  if (typeof value !== 'object' || value === null) return;
  const known = schemas.flatMap(alternatives);
  if (Array.isArray(value)) {
    const elements = known.flatMap((each) => (each instanceof z.ZodArray ? [each.element as z.ZodType] : []));
    for (const [index, each] of value.entries()) collect(elements, each, { path: [...path, index], found });
    return;
  }
  const shapes = known.flatMap((each) => (each instanceof z.ZodObject ? [each.shape as Shape] : []));
  const values = known.flatMap((each) => (each instanceof z.ZodRecord ? [each.valueType as z.ZodType] : []));
  const names = shapes.flatMap((shape) => Object.keys(shape));
  if (names.length === 0 && values.length === 0) return;
  for (const [key, own] of Object.entries(value)) {
    if (found.length >= LISTED_MAX) return;
    if (isEmpty(own)) continue;
    const fields = shapes.flatMap((shape) => (Object.hasOwn(shape, key) ? (shape[key] ?? []) : []));
    const next = { path: [...path, key], found };
    if (fields.length === 0 && values.length === 0) found.push({ path: next.path, problem: unknownField(key, names) });
    else if (reasonOf(fields) === undefined) collect([...fields, ...values], own, next);
    // A switch that is off does nothing.
    else if (own !== false) found.push({ path: next.path, problem: reasonOf(fields) ?? '' });
  }
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** What a schema is behind "or nothing", "or something else" and "then made into". */
function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return alternatives(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return alternatives(schema.in as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(alternatives);
  return [schema];
}

function reasonOf(fields: readonly z.ZodType[]): string | undefined {
  const reason = fields.map((field) => field.meta()?.unread).find((each) => typeof each === 'string');
  return reason === undefined ? undefined : `has no counterpart: ${String(reason)}`;
}

function unknownField(key: string, names: readonly string[]): string {
  const nearest = nearestName(key, names);
  return `is not known here${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`;
}

/** Manifests write empty fields as nothing at all; that is the same as leaving them out. */
export function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

function shortened(text: string): string {
  return text.length > NAME_LENGTH_MAX ? `${text.slice(0, NAME_LENGTH_MAX - 3)}...` : text;
}
