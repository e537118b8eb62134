/** The built program from outside: exit codes and what lands on which stream. */
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/program.ts';

describe('the program', () => {
  test('answers an unknown command with exit code 2 and the nearest command', () => {
    const { exit, stdout, stderr } = runProgram(['vresion']);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe('error USAGE: there is no command "vresion"\n  Did you mean `deepl-ops version`?\n');
  });

  test('answers an unknown flag with exit code 2 and the nearest flag', () => {
    const { exit, stderr } = runProgram(['version', '--sede', '3']);
    expect(exit).toBe(2);
    expect(stderr).toBe(
      'error USAGE: there is no flag --sede here\n' +
        '  Did you mean --seed? `deepl-ops version --help` shows all flags.\n',
    );
  });

  test('prints one JSON document with --json', () => {
    const { exit, stdout } = runProgram(['version', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/),
      node: process.version,
    });
  });

  test('shows help with an example for a command, and all commands without one', () => {
    expect(runProgram(['version', '--help']).stdout).toContain('Examples:\n  deepl-ops version --json');
    const { exit, stdout } = runProgram([]);
    expect(exit).toBe(0);
    expect(stdout).toContain('deepl-ops version');
  });

  test('refuses a log level it does not know', () => {
    const { exit, stderr } = runProgram(['version'], { DEEPL_OPS_LOG: 'degub' });
    expect(exit).toBe(2);
    expect(stderr).toContain('error CONFIG_INVALID: DEEPL_OPS_LOG cannot be "degub"\n  Did you mean "debug"?');
  });
});
