/** TensorFlow.js is loaded for `--backend tfjs` and for nothing else: where it is hidden, everything else works. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProgramRun, runProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-hidden-'));
const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const hidden = new URL('../support/hide-tensorflow.mjs', import.meta.url).href;
const config = join(folder, 'settings.yaml');

function runHidden(...args: string[]): ProgramRun {
  return runProgram(args, { NODE_OPTIONS: `--import ${hidden}` });
}

beforeAll(() => {
  const network = 'network: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 }';
  writeFileSync(config, `environments: 4\nshards: 2\nrolloutSteps: 8\nsteps: 32\n${network}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('training on our own kernels, on two threads, does without it', () => {
  const { exit, stderr } = runHidden('train', scenario, '--config', config, '--workers', '2', '--out', `${folder}/run`);
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
});

test('exporting the order model and deciding with a neural agent do without it', () => {
  const order = `${folder}/run/agents/order`;
  expect(runHidden('export', order, '--network-only', '--out', `${folder}/model`)).toMatchObject({ exit: 0 });
  expect(runHidden('run', scenario, '--order', order, '--seed', '1')).toMatchObject({ exit: 0 });
});

test('training on it does not, and says what to do', () => {
  const { exit, stderr } = runHidden(
    'train',
    scenario,
    '--config',
    config,
    '--backend',
    'tfjs',
    '--out',
    `${folder}/no`,
  );
  expect(exit).toBe(2);
  expect(stderr).toContain('error BACKEND_UNAVAILABLE');
  expect(stderr).toContain('--backend simd');
});
