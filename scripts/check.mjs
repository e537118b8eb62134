/** `npm run check`: everything that must hold before a commit, one line per stage. `--no-tests` leaves the tests out. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);
const stages = [
  { name: 'types', args: [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'] },
  { name: 'lint and format', args: [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'dead code', args: [bin('knip', 'bin', 'knip.js')] },
  { name: 'tests', args: [bin('vitest', 'vitest.mjs'), 'run', '--reporter=dot'] },
];

const wanted = process.argv.includes('--no-tests') ? stages.filter(({ name }) => name !== 'tests') : stages;
stage('set-up and build', () => ({ ok: setUp(), text: '' }));
for (const { name, args } of wanted) stage(name, () => runQuietly(args));

/** Prints the stage's line; the first failure prints what the tool said and ends the check. */
function stage(name, work) {
  const before = performance.now();
  const { ok, text } = work();
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(16)} ${seconds.padStart(6)} s`);
  if (ok) return;
  console.log(text);
  process.exit(1);
}

function runQuietly(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { ok: status === 0, text: `${stdout}${stderr}` };
}
