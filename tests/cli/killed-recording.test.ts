/** What `run --record` leaves behind when it is killed outright: a real process, and no chance to clean up. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRecording } from '../../src/replay/index.ts';
import { builtFile, runProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['episode.jsonl', 'episode.jsonl.gz'])('a killed run leaves %s whole up to a full line', async (name) => {
  const file = join(folder, name);
  expect(await killedRun(file)).toBe('SIGKILL');
  const { steps, end } = await readRecording(file);
  expect(steps.length).toBeGreaterThan(0);
  expect(end).toBeNull();
  const { exit, stdout } = runProgram(['replay', file]);
  expect(exit).toBe(0);
  expect(stdout).toBe(
    `${steps.length} steps run again, each came out as recorded\nThe recording was cut off before the end of the episode.\n`,
  );
});

/** Kills the program once it tells something after steps have reached the file; returns by which signal it ended. */
function killedRun(file: string): Promise<NodeJS.Signals | null> {
  const args = ['run', 'online-boutique', '--order', 'planner', '--seed', '12', '--record', file];
  const program = spawn(process.execPath, [builtFile('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let headerBytes = 0;
  program.stdout.on('data', () => {
    const bytes = existsSync(file) ? statSync(file).size : 0;
    if (headerBytes === 0) headerBytes = bytes;
    else if (bytes > headerBytes) program.kill('SIGKILL');
  });
  return new Promise((resolve) => program.on('exit', (_, signal) => resolve(signal)));
}
