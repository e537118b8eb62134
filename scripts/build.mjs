/** Builds dist/ when sources changed: WebAssembly kernels first, then TypeScript. `npm run build` runs it by hand. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache');
const sources = [
  'assembly',
  'src',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/build-kernels.mjs',
];
const generated = join('src', 'neural', 'kernels-wasm.ts');

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = build() ? 0 : 1;

/** Makes dist/ match the sources; true if it does, false if the build failed (its messages are printed). */
export function build() {
  const release = takeLock();
  try {
    const hash = hashSources();
    if (builtHash() === hash) return true;
    console.error('Building ...');
    return buildKernels() && compile(hash);
  } finally {
    release();
  }
}

/** One hash over names and contents of all sources. It is also the code version that `deepl-ops version` shows. */
function hashSources() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesUnder)) {
    hash
      .update(`${file.replaceAll('\\', '/')}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}

function filesUnder(path) {
  if (!existsSync(join(root, path)) || path === generated) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => (name === 'node_modules' ? [] : filesUnder(join(path, name))));
}

function builtHash() {
  const file = join(root, 'dist', 'build.json');
  const kernelsThere = existsSync(join(root, generated)) || !existsSync(join(root, 'scripts', 'build-kernels.mjs'));
  return existsSync(file) && kernelsThere ? JSON.parse(readFileSync(file, 'utf8')).sources : undefined;
}

function buildKernels() {
  const script = join(root, 'scripts', 'build-kernels.mjs');
  return !existsSync(script) || run([script]);
}

/** Compiles beside dist/ and swaps, so that a failed build leaves the old one and a removed source leaves no file. */
function compile(hash) {
  const fresh = join(cache, 'dist');
  rmSync(fresh, { recursive: true, force: true });
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!run([compiler, '-p', 'tsconfig.build.json', '--outDir', fresh])) return false;
  writeFileSync(join(fresh, 'build.json'), `${JSON.stringify({ sources: hash })}\n`);
  const old = join(cache, 'dist-old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  renameSync(fresh, join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
  return true;
}

/** Runs a Node.js script; what it prints goes to stderr, as stdout belongs to the program that is built for. */
function run(args) {
  return (
    spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] }).status === 0
  );
}

/** Several test processes may want a build at once: the first makes it, the others wait and find it done. */
function takeLock() {
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, 'build.lock');
  for (let waits = 0; waits < 1200; waits++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!holderLives(lock)) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  throw new Error(`another build has held ${lock} for two minutes; remove it if none is running`);
}

function holderLives(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
