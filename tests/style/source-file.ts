/** A source file as the style tests see it: its imports, and its code without comments and strings. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** Relative to `src/`, with forward slashes: `cluster/effects.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  readonly code: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every TypeScript file of `src/`, in order of path. */
export function readSources(): SourceFile[] {
  const paths = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  return paths
    .filter((path) => path.endsWith('.ts') && path !== 'neural/kernels-wasm.ts')
    .sort()
    .map((path) => sourceFile(path, readFileSync(`${root}src/${path}`, 'utf8')));
}

/** A page of `docs/`. */
export function readPage(name: string): string {
  return readFileSync(`${root}docs/${name}`, 'utf8');
}

export function sourceFile(path: string, text: string): SourceFile {
  const withStrings = text.replace(tokens, (token) => (token.startsWith('/') ? ' ' : token));
  const imports = [...withStrings.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(
    ([, name = '']) => name,
  );
  return { path, text, imports, code: text.replace(tokens, expressionsOf) };
}

/** Comments, strings, templates and regular expressions (a slash where a value may begin). */
const tokens = new RegExp(
  [
    /\/\*[\s\S]*?\*\//,
    /\/\/[^\n]*/,
    /'(?:\\.|[^'\\\n])*'/,
    /"(?:\\.|[^"\\\n])*"/,
    /`(?:\\[\s\S]|[^`\\])*`/,
    /(?<=(?:[=(,:!&|?;{}[]|=>|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Of a template its expressions are code; of the other tokens nothing is. */
function expressionsOf(token: string): string {
  if (!token.startsWith('`')) return ' ';
  return [...token.matchAll(/\$\{([^}]*)\}/g)].map(([, expression]) => `(${expression})`).join(' ');
}
