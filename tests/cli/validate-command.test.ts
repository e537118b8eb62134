/** `validate --quick` from outside: it holds, it notices a service rate 2 % wrong, and threads change nothing. */
import { expect, it } from 'vitest';
import type { ValidationReport } from '../../src/validation/index.ts';
import { runProgram } from '../support/program.ts';

/** Half a minute of computing each; more where the cores are shared. */
const TIME_LIMIT_MS = 600_000;

let right: ValidationReport | undefined;

it(
  'holds, on two threads',
  () => {
    const { exit, stdout } = runProgram(['validate', '--quick', '--json', '--workers', '2']);
    right = JSON.parse(stdout) as ValidationReport;
    expect(right.lines.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
    expect(right.summary.filter(({ holds }) => !holds)).toEqual([]);
    expect(exit).toBe(0);
  },
  TIME_LIMIT_MS,
);

it(
  'fails when service rates are 2 % wrong, and finds the rest as before on one thread',
  () => {
    const flags = ['--quick', '--json', '--workers', '1', '--wrong-service-rate', '1.02'];
    const { exit, stdout } = runProgram(['validate', ...flags]);
    const wrong = JSON.parse(stdout) as ValidationReport;
    expect(exit).toBe(1);
    const failed = wrong.lines.filter(({ verdict }) => verdict === 'fails');
    for (const engine of ['flow', 'request', 'station']) expect(failed.map((line) => line.engine)).toContain(engine);
    const untouched = (report: ValidationReport | undefined) =>
      report?.lines.filter(({ section }) => section === 'engines');
    expect(untouched(wrong)).toEqual(untouched(right));
    expect(wrong.grid).toEqual(right?.grid);
  },
  TIME_LIMIT_MS,
);
