/** `train` as users call it: a small run, its continuation, and what it says to mistakes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { replayCommand } from '../../src/cli/commands/replay.ts';
import { trainCommand } from '../../src/cli/commands/train.ts';
import { readAgent } from '../../src/model/index.ts';

const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-train-'));
const config = join(folder, 'settings.yaml');
const out = join(folder, 'run');

/** Exit code and what was printed. */
async function run(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const surroundings = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const words = args[0] === 'replay' ? args : ['train', ...args];
  const exit = await runCommandLine(words, [trainCommand, replayCommand], surroundings);
  return { exit, ...printed };
}

const network = 'network: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 }';

beforeAll(() => {
  writeFileSync(config, `environments: 4\nshards: 2\nrolloutSteps: 16\nschedule: { firstIterations: 1 }\n${network}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('train', () => {
  test('leaves agents of both roles and tells where', async () => {
    const flags = ['--config', config, '--steps', '192', '--seed', '4', '--workers', '1', '--json'];
    const { exit, stdout } = await run(scenario, '--out', out, ...flags);
    expect(exit).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ folder: out, seed: 4, stoppedBy: 'steps', steps: 192, iteration: 3 });
    const { order } = result.agents as Record<string, string>;
    expect(readAgent(order!).card.training).toMatchObject({ scenarios: ['small'], seed: 4, steps: 192 });
    expect(readFileSync(join(out, 'scenarios/small-scenario.yaml'), 'utf8')).toBe(readFileSync(scenario, 'utf8'));
    expect(existsSync(join(out, 'checkpoint/latest.checkpoint'))).toBe(true);
  });

  test('continues a run that is complete by telling its result again', async () => {
    const { exit, stdout } = await run('--resume', out, '--workers', '1', '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ folder: out, stoppedBy: 'steps', steps: 192 });
  });

  test('computes on the backend that is asked for, says which, and keeps it', async () => {
    const folder = `${out}-tfjs`;
    const flags = ['--config', config, '--steps', '64', '--workers', '1'];
    const first = await run(scenario, '--out', folder, ...flags, '--backend', 'tfjs');
    expect(first.exit).toBe(0);
    const [line] = first.stdout.split('\n', 1);
    expect(line).toMatch(/on 1 thread, networks computed by tfjs-(node|wasm \(tfjs-node does not load: .+\))$/);
    const card = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    expect(card.settings.backend).toBe('tfjs');
    expect(card.about.numericLibrary).toMatch(/^tfjs-(node|wasm)$/);
    expect(readAgent(join(folder, 'agents/order')).card.training).toMatchObject(card.about);

    const other = await run('--resume', folder, '--backend', 'simd', '--workers', '1');
    expect(other.exit).toBe(2);
    expect(other.stderr).toContain('error USAGE: this run has been computed with --backend tfjs, not simd');
    const same = await run('--resume', folder, '--workers', '1');
    expect(same.exit).toBe(0);
    expect(same.stdout).toContain(`networks computed by ${card.about.numericLibrary}\n`);
  });

  test('leaves the failure scripts it kept as scenarios that replay runs', async () => {
    const settings = join(folder, 'archive.yaml');
    const shares = '{ latest: 0, past: 0, scripted: 1, archive: 2 }';
    const league = `league: { quietRatio: 0, shares: ${shares}, archive: { trials: 2 } }`;
    const sizes =
      'environments: 8\nshards: 2\nrolloutSteps: 48\nschedule: { roles: [order] }\nevaluation: { everyIterations: 0 }';
    writeFileSync(settings, `${sizes}\n${league}\n${network}\n`);
    const runFolder = join(folder, 'archive-run');
    const flags = ['--config', settings, '--steps', '3840', '--seed', '3', '--workers', '1', '--json'];
    const { exit, stdout } = await run(scenario, '--out', runFolder, ...flags);
    expect(exit).toBe(0);
    const { failures } = JSON.parse(stdout) as { failures: string[] };
    expect(failures.length).toBeGreaterThan(0);
    const { scenarios } = JSON.parse(readFileSync(join(runFolder, 'archive.json'), 'utf8')) as {
      scenarios: { scripts: { serial: number; seed: number; faults: { verb: string }[] }[] }[];
    };
    const best = scenarios[0]!.scripts[0]!;
    expect(failures[0]).toBe(join(runFolder, 'archive', `small-${best.serial}.yaml`));
    const replayed = await run('replay', failures[0]!, '--order', 'none', '--seed', String(best.seed), '--json');
    expect(replayed.exit).toBe(0);
    const { verdict } = JSON.parse(replayed.stdout) as { verdict: { faults: number } };
    expect(verdict.faults).toBe(best.faults.length);
  });

  test('does not overwrite a run', async () => {
    const { exit, stderr } = await run(scenario, '--out', out, '--workers', '1');
    expect(exit).toBe(2);
    expect(stderr).toContain(`deepl-ops train --resume ${out}`);
  });

  test('refuses a truncated checkpoint by its code when there is none before it', async () => {
    const file = join(out, 'checkpoint/latest.checkpoint');
    rmSync(join(out, 'checkpoint/previous.checkpoint'), { force: true });
    writeFileSync(file, readFileSync(file).subarray(0, 5000));
    const { exit, stderr } = await run('--resume', out, '--workers', '1');
    expect(exit).toBe(2);
    expect(stderr).toContain('error CHECKPOINT_TRUNCATED');
    expect(stderr).toContain(file);
  });

  test.each([
    ['neither scenario nor run', [], 'USAGE'],
    ['a run and other steps', ['--resume', 'somewhere', '--steps', '5'], 'USAGE'],
    ['a run that is not there', ['--resume', 'nowhere'], 'FILE_NOT_FOUND'],
    ['a scenario that is not there', ['no-such-scenario'], 'FILE_NOT_FOUND'],
  ])('refuses %s', async (_, args, code) => {
    const { exit, stderr } = await run(...args);
    expect(exit).toBe(2);
    expect(stderr).toContain(`error ${code}`);
  });

  test('names the line of a wrong setting', async () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, 'steps: 100\nrole:\n  discont: 0.9\n');
    const { exit, stderr } = await run(scenario, '--config', wrong);
    expect(exit).toBe(2);
    expect(stderr).toContain(`error CONFIG_INVALID: there is no setting role.discont (${wrong}:3:3)`);
    expect(stderr).toContain('Did you mean role.discount?');
  });
});
