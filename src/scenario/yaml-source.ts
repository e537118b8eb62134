/** YAML text read with positions and bounds, so that every later complaint can name line and column. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  visit,
} from 'yaml';
import { DeeplOpsError, type ErrorPlace } from '../base/index.ts';

/** Where in a document something stands: keys and indices from the root. */
export type YamlPath = readonly (string | number)[];

/** A parsed document: plain data, and the place of each part of it. */
export interface YamlSource {
  readonly value: unknown;
  /** Place of the value at this path; of its key when `at` is `key`; of the nearest enclosing part when absent. */
  locate(path: YamlPath, at?: 'key' | 'value'): ErrorPlace;
}

/** Longest text accepted, in UTF-16 units: far beyond a hand-written file, far below what would exhaust memory. */
const YAML_LENGTH_MAX: number = 4 * 1024 * 1024;

/** Aliases in one document may expand to this many nodes' worth; more is an attack. */
const YAML_ALIAS_MAX = 1000;

/** Parses one YAML 1.2 document (merge keys allowed). Throws YAML_SYNTAX with line and column. */
export function parseYaml(text: string, options: { file: string }): YamlSource {
  checkLength(text, options.file);
  const lineCounter = new LineCounter();
  const document = guarded(options.file, () => parseDocument(text, { ...PARSE_OPTIONS, lineCounter }));
  return sourceOf(document, lineCounter, options.file);
}

/** Parses all documents of a stream, the empty ones included. Throws YAML_SYNTAX with line and column. */
export function parseYamlStream(text: string, options: { file: string }): YamlSource[] {
  checkLength(text, options.file);
  const lineCounter = new LineCounter();
  const documents = guarded(options.file, () => parseAllDocuments(text, { ...PARSE_OPTIONS, lineCounter }));
  return documents.map((document) => sourceOf(document, lineCounter, options.file));
}

const PARSE_OPTIONS = { merge: true, prettyErrors: false, uniqueKeys: true, version: '1.2' } as const;

function checkLength(text: string, file: string): void {
  if (text.length <= YAML_LENGTH_MAX) return;
  throw new DeeplOpsError('YAML_SYNTAX', `the text is longer than ${YAML_LENGTH_MAX / 1024 / 1024} MiB`, {
    place: { file },
    hint: 'Split it, or leave out what is not needed.',
  });
}

function sourceOf(document: Document.Parsed, lines: LineCounter, file: string): YamlSource {
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    throw new DeeplOpsError('YAML_SYNTAX', problem.message, { place: placeAt(problem.pos[0], lines, file) });
  }
  const special = specialKey(document);
  if (special !== undefined) {
    const place = placeAt(special, lines, file);
    throw new DeeplOpsError('YAML_SYNTAX', `${SPECIAL_KEY} cannot be a key`, { place, hint: 'Choose another name.' });
  }
  const value: unknown = guarded(file, () => document.toJS({ maxAliasCount: YAML_ALIAS_MAX }));
  return { value, locate: (path, at = 'value') => placeAt(offsetOf(document, path, at), lines, file) };
}

/** In JavaScript objects this key is no ordinary one, and checks would overlook it. */
const SPECIAL_KEY = '__proto__';

function specialKey(document: Document.Parsed): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair: (_key, pair) => {
      if (!isScalar(pair.key) || pair.key.value !== SPECIAL_KEY) return undefined;
      offset = startOf(pair.key) ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** The parser recurses, and reports alias trouble by throwing: both are the text's fault, not ours. */
function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = cause instanceof RangeError ? 'the text is nested too deeply' : aliasProblem(cause);
    if (message === null) throw cause;
    throw new DeeplOpsError('YAML_SYNTAX', message, { place: { file }, cause });
  }
}

function aliasProblem(cause: unknown): string | null {
  if (!(cause instanceof ReferenceError || cause instanceof TypeError || isMergeError(cause))) return null;
  return `an alias (*name) or merge key (<<) cannot be resolved: ${cause.message}`;
}

function isMergeError(cause: unknown): cause is Error {
  return cause instanceof Error && cause.message.startsWith('Merge sources');
}

function placeAt(offset: number, lines: LineCounter, file: string): ErrorPlace {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** Offset of the deepest part of the path that the text holds. */
function offsetOf(document: Document.Parsed, path: YamlPath, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const found = childOf(node, step);
    if (found === undefined) return offset;
    const wantsKey = at === 'key' && depth === path.length - 1;
    offset = (wantsKey ? undefined : startOf(found.value)) ?? startOf(found.key) ?? offset;
    node = found.value;
  }
  return offset;
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step));
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? node.range[0] : undefined;
}
