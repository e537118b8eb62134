/** What a validation makes of what it found: verdicts, known limits, retry storms, ranking, the page. */
import { describe, expect, test } from 'vitest';
import type { CheckLine } from '../../src/validation/check-line.ts';
import {
  type GridCell,
  gridAgreement,
  type RankingScore,
  rankCorrelation,
  runGridCell,
} from '../../src/validation/engines/index.ts';
import { limitOf } from '../../src/validation/program/known-limits.ts';
import { validationPage } from '../../src/validation/program/validation-page.ts';
import { reportOf } from '../../src/validation/program/validation-report.ts';

const settings = { quick: true, seed: 1, rateFactor: 1, scenario: null, rankingEpisodes: 0 };

function line(changes: Partial<CheckLine> = {}): CheckLine {
  return {
    section: 'engines',
    row: 'single services',
    title: 'a queue',
    engine: 'flow',
    quantity: 'number in service',
    expected: 10,
    measured: 11,
    standardError: 0.1,
    deviation: 0.1,
    verdict: 'fails',
    note: 'beyond 5 %',
    ...changes,
  };
}

const limit = {
  section: 'engines',
  title: 'a queue',
  engine: 'flow',
  quantity: 'number in service',
  deviationMax: 0.12,
  reason: 'A fluid has no variance.',
} as const;

describe('a missed gate', () => {
  const found = (lines: readonly CheckLine[]) => [{ lines, cells: [], scores: [] }];

  test('fails the validation', () => {
    const report = reportOf(settings, found([line(), line({ verdict: 'holds' })]), []);
    expect(report.failures).toBe(1);
    expect(validationPage(report, '')).toContain('Of 2 gates 1 do not hold.');
    expect(validationPage(report, '')).toContain('- **a queue, number in service** (flow): off by 10 %.');
  });

  test('is borne within a known limit, and reported with its size and reason', () => {
    const report = reportOf(settings, found([line()]), [limit]);
    expect(report.failures).toBe(0);
    expect(report.lines[0]!.verdict).toBe('known limit');
    expect(validationPage(report, '')).toContain(
      'A fluid has no variance.\n\n- a queue, number in service (flow): off by 10 % here, by 12 % at most.',
    );
  });

  test('fails beyond its known limit', () => {
    expect(reportOf(settings, found([line({ deviation: -0.13 })]), [limit]).failures).toBe(1);
  });

  test.each([
    { title: 'another queue' },
    { engine: 'request' },
    { quantity: 'goodput' },
    { section: 'theory' as const },
  ])('is not covered by the limit of something else: %o', (changes) => {
    expect(limitOf(line(changes), [limit])).toBeUndefined();
  });
});

describe('retry storms', () => {
  test.each(['flow', 'request'] as const)('recover below the threshold and stick above it on %s', (engine) => {
    const effort = { seed: 1, seeds: 1 };
    expect(runGridCell({ retries: 3, ratio: 0.7, engine }, effort).recovered).toBe(1);
    expect(runGridCell({ retries: 3, ratio: 1.3, engine }, effort).recovered).toBe(0);
  });

  test('agree by their cells away from the threshold', () => {
    const cell = (engine: GridCell['engine'], ratio: number, recovered: number): GridCell => ({
      retries: 1,
      ratio,
      engine,
      runs: 4,
      recovered,
    });
    const cells = [
      cell('flow', 0.7, 4),
      cell('request', 0.7, 3),
      cell('flow', 0.95, 0),
      cell('request', 0.95, 4),
      cell('flow', 1.3, 0),
      cell('request', 1.3, 4),
    ];
    expect(gridAgreement(cells)).toEqual({ engines: 0.5, law: 0.75 });
  });
});

describe('the ranking of policies', () => {
  const scores = (engine: RankingScore['engine'], repaired: readonly number[]): RankingScore[] =>
    ['none', 'random', 'restart-everything', 'restart-failed', 'runbook'].flatMap((policy, index) => [
      { engine, policy, episodes: 10, repaired: repaired[index]! },
      { engine, policy, episodes: 10, repaired: repaired[index]! },
    ]);

  test('is the same order, whatever the successes', () => {
    const alike = [...scores('flow', [0, 1, 2, 5, 9]), ...scores('request', [1, 2, 4, 6, 7])];
    expect(rankCorrelation(alike)).toBeCloseTo(1, 12);
  });

  test('gives ties their mean rank', () => {
    const tied = [...scores('flow', [0, 0, 2, 5, 9]), ...scores('request', [0, 1, 2, 5, 9])];
    expect(rankCorrelation(tied)).toBeCloseTo(9.5 / Math.sqrt(95), 12);
  });

  test('fails the validation where the order is another', () => {
    const found = [...scores('flow', [0, 1, 2, 5, 9]), ...scores('request', [9, 5, 2, 1, 0])];
    const { failures, summary } = reportOf(settings, [{ lines: [], cells: [], scores: found }], []);
    expect(summary).toMatchObject([{ value: expect.closeTo(-1, 9), holds: false }]);
    expect(failures).toBe(1);
  });
});
