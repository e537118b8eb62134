/**
 * `npm run planted-bugs -- [--all] [--write-docs] [NAME...]`: plants known bugs of PPO implementations one by one in a
 * copy of the sources and shows which test catches each; exit code 1 if one stays unseen. `--all` runs the long learning
 * tests too where the short ones see nothing; `--write-docs` puts the table into docs/learning.md.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bugs } from './planted-bugs/index.mjs';
import { giveUp, root, setUp } from './setup.mjs';

/** What the bugs are in; the order of files is that in which they are tried after the one that should see the bug. */
const shortTests = ['tests/neural', 'tests/learn'];
const learningTests = [
  'tests/learning/cart-pole.test.ts',
  'tests/learning/identity.test.ts',
  'tests/learning/acrobot.test.ts',
];
const copied = [
  'src',
  'assembly',
  'tests',
  'scripts',
  'scenarios',
  'agents',
  'docs',
  'package.json',
  'package-lock.json',
];
const configs = ['tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts', 'vitest.learning.config.ts'];
const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.find((name) => !bugs.some((bug) => bug.name === name));
if (unknown !== undefined) giveUp(`No bug ${unknown}; there are ${bugs.map(({ name }) => name).join(', ')}.`);
const chosen = bugs.filter(({ name }) => names.length === 0 || names.includes(name));
const writesDocs = words.includes('--write-docs');
if (writesDocs && names.length > 0) giveUp('--write-docs needs all bugs: name none.');
if (!setUp()) giveUp('The build failed; its messages are above.');

const copy = mkdtempSync(join(tmpdir(), 'planted-'));
const results = [];
try {
  for (const name of [...copied, ...configs]) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const seers = [...new Set(chosen.map(({ seenBy }) => seenBy))];
  const failing = firstFailure(seers, 'vitest.config.ts');
  if (failing !== undefined) giveUp(`Without any bug a test fails already: ${failing}`);
  for (const bug of chosen) {
    const caughtBy = tryOut(bug);
    results.push({ ...bug, caughtBy });
    console.log(`${caughtBy === undefined ? 'UNSEEN' : 'caught'}  ${bug.name}: ${bug.meaning}`);
    if (caughtBy !== undefined) console.log(`          ${caughtBy}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const unseen = results.filter(({ caughtBy }) => caughtBy === undefined);
console.log(`\n${table()}\n`);
console.log(
  unseen.length === 0 ? `All ${results.length} caught.` : `${unseen.length} of ${results.length} not caught.`,
);
if (writesDocs) writeDocs();
process.exitCode = unseen.length === 0 ? 0 : 1;

/** Plants a bug, takes it out again, and returns the first test that failed in between. */
function tryOut({ name, file, find, plant, seenBy }) {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(find).length !== 2) giveUp(`${name}: the place to plant it in ${file} is not there exactly once.`);
  writeFileSync(
    path,
    sound.replace(find, () => plant),
  );
  rebuildKernels(file);
  const caughtBy =
    firstFailure([seenBy], 'vitest.config.ts') ??
    firstFailure(shortTests, 'vitest.config.ts') ??
    (words.includes('--all') ? firstFailure(learningTests, 'vitest.learning.config.ts') : undefined);
  writeFileSync(path, sound);
  rebuildKernels(file);
  return caughtBy;
}

/** Tests read the kernels as compiled and embedded. */
function rebuildKernels(file) {
  if (!file.startsWith('assembly/')) return;
  const { status, stderr } = spawnSync(process.execPath, [join(copy, 'scripts', 'build-kernels.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) giveUp(`The kernels do not compile:\n${stderr}`);
}

/** The file and the name of the first test that fails in the copy; the run ends with it. */
function firstFailure(files, config) {
  const output = join(copy, 'results.json');
  rmSync(output, { force: true });
  const args = ['run', '--config', config, '--bail=1', '--reporter=json', `--outputFile=${output}`, ...files];
  const { stderr } = spawnSync(process.execPath, [runner, ...args], { cwd: copy, encoding: 'utf8' });
  if (!existsSync(output)) giveUp(`The tests did not run:\n${stderr}`);
  for (const { name, status, assertionResults } of JSON.parse(readFileSync(output, 'utf8')).testResults) {
    const file = relative(join(copy, 'tests'), name);
    const failed = assertionResults.find((each) => each.status === 'failed');
    if (failed !== undefined) return `${file}: ${failed.fullName}`;
    if (status === 'failed' && assertionResults.length === 0) giveUp(`${file} does not load.`);
  }
  return undefined;
}

function table() {
  const rows = results.map(({ name, meaning, caughtBy }) => `| ${name} | ${meaning} | ${caughtBy ?? '**nothing**'} |`);
  return ['| bug | meaning | caught by |', '|---|---|---|', ...rows].join('\n');
}

/** Puts the table between two marks of the page. */
function writeDocs() {
  const page = join(root, 'docs', 'learning.md');
  const [begin, end] = ['<!-- planted bugs: begin -->', '<!-- planted bugs: end -->'];
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) giveUp(`${page} has no place for the table between "${begin}" and "${end}".`);
  writeFileSync(page, `${before}${begin}\n\n${table()}\n\n${end}${after}`);
}
