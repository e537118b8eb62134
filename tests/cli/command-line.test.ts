/** What every command gets from the command line, shown on a command made for the test. */
import { describe, expect, test } from 'vitest';
import { assert, DeeplOpsError } from '../../src/base/index.ts';
import { type Command, defineCommand } from '../../src/cli/command.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';

const brew: Command = defineCommand({
  usage: 'brew <drink> [extras..]',
  summary: 'Brews a drink',
  positionals: {
    drink: { type: 'string', demandOption: true, choices: ['tea', 'coffee'] },
    extras: { type: 'string', array: true, default: [] as string[] },
  },
  options: {
    'steep-seconds': { type: 'number', minimum: 10, integer: true, describe: 'How long' },
    cup: { type: 'string', describe: 'Which cup' },
    guest: { type: 'string', array: true, describe: 'For whom' },
  },
  examples: [['deepl-ops brew tea', 'Brews tea']],
  run: async ({ drink, extras, steepSeconds, cup, guest }, { output, seed, progress }) => {
    const update = progress('brewing', 2);
    if (cup === 'broken') throw new DeeplOpsError('FILE_NOT_FOUND', 'no cup', { place: { file: 'shelf', line: 3 } });
    assert(cup !== 'leaking', 'cups hold water');
    update(1);
    output.line('the kettle sings');
    output.result({ drink, extras, steepSeconds, guest, seed }, () => `${drink} for ${steepSeconds} s`);
    return cup === 'cold' ? 1 : 0;
  },
});

async function run(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const exit = await runCommandLine(args, [brew], {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    env: {},
  });
  return { exit, ...printed };
}

describe('a command', () => {
  test('receives its flags in camelCase with their declared types', async () => {
    const { exit, stdout } = await run(
      ...[
        'brew',
        'tea',
        '7',
        'milk',
        '--steep-seconds',
        '1e2',
        '--guest',
        'a',
        '--guest',
        'b',
        '--seed',
        '5',
        '--json',
      ],
    );
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      drink: 'tea',
      extras: ['7', 'milk'],
      steepSeconds: 100,
      guest: ['a', 'b'],
      seed: 5,
    });
  });

  test('prints text for people without --json, and its exit code is what it returned', async () => {
    const { exit, stdout } = await run('brew', 'tea', '--steep-seconds', '60', '--cup', 'cold');
    expect(stdout).toBe('the kettle sings\ntea for 60 s\n');
    expect(exit).toBe(1);
  });

  test('ends with its error: code, message, place and hint, and no stack', async () => {
    expect(await run('brew', 'tea', '--cup', 'broken')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'error FILE_NOT_FOUND: no cup (shelf:3)\n  Check the path; it is taken relative to the current folder.\n',
    });
  });

  test('with --json also ends with its error as a document', async () => {
    const { stdout } = await run('brew', 'tea', '--cup', 'broken', '--json');
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'FILE_NOT_FOUND', place: { file: 'shelf', line: 3 } });
  });

  test('that trips over a bug of ours ends as INTERNAL with exit code 1, and with a stack only when verbose', async () => {
    const { exit, stderr } = await run('brew', 'tea', '--cup', 'leaking');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^error INTERNAL: AssertionFailure: cups hold water\n {2}\S.*\n$/);
    expect((await run('brew', 'tea', '--cup', 'leaking', '--verbose')).stderr).toContain('    at ');
  });
});

describe('wrong usage', () => {
  const usage = 'Usage: deepl-ops brew <drink> [extras..]. `deepl-ops brew --help` explains it.';
  test.each([
    { args: ['brew'], message: 'something is missing after the command', hint: usage },
    { args: ['brew', 'cola'], message: 'drink cannot be "cola"', hint: `It is one of "tea", "coffee". ${usage}` },
    { args: ['brew', 'tea', '--cup'], message: '--cup needs a value', hint: usage },
    { args: ['brew', 'tea', '--steep-seconds', '5'], message: '--steep-seconds must be at least 10, not 5' },
    { args: ['brew', 'tea', '--steep-seconds', 'x'], message: '--steep-seconds needs a number' },
    { args: ['brew', 'tea', '--seed', '1.5'], message: '--seed needs a whole number, not 1.5' },
    { args: ['brew', 'tea', '--cup', 'a', '--cup', 'b'], message: '--cup is given more than once' },
    { args: ['brew', 'tea', '--steep', '9'], message: 'there is no flag --steep here' },
    { args: ['--seed', '4', 'brwe'], message: 'there is no command "brwe"', hint: 'Did you mean `deepl-ops brew`?' },
    { args: ['--verbos'], message: 'there is no flag --verbos here' },
    { args: ['help', 'bake'], message: 'there is no command "bake"', hint: 'The commands are brew.' },
  ])('$args is answered with: $message', async ({ args, message, hint }) => {
    const { exit, stdout, stderr } = await run(...args);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    const [first, second] = stderr.split('\n');
    expect(first).toBe(`error USAGE: ${message}`);
    expect(second?.trim()).toContain(hint ?? 'deepl-ops');
  });
});
