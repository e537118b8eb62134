/** Variants: a document that `extends` others is laid over them, and every part still knows the file it came from. */
import { DeeplOpsError } from '../base/index.ts';
import { invalidField } from './scenario-error.ts';
import { parseYaml, type YamlPath, type YamlSource } from './yaml-source.ts';

/** A file that another one extends. */
export interface BaseFile {
  /** As messages name it. */
  readonly file: string;
  /** The same for one file however it is referred to. */
  readonly identity: string;
  readonly text: string;
}

/** Reads what a reference in a file means; throws FILE_NOT_FOUND or FILE_UNREADABLE. */
export type ReadBase = (reference: string, from: string) => BaseFile;

/** How to follow references. */
export interface ExtendOptions {
  readonly file: string;
  /** Left out, nothing can be extended. */
  readonly readBase?: ReadBase;
}

/** Files may extend one another this deep, and one file this many. */
const DEPTH_MAX = 8;
const BASES_MAX = 8;

/**
 * The document with those it extends below it: maps are put together key by key, lists and plain values replace what is
 * below them, and null takes away what is below. Later bases lie over earlier ones.
 */
export function extendedSource(source: YamlSource, options: ExtendOptions, above: readonly string[] = []): YamlSource {
  const references = referencesOf(source);
  if (references === undefined) return source;
  const bases = references.map(({ reference, path }) => {
    const refuse = (problem: string) => invalidField(path, problem, source.locate(path));
    const base = readAt(source, path, () => {
      if (options.readBase === undefined) throw refuse('only a scenario in a file can extend another one');
      return options.readBase(reference, options.file);
    });
    if (above.includes(base.identity)) throw refuse(`the files extend each other in a circle: ${base.file}`);
    if (above.length >= DEPTH_MAX) throw refuse(`more than ${DEPTH_MAX} files extend one another`);
    const next = { ...options, file: base.file };
    return extendedSource(parseYaml(base.text, { file: base.file }), next, [...above, base.identity]);
  });
  const own: YamlSource = { ...source, value: withoutExtends(source.value) };
  return layeredSource([own, ...bases.reverse()]);
}

interface Reference {
  readonly reference: string;
  readonly path: YamlPath;
}

/** Undefined = the document extends nothing. */
function referencesOf({ value, locate }: YamlSource): Reference[] | undefined {
  if (!isMap(value) || !Object.hasOwn(value, 'extends')) return undefined;
  const written = value.extends;
  const list: readonly unknown[] = Array.isArray(written) ? written : [written];
  const isList = Array.isArray(written);
  if (list.length === 0 || list.length > BASES_MAX) {
    throw invalidField(['extends'], `write 1 to ${BASES_MAX} scenario files`, locate(['extends']));
  }
  return list.map((reference, index) => {
    const path = isList ? ['extends', index] : ['extends'];
    if (typeof reference === 'string' && reference !== '') return { reference, path };
    throw invalidField(path, 'write the path of a scenario file, or the name of a shipped scenario', locate(path));
  });
}

/** A file that is not there is a mistake of the file that names it. */
function readAt(source: YamlSource, path: YamlPath, read: () => BaseFile): BaseFile {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DeeplOpsError) || error.code !== 'FILE_NOT_FOUND') throw error;
    const message = `extends: there is no file ${error.place?.file ?? ''}`;
    throw new DeeplOpsError(error.code, message, { place: source.locate(path), hint: error.hint, cause: error });
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutExtends(value: unknown): unknown {
  return isMap(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'extends')) : value;
}

/** Sources over each other, the uppermost first. */
function layeredSource(layers: readonly YamlSource[]): YamlSource {
  const value = layers.map((layer) => layer.value).reduceRight((below, above) => laidOver(below, above));
  return { value, locate: (path, at) => (layers[ownerOf(layers, path)] ?? layers[0])?.locate(path, at) ?? {} };
}

function laidOver(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    // Null where there is nothing to take away stays, and is complained about.
    if (value === null && result.has(key)) result.delete(key);
    else result.set(key, laidOver(result.get(key), value));
  }
  return Object.fromEntries(result);
}

/** The layer that states what stands at a path; of a path that leads nowhere, the one that states most of it. */
function ownerOf(layers: readonly YamlSource[], path: YamlPath): number {
  let candidates = layers.map(({ value }, index) => ({ value, index }));
  for (const step of path) {
    const next: typeof candidates = [];
    for (const { value, index } of candidates) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) continue;
      const part: unknown = Reflect.get(value, step);
      next.push({ value: part, index });
      // What is no map hides everything below it.
      if (!isMap(part)) break;
    }
    if (next.length === 0) break;
    candidates = next;
  }
  return candidates[0]?.index ?? 0;
}
