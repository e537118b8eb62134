/** User errors carry what the message needs; assertions are something else. */
import { describe, expect, test } from 'vitest';
import { AssertionFailure, assert, DeeplOpsError, errorCatalogue } from '../../src/base/index.ts';

describe('DeeplOpsError', () => {
  test('carries the advice of the catalogue unless a better hint is given', () => {
    expect(new DeeplOpsError('AGENT_UNKNOWN', 'no agent "x"').hint).toBe(errorCatalogue.AGENT_UNKNOWN.advice);
    expect(new DeeplOpsError('AGENT_UNKNOWN', 'no agent "x"', { hint: 'Try y.' }).hint).toBe('Try y.');
  });

  test('keeps the place and the cause it is given', () => {
    const cause = new Error('below');
    const error = new DeeplOpsError('YAML_SYNTAX', 'bad indent', { place: { file: 'a.yaml', line: 2 }, cause });
    expect(error.place).toEqual({ file: 'a.yaml', line: 2 });
    expect(error.cause).toBe(cause);
  });

  test('is short and holds nothing that a terminal would obey, whatever it repeats', () => {
    const error = new DeeplOpsError('USAGE', `no "\u001B[31m${'x'.repeat(5000)}"`, { hint: 'a\nb\u0007' });
    expect(error.message.length).toBeLessThan(1100);
    expect(error.message.startsWith('no "\\u001b[31mxxx')).toBe(true);
    expect(error.hint).toBe('a\nb\\u0007');
  });

  test('knows the exit code of its code', () => {
    expect(new DeeplOpsError('REPLAY_DIVERGED', 'step 3').exitCode).toBe(1);
    expect(new DeeplOpsError('USAGE', 'no').exitCode).toBe(2);
  });
});

describe('assert', () => {
  test('throws an AssertionFailure, which is no user error, when the condition fails', () => {
    expect(() => assert(false, 'one is two')).toThrow(new AssertionFailure('one is two'));
    expect(new AssertionFailure('x')).not.toBeInstanceOf(DeeplOpsError);
  });

  test('lets a condition that holds pass', () => {
    expect(() => assert(1, 'fine')).not.toThrow();
  });
});
