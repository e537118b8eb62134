/** Batch means, the verdict on a measurement, and a few cases of the theory table with right and wrong rates. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/base/index.ts';
import { judge } from '../../../src/validation/check-line.ts';
import { checkBooks, runTheoryCase, theoryCases } from '../../../src/validation/theory/index.ts';
import { beginningAnew, measureBatches, type Simulation } from '../../../src/validation/theory/simulation.ts';

/** Batches that are normal around a mean. */
function noisy(mean: number): Simulation {
  const stream = new RandomStream(1, 'noise');
  return { batch: () => [mean + stream.normal()] };
}

describe('batch means', () => {
  const effort = { batchesMin: 16, batchesMax: 4000, warmUpBatches: 1 };

  test('run on until the standard error is small enough', () => {
    const [measured] = measureBatches(noisy(10), [{ name: 'x', theory: 10 }], { ...effort, errorTarget: 0.005 });
    expect(measured!.standardError).toBeLessThanOrEqual(0.05);
    expect(measured!.standardError).toBeGreaterThan(0.04);
    expect(Math.abs(measured!.mean - 10)).toBeLessThan(4 * 0.05);
  });

  test('stop at their bound', () => {
    let batches = 0;
    const counted = { batch: () => [++batches] };
    measureBatches(counted, [{ name: 'x', theory: 1 }], { ...effort, batchesMax: 24, errorTarget: 0 });
    expect(batches).toBe(25);
  });

  test('begin anew, warmed up, before the clock of the engine ends', () => {
    const starts: number[] = [];
    const simulation = beginningAnew(
      (part) => {
        let batch = 0;
        starts.push(part);
        return { batch: () => [100 * part + ++batch] };
      },
      { batchSeconds: 40_000, warmUpBatches: 1 },
    );
    expect(Array.from({ length: 5 }, () => simulation.batch()[0])).toEqual([1, 2, 3, 102, 103]);
    expect(starts).toEqual([0, 1]);
  });
});

describe('a measurement', () => {
  const gate = { theory: 100, tolerance: 0, errorMax: 0.01 };

  test('holds within 3.3 standard errors', () => {
    expect(judge({ mean: 101.6, standardError: 0.5 }, gate).verdict).toBe('holds');
    expect(judge({ mean: 101.7, standardError: 0.5 }, gate)).toEqual({
      verdict: 'fails',
      note: '3.4 standard errors away',
    });
  });

  test('does not hold by being vague', () => {
    expect(judge({ mean: 100, standardError: 1.1 }, gate)).toEqual({
      verdict: 'fails',
      note: 'standard error above 1 %',
    });
  });

  test('without dice holds within its tolerance', () => {
    expect(judge({ mean: 100.09, standardError: Number.NaN }, { ...gate, tolerance: 1e-3 }).verdict).toBe('holds');
    expect(judge({ mean: 100.11, standardError: Number.NaN }, { ...gate, tolerance: 1e-3 }).verdict).toBe('fails');
  });

  test('that is no number fails', () => {
    expect(judge({ mean: Number.NaN, standardError: Number.NaN }, gate).verdict).toBe('fails');
  });
});

describe('the theory table', () => {
  const cases = theoryCases();

  test('has all 25 rows', () => {
    const rows = new Set([...cases.map(({ row }) => row), ...checkBooks(1).map(({ row }) => row)]);
    const wanted = Array.from({ length: 25 }, (_, index) => String(index + 1));
    expect(wanted.filter((row) => !rows.has(row))).toEqual([]);
  });

  const few = cases.filter(
    ({ row, engine, title }) =>
      (engine === 'flow' && ['1', '3', '8', '9'].includes(row)) ||
      (engine === 'request' && ['M/M/1 at 0.8', 'M/M/10/60 at 1.2'].includes(title)) ||
      (engine === 'station' && ['12', '13'].includes(row)),
  );

  test.each(few)('row $row on $engine: $title', (of) => {
    const lines = runTheoryCase(of, 'theory', { seed: 1, quick: true, rateFactor: 1 });
    expect(lines.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  });

  test.each(few.filter(({ engine }) => engine === 'flow'))('fails on $engine at a rate 2 % wrong: $title', (of) => {
    const lines = runTheoryCase(of, 'theory', { seed: 1, quick: true, rateFactor: 1.02 });
    expect(lines.map(({ verdict }) => verdict)).toContain('fails');
  });

  test('keeps its books exactly', () => {
    expect(checkBooks(3).filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  });
});
