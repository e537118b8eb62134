/** YAML text read with positions and bounds, so that every later complaint can name line and column. */
import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import { DeeplOpsError, type ErrorPlace } from '../base/index.ts';
import { offsetOf, plainValue, YAML_BOUNDS, YamlValueError } from './yaml-values.ts';

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

/** Most documents in one text, and most words and marks: what they become takes far more room than the text. */
const DOCUMENTS_MAX = 10_000;
const TOKENS_MAX = 1_000_000;

/** Parses one YAML 1.2 document (merge keys allowed). Throws YAML_SYNTAX with line and column. */
export function parseYaml(text: string, options: { file: string }): YamlSource {
  const [first, second] = sourcesOf(text, { ...options, documentsMax: 2 });
  if (second !== undefined) {
    const message = 'there is more than one document in this file (`---`)';
    throw new DeeplOpsError('YAML_SYNTAX', message, { place: second.locate([]), hint: 'Give one file for each.' });
  }
  return first ?? { value: null, locate: () => ({ file: options.file, line: 1, column: 1 }) };
}

/** Parses all documents of a stream, the empty ones included. Throws YAML_SYNTAX with line and column. */
export function parseYamlStream(text: string, options: { file: string }): YamlSource[] {
  return sourcesOf(text, { ...options, documentsMax: DOCUMENTS_MAX + 1 });
}

/** Keys are compared by us, in one pass: the library compares each with each. */
const PARSE_OPTIONS = { merge: true, prettyErrors: false, uniqueKeys: false, version: '1.2' } as const;

interface ReadOptions {
  readonly file: string;
  readonly documentsMax: number;
}

/** Documents as they come, no more of them than are wanted. */
function sourcesOf(text: string, { file, documentsMax }: ReadOptions): YamlSource[] {
  checkText(text, file);
  const lines = new LineCounter();
  const sources: YamlSource[] = [];
  const composer = firstMistakeComposer(lines, file);
  guarded(text, file, () => {
    for (const document of composer.compose(tokensOf(text, lines, file), true, text.length)) {
      sources.push(sourceOf(document, lines, file));
      if (sources.length === documentsMax) break;
    }
  });
  const last = sources[DOCUMENTS_MAX];
  if (last === undefined) return sources;
  throw new DeeplOpsError('YAML_SYNTAX', `there are more than ${DOCUMENTS_MAX} documents`, { place: last.locate([]) });
}

/**
 * The library goes on after a mistake and collects all of them, each with a stack trace, which takes minutes where a file
 * is nothing but mistakes. The first one is enough; without this, only slower.
 */
function firstMistakeComposer(lines: LineCounter, file: string): Composer {
  const composer = new Composer({ ...PARSE_OPTIONS, lineCounter: lines });
  let first: DeeplOpsError | undefined;
  Reflect.set(composer, 'onError', (source: unknown, _code: unknown, message: string) => {
    // On its way up, the library reports what was thrown once more at every level.
    first ??= mistake(message, mistakeOffset(source), { lines, file });
    throw first;
  });
  return composer;
}

/** Where a mistake is: an offset, a range, or a token. */
function mistakeOffset(source: unknown): number {
  if (typeof source === 'number') return source;
  if (Array.isArray(source)) return Number(source[0]);
  const offset: unknown = typeof source === 'object' && source !== null ? Reflect.get(source, 'offset') : undefined;
  return typeof offset === 'number' ? offset : 0;
}

function mistake(message: string, offset: number, at: { readonly lines: LineCounter; readonly file: string }) {
  const text = isTooDeep(message) ? TOO_DEEP : shortened(message);
  return new DeeplOpsError('YAML_SYNTAX', text, { place: placeAt(offset, at.lines, at.file) });
}

/** The library's mark before the text of a scalar. */
const SCALAR_FOLLOWS = '\u001F';

/** What the library's own parser does with a text, except that it counts. */
function* tokensOf(text: string, lines: LineCounter, file: string): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const refuse = (message: string, hint?: string) => {
    const place = placeAt(parser.offset, lines, file);
    return new DeeplOpsError('YAML_SYNTAX', message, { place, ...(hint === undefined ? {} : { hint }) });
  };
  let count = 0;
  let brackets = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > TOKENS_MAX) throw refuse(`the text holds more than ${TOKENS_MAX} words and marks`, 'Split it.');
    if (before !== SCALAR_FOLLOWS) {
      if (lexeme === '[' || lexeme === '{') brackets += 1;
      if (lexeme === ']' || lexeme === '}') brackets -= 1;
    }
    if (brackets > YAML_BOUNDS.depthMax) throw refuse(TOO_DEEP);
    before = lexeme;
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

/** Control characters that YAML forbids; the library lets some pass. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/;

function checkText(text: string, file: string): void {
  if (text.length > YAML_LENGTH_MAX) {
    throw new DeeplOpsError('YAML_SYNTAX', `the text is longer than ${YAML_LENGTH_MAX / 1024 / 1024} MiB`, {
      place: placeInText(text, YAML_LENGTH_MAX, file),
      hint: 'Split it, or leave out what is not needed.',
    });
  }
  const at = FORBIDDEN.exec(text)?.index;
  if (at === undefined) return;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  throw new DeeplOpsError('YAML_SYNTAX', `there is a character that YAML forbids (U+${code})`, {
    place: placeInText(text, at, file),
    hint: 'The file is damaged, or not text.',
  });
}

function sourceOf(document: Document, lines: LineCounter, file: string): YamlSource {
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const place = placeAt(problem.pos[0], lines, file);
    throw new DeeplOpsError('YAML_SYNTAX', isTooDeep(problem.message) ? TOO_DEEP : shortened(problem.message), {
      place,
    });
  }
  const value = dataOf(document, lines, file);
  return { value, locate: (path, at = 'value') => placeAt(offsetAt(document, path, at), lines, file) };
}

function dataOf({ contents }: Document, lines: LineCounter, file: string): unknown {
  try {
    return plainValue(contents);
  } catch (error) {
    if (!(error instanceof YamlValueError)) throw error;
    throw new DeeplOpsError('YAML_SYNTAX', error.message, { place: placeAt(error.offset, lines, file) });
  }
}

const TOO_DEEP = `the text is nested more than ${YAML_BOUNDS.depthMax} levels deep`;

/** The library reports that it ran out of stack like any mistake of the text. */
function isTooDeep(message: string): boolean {
  return /call stack/i.test(message);
}

/** The parser recurses: what is too deep for it is the text's fault, not ours. */
function guarded(text: string, file: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DeeplOpsError('YAML_SYNTAX', TOO_DEEP, { place: placeInText(text, deepAt(text), file), cause });
  }
}

/** Roughly where it becomes too deep: by brackets, else by indentation. */
function deepAt(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth += 1;
    if (letter === ']' || letter === '}') depth -= 1;
    if (depth > YAML_BOUNDS.depthMax) return at;
  }
  const indented = new RegExp(`^(?:[ -]{${YAML_BOUNDS.depthMax}})`, 'm').exec(text);
  return indented?.index ?? 0;
}

/** Messages of the library may repeat the text. */
function shortened(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}

function placeAt(offset: number, lines: LineCounter, file: string): ErrorPlace {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function placeInText(text: string, offset: number, file: string): ErrorPlace {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Offset of the deepest part of the path that the text holds. */
function offsetAt(document: Document, path: YamlPath, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? document.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const found = childOf(node, step);
    if (found === undefined) return offset;
    const wantsKey = at === 'key' && depth === path.length - 1;
    offset = (wantsKey ? undefined : offsetOf(found.value)) ?? offsetOf(found.key) ?? offset;
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
