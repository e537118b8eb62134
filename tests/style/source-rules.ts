/** The rules of `docs/architecture.md` as functions from a source file to its breaches. */
import { posix } from 'node:path';
import type { SourceFile } from './source-file.ts';

/** For each folder of `src/` the folders it may import; ground floor first. */
export type Layers = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the table headed "folder | holds | may import". */
export function parseLayers(page: string): Layers {
  const [, table = ''] = page.split(/^\| *folder *\| *holds *\| *may import *\|\n\|[-| ]+\|\n/m);
  const rows = table.split('\n').slice(
    0,
    table.split('\n').findIndex((line) => !line.startsWith('|')),
  );
  const layers = new Map<string, ReadonlySet<string>>();
  for (const row of rows) {
    const [, names = '', , allowed = ''] = row.split('|').map((cell) => cell.trim());
    const above = [...layers.keys()];
    const folders = [...names.matchAll(/`([\w-]+)\/`/g)].map(([, name = '']) => name);
    for (const folder of folders) layers.set(folder, new Set(parseAllowed(allowed, above)));
  }
  return layers;
}

function parseAllowed(cell: string, above: readonly string[]): readonly string[] {
  if (cell === '-') return [];
  if (cell === 'all' || cell === 'all above') return above;
  return cell.split(', ').flatMap((part) => {
    const [first = '', last = first] = part.split(' .. ');
    const [from, to] = [above.indexOf(first), above.indexOf(last)];
    if (from < 0 || to < from) throw new Error(`"${part}" in the layer table names no row above`);
    return above.slice(from, to + 1);
  });
}

/** Imports of folders that the layer table does not allow, or past their `index.ts`. */
export function layerBreaches({ path, imports }: SourceFile, layers: Layers): string[] {
  const own = folderOf(path);
  const allowed = layers.get(own);
  if (!allowed) return [`${path}: the layer table has no folder ${own}/`];
  const targets = imports.filter((name) => name.startsWith('.')).map((name) => posix.join(posix.dirname(path), name));
  return targets.flatMap((target) => {
    const folder = folderOf(target);
    if (folder === own) return [];
    if (!allowed.has(folder)) return [`${path}: ${own}/ may not import ${folder}/`];
    return target === `${folder}/index.ts` ? [] : [`${path}: import ${folder}/index.ts, not ${target}`];
  });
}

/** Imports of Node's own modules where disk, console and threads have no business. */
export function nodeBreaches({ path, imports, code }: SourceFile): string[] {
  if (folderOf(path) === 'cli' || path.endsWith('-file.ts')) return [];
  const threads = /-(worker|pool)\.ts$/.test(path);
  const modules = imports.filter((name) => name.startsWith('node:') && !(threads && name === 'node:worker_threads'));
  const globals = [...code.matchAll(/(?<![.\w])(process|console|require)\s*[.([]/g)].map(([, name = '']) => name);
  return [...modules, ...globals].map((name) => `${path}: ${name} is for cli/ and -file.ts files`);
}

/** Where a program that uses this one as a library comes in: the present is as given for it as a file is. */
const clockDoors = new Set(['decide/order-model-file.ts']);

/** Wall clocks, timers and unseeded randomness below `cli/`. */
export function clockBreaches({ path, code }: SourceFile): string[] {
  if (folderOf(path) === 'cli' || clockDoors.has(path)) return [];
  const banned =
    /\bMath\s*\.\s*random\b|(?<!\.)\b(?:Date|performance|setTimeout|setInterval)\s*[.(]|\bcrypto\s*\.\s*(?:random|getRandom)\w*/g;
  return matches(code, banned).map((found) => `${path}: ${found} makes a run depend on more than its seed`);
}

/** The members of Math that IEEE 754 or plain arithmetic fixes to the last bit. */
const exactMath = new Set(
  (
    'abs ceil clz32 floor fround imul max min round sign sqrt trunc ' + 'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'
  ).split(' '),
);

/** Functions whose result may differ between engines or locales, from `base/` to `environment/`. */
export function exactnessBreaches({ path, code }: SourceFile, layers: Layers): string[] {
  const folders = [...layers.keys()];
  if (folders.indexOf(folderOf(path)) > folders.indexOf('environment')) return [];
  const members = [...code.matchAll(/\bMath\b(?:\s*\.\s*(\w+))?/g)];
  const inexact = members.filter(([, name]) => name === undefined || !exactMath.has(name)).map(([found]) => found);
  const others = matches(code, /\*\*|\bIntl\b|\b(?:localeCompare|toLocale\w+)\b/g);
  return [...inexact, ...others].map((found) => `${path}: ${found} is not the same on every engine; see base/`);
}

/** Files without an opening sentence, and index files that hide what they export. */
export function shapeBreaches({ path, text, code }: SourceFile): string[] {
  const breaches: string[] = [];
  if (!/^(#!.*\n)?\/[/*]/.test(text)) breaches.push(`${path}: open with a comment that says what this file is`);
  if (/\bexport\s*\*/.test(code)) breaches.push(`${path}: list the exported names instead of export *`);
  if (/\bexport\s+default\b/.test(code)) breaches.push(`${path}: no default export`);
  return breaches;
}

function matches(code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([found]) => found.trim());
}

function folderOf(path: string): string {
  return path.split('/', 1).join('');
}
