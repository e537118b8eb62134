/** A run's folder is enough: to look at before anything happens, to go on from elsewhere, and to do the same again. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { runCommand } from '../../src/cli/commands/run.ts';
import { trainCommand } from '../../src/cli/commands/train.ts';

const base = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-repeat-'));
const scenario = join(folder, 'busy.yaml');
const config = join(folder, 'my settings.yaml');
const recording = join(folder, 'shown.jsonl');

const settings = `# what I tried
environments: 4
shards: 2
rolloutSteps: 16
schedule: { firstIterations: 1, turnIterations: 1 }
network: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 }
evaluation: { everyIterations: 2, episodes: 4 }
coldStart: { order: { epochs: 1, demonstrations: [{ policy: runbook, episodes: 2 }, { recordings: [${recording}] }] } }
`;

/** Exit code and what was printed. */
async function call(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const surroundings = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const exit = await runCommandLine(args, [runCommand, trainCommand], surroundings);
  return { exit, ...printed };
}

const train = (...args: string[]) => call('train', ...args, '--workers', '1', '--json');
const flags = ['--config', config, '--steps', '320', '--seed', '9'];

function textOf(...path: string[]): string {
  return readFileSync(join(...path), 'latin1');
}

beforeAll(async () => {
  writeFileSync(scenario, `extends: ${base}\nname: busy\nworkloads: [{ name: users, service: web, rate: 80 }]\n`);
  expect((await call('run', base, '--seed', '5', '--record', recording)).exit).toBe(0);
  writeFileSync(config, settings);
  expect((await train(scenario, ...flags, '--out', join(folder, 'first'))).exit).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a run folder', () => {
  test('holds what was given, what came of it, and how it was called', () => {
    const first = join(folder, 'first');
    expect(textOf(first, 'config.yaml')).toBe(settings);
    const [session, ...others] = textOf(first, 'sessions.jsonl').trim().split('\n');
    expect(others).toEqual([]);
    expect(Object.keys(JSON.parse(session ?? '{}'))).toEqual(
      expect.arrayContaining(['startedAt', 'commandLine', 'codeVersion', 'nodeVersion', 'platform', 'cpu', 'workers']),
    );
    expect(textOf(first, 'scenarios/busy.yaml')).not.toContain('extends:');
    expect(textOf(first, 'README.md')).toContain('deepl-ops train scenarios/busy.yaml --config settings.yaml');
  });

  test('that was moved leads to the same weights when its run is done again from there alone', async () => {
    const moved = join(folder, 'moved');
    const again = join(folder, 'again');
    renameSync(join(folder, 'first'), moved);
    rmSync(config);
    rmSync(scenario);
    rmSync(recording);
    const here = process.cwd();
    process.chdir(moved);
    try {
      const repeat = ['scenarios/busy.yaml', '--config', 'settings.yaml', '--out', '../again'];
      expect(await train(...repeat)).toMatchObject({ exit: 0 });
    } finally {
      process.chdir(here);
    }
    for (const file of ['agents/order/weights.bin', 'agents/chaos/weights.bin', 'task.json']) {
      expect(textOf(again, file)).toBe(textOf(moved, file));
    }
  });

  test('that was moved is gone on with', async () => {
    const { exit, stdout } = await train('--resume', join(folder, 'moved'));
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stoppedBy: 'steps', steps: 320 });
    expect(textOf(folder, 'moved', 'sessions.jsonl').trim().split('\n')).toHaveLength(2);
  });
});

describe('a dry run', () => {
  const out = join(folder, 'not made');
  const plan = (...args: string[]) => train(base, ...args, '--out', out, '--dry-run');

  test('tells the plan and writes nothing', async () => {
    const small = join(folder, 'small.yaml');
    writeFileSync(small, 'environments: 4\nshards: 2\nrolloutSteps: 16\nevaluation: { everyIterations: 3 }\n');
    const before = readdirSync(folder);
    const { exit, stdout } = await plan('--config', small, '--steps', '1000', '--seed', '3');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      folder: out,
      seed: 3,
      scenarios: [{ name: 'small', components: { service: 2, node: 3, link: 3, disk: 2 } }],
      iterations: { all: 16, done: 0 },
      steps: { all: 1024, left: 1000 },
      evaluations: 6,
      settings: { environments: 4, role: { epochs: 4 } },
      changed: expect.arrayContaining([{ key: 'evaluation.everyIterations', value: 3, usual: 60 }]) as unknown,
      files: expect.arrayContaining(['settings.yaml', 'config.yaml', 'agents/order/']) as unknown,
      estimate: {
        minutes: expect.any(Number) as number,
        memoryMib: expect.any(Number) as number,
      },
    });
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync(out)).toBe(false);
  });

  test('of a run that goes on tells how far it is', async () => {
    const { exit, stdout } = await call('train', '--resume', join(folder, 'moved'), '--dry-run', '--workers', '1');
    expect(exit).toBe(0);
    expect(stdout).toContain('Would go on after iteration 5 in');
    expect(stdout).toMatch(/Nothing was written\.\n$/);
  });

  test.each([
    ['a role nobody plays', 'roles: { ordre: { epochs: 2 } }', 'no role ordre', 'Did you mean order?'],
    ['a turn of nobody', 'schedule: { roles: [ordr] }', 'schedule.roles.0: there is no role ordr', ':1:20)'],
    [
      'an unknown opponent',
      'league: { scripts: { chaos: [monky] } }',
      'chaos has no scripted policy monky',
      'Did you mean monkey?',
    ],
    [
      'an opponent that sees all',
      'league: { scripts: { order: [planner] } }',
      'order has no scripted policy planner',
      'runbook',
    ],
    [
      'an unknown member of the panel',
      'evaluation: { scripts: { order: [monkey] } }',
      'order has no scripted policy monkey',
      'CONFIG_INVALID',
    ],
  ])('refuses %s like the real run', async (_, text, what, hint) => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, text);
    const tried = await plan('--config', wrong);
    const real = await train(base, '--config', wrong, '--out', out);
    expect(tried).toEqual(real);
    expect(tried.exit).toBe(2);
    expect(tried.stderr).toContain(what);
    expect(tried.stderr).toContain(hint);
    expect(existsSync(out)).toBe(false);
  });

  test('refuses a folder that holds a run, or lies below a file', async () => {
    const taken = await train(base, '--out', join(folder, 'moved'), '--dry-run');
    expect(taken.stderr).toContain('error OUTPUT_UNWRITABLE: this folder holds a run already');
    const below = await train(base, '--out', join(base, 'run'), '--dry-run');
    expect(below.stderr).toContain('error OUTPUT_UNWRITABLE: cannot write here: this is no folder');
  });
});
