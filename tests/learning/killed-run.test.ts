/** A run that is killed without warning, and resumed, ends where it would have ended: `npm run test:learning`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCheckpointFile, readCheckpointProgress } from '../../src/learn/index.ts';
import { builtFile, runProgram } from '../support/program.ts';

const scenario = fileURLToPath(new URL('../cli/small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'killed-run-'));
const stepsTotal = 7680;
const config = join(folder, 'settings.yaml');
const settings = 'environments: 8\nrolloutSteps: 16\nschedule: { firstIterations: 3, turnIterations: 3 }\n';

function weightsHash(run: string, role: string): string {
  return readFileSync(join(run, 'agents', role, 'weights.bin')).toString('base64');
}

test('killed at any moment and resumed, a run ends with the weights of one that was left alone', async () => {
  writeFileSync(config, settings);
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  const start = ['train', scenario, '--config', config, '--steps', String(stepsTotal), '--seed', '5'];
  expect(runProgram([...start, '--out', whole, '--workers', '1']).exit).toBe(0);
  let args = [...start, '--out', killed, '--workers', '2'];
  const stepsAtKill: number[] = [];
  for (let kill = 0; kill < 3; kill++) {
    const child = spawn(process.execPath, [builtFile('cli/main.js'), ...args], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (child.exitCode === null && !existsSync(join(killed, 'checkpoint', 'latest.checkpoint'))) await sleep(20);
    await sleep(300 + kill * 450);
    child.kill('SIGKILL');
    await ended;
    stepsAtKill.push(readCheckpointProgress(readCheckpointFile(join(killed, 'checkpoint'))).steps);
    args = ['train', '--resume', killed, '--workers', kill === 0 ? '2' : '1'];
  }
  expect(stepsAtKill[0]).toBeLessThan(stepsTotal);
  expect(runProgram(args).exit).toBe(0);
  for (const role of ['order', 'chaos']) expect(weightsHash(killed, role)).toBe(weightsHash(whole, role));
});
