/** `run` and `replay` from outside, on a small scenario. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecording } from '../../src/replay/index.ts';
import { builtFile, runProgram } from '../support/program.ts';

const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-episode-'));
const recorded = join(folder, 'episode.jsonl');

beforeAll(() => {
  const { exit, stderr } = runProgram(['run', scenario, '--seed', '5', '--record', recorded]);
  if (exit !== 0) throw new Error(stderr);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('run', () => {
  it('prints a timeline and the verdict', () => {
    const { exit, stdout } = runProgram(['run', scenario, '--order', 'none', '--seed', '5']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^small: monkey breaks, none repairs, flow engine, seed 5\n/);
    expect(stdout).toMatch(/^ +\d+ s {2}fault {4}\S+ on \S+$/m);
    expect(stdout).toMatch(/^(NOT repaired|Repaired|Quiet.*): availability [\d.]+ %/m);
  });

  it('prints one JSON document with --json', () => {
    const { stdout } = runProgram(['run', scenario, '--chaos', 'none', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      scenario: 'small',
      order: 'runbook',
      verdict: { quiet: true, repaired: true },
    });
  });

  it('answers a mistyped agent with the nearest name', () => {
    const { exit, stderr } = runProgram(['run', scenario, '--order', 'runbok']);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error AGENT_UNKNOWN: there is no order agent "runbok"\n {2}Did you mean runbook\?/);
  });

  it('answers a mistyped scenario with the nearest name', () => {
    const { exit, stderr } = runProgram(['run', 'online-butique']);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error FILE_NOT_FOUND: .*\n {2}Did you mean online-boutique\?/);
  });

  it('leaves a whole recording behind when it is interrupted', async () => {
    const file = join(folder, 'interrupted.jsonl');
    const exit = await interruptedRun([
      'run',
      'online-boutique',
      '--order',
      'planner',
      '--seed',
      '12',
      '--record',
      file,
    ]);
    expect(exit).toBe(1);
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    expect(parseRecording(text, { file }).end).toBeNull();
  });
});

describe('replay', () => {
  it('verifies every step of a recording', () => {
    const { exit, stdout } = runProgram(['replay', recorded]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^36 steps run again, each came out as recorded\n/);
  });

  it('fails at the step whose action was changed, and names it', () => {
    const lines = readFileSync(recorded, 'utf8').split('\n');
    lines[10] = (lines[10] ?? '').replace(/"order":\d+/, '"order":1');
    const changed = join(folder, 'changed.jsonl');
    writeFileSync(changed, lines.join('\n'));
    const { exit, stderr } = runProgram(['replay', changed]);
    expect(exit).toBe(1);
    expect(stderr).toMatch(
      /^error REPLAY_DIVERGED: step 10: the action differs: recorded order: .*, now order: .* on web$/m,
    );
    expect(JSON.parse(runProgram(['replay', changed, '--json']).stdout)).toMatchObject({
      same: false,
      divergence: { step: 10, part: 'action' },
    });
  });

  it('lets another order agent play against the recorded faults', () => {
    const { exit, stdout } = runProgram(['replay', recorded, '--order', 'none', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      recorded: { order: 'runbook' },
      now: { order: 'none', verdict: { repairs: 0 } },
    });
  });

  it("runs a scenario's fault script", () => {
    const { exit, stdout } = runProgram(['replay', scenario, '--order', 'none']);
    expect(exit).toBe(0);
    expect(stdout).toContain('    20 s  fault    disk.fill.severe on store-disk-0\n');
  });

  it('records and verifies a fault script', () => {
    const file = join(folder, 'script.jsonl');
    expect(runProgram(['replay', scenario, '--record', file]).exit).toBe(0);
    expect(runProgram(['replay', file]).stdout).toMatch(/each came out as recorded/);
  });

  it('refuses a damaged recording with file and line', () => {
    const file = join(folder, 'damaged.jsonl');
    writeFileSync(file, readFileSync(recorded, 'utf8').replace('"step":7,', '"step":'));
    const { exit, stderr } = runProgram(['replay', file]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error RECORDING_INVALID: .* \(.*damaged\.jsonl:8\)$/m);
  });
});

/** Runs the program, presses Ctrl-C at its first output, and returns the exit code. */
function interruptedRun(args: readonly string[]): Promise<number | null> {
  const program = spawn(process.execPath, [builtFile('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  program.stdout.once('data', () => program.kill('SIGINT'));
  return new Promise((resolve) => program.on('exit', resolve));
}
