import { describe, expect, it } from 'vitest';
import { summarise, summaryTables } from '../../src/benchmark/index.ts';
import { smallScenario } from '../support/small-scenario.ts';
import { cellOutcomes, outcome, smallSuite } from './outcomes.ts';

const broken = { repaired: false, stillBroken: ['objectives'] };

describe('the summary of a benchmark', () => {
  it('counts repair success over episodes in which a fault started', () => {
    const episodes = [outcome(1), outcome(2, broken), outcome(3), outcome(4, { quiet: true, faults: 0 })];
    const [cell] = summarise(smallSuite(), [cellOutcomes(1, 0, episodes)]).cells;
    expect(cell).toMatchObject({ order: 'runbook', chaos: 'monkey', episodes: 4, contested: 3, repaired: 2 });
    expect(cell?.repairSuccess.value).toBeCloseTo(2 / 3, 12);
  });

  it('gives the Wilson interval of a share', () => {
    const episodes = Array.from({ length: 10 }, (_, index) => outcome(index, index < 7 ? {} : broken));
    const [cell] = summarise(smallSuite(), [cellOutcomes(1, 0, episodes)]).cells;
    expect(cell?.repairSuccess.low).toBeCloseTo(0.3968, 3);
    expect(cell?.repairSuccess.high).toBeCloseTo(0.8922, 3);
  });

  it('takes times to repair from every restoration', () => {
    const episodes = [outcome(1, { timesToRepairSeconds: [10, 20] }), outcome(2, { timesToRepairSeconds: [30] })];
    const [cell] = summarise(smallSuite(), [cellOutcomes(1, 0, episodes)]).cells;
    expect(cell?.timeToRepairSeconds).toMatchObject({ p50: 20, count: 3 });
  });

  it('has no time to repair where nothing was ever restored', () => {
    const [cell] = summarise(smallSuite(), [cellOutcomes(0, 0, [outcome(1, broken)])]).cells;
    expect(cell?.timeToRepairSeconds).toBeNull();
  });

  it('reports quiet episodes apart: false repairs and harm done by order alone', () => {
    const peace = { quiet: true, faults: 0, repairs: 0, repairsFailed: 0 };
    const episodes = [
      outcome(1, peace),
      outcome(2, { ...peace, repairs: 3, falseRepairs: 3 }),
      outcome(3, { ...peace, ...broken }),
    ];
    const { cells, quiet } = summarise(smallSuite(), [cellOutcomes(1, null, episodes)]);
    expect(cells).toEqual([]);
    expect(quiet[0]).toMatchObject({ order: 'runbook', episodes: 3, broken: 1 });
    expect(quiet[0]?.falseRepair.value).toBeCloseTo(1 / 3, 12);
  });

  it('compares with the reference seed by seed', () => {
    const none = cellOutcomes(0, 0, [outcome(11, broken), outcome(12, broken), outcome(13), outcome(14)]);
    const runbook = cellOutcomes(1, 0, [outcome(11), outcome(12), outcome(13, broken), outcome(14)]);
    const { differences } = summarise(smallSuite(), [none, runbook]);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ order: 'none', reference: 'runbook', pairs: 4 });
    expect(differences[0]).toMatchObject({ onlyAgent: [13], onlyReference: [11, 12] });
    expect(differences[0]?.repairSuccess.value).toBeCloseTo(-0.25, 12);
    expect(differences[0]?.repairSuccess.low).toBeLessThan(-0.25);
    expect(differences[0]?.repairSuccess.high).toBeGreaterThan(-0.25);
  });

  it('finds no difference, with a narrow interval, between equal agents', () => {
    const episodes = Array.from({ length: 20 }, (_, index) => outcome(index, index % 2 === 0 ? {} : broken));
    const { differences } = summarise(smallSuite(), [cellOutcomes(0, 0, episodes), cellOutcomes(1, 0, episodes)]);
    expect(differences[0]?.repairSuccess).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('lays itself out as a table for people and for Markdown', () => {
    const summary = summarise(smallSuite(), [cellOutcomes(1, 0, [outcome(1), outcome(2, broken)])]);
    const [head = '', row = ''] = summaryTables(summary, 'terminal').split('\n');
    expect(head).toMatch(/^scenario +chaos +order +repaired +repair success/);
    expect(row).toMatch(/^small +monkey +runbook +1\/2 +50\.0 % \(9-91\)/);
    expect(summaryTables(summary, 'markdown').split('\n')[1]).toMatch(/^\| -+ \| -+ \| -+ \| -+: \|/);
  });

  it('begins with how each agent did on each scenario, and on all, when there are several', () => {
    const scenarios = ['shop', 'bank'].map((name) => ({ ...smallScenario(), name }));
    const cells = [
      cellOutcomes(0, 0, [outcome(1, broken), outcome(2)]),
      cellOutcomes(1, 0, [outcome(1)]),
      cellOutcomes(0, 0, [outcome(1, broken), outcome(2, broken)]),
      cellOutcomes(1, 0, [outcome(1)]),
    ].map(({ cell, episodes }, index) => ({ cell: { ...cell, scenario: index < 2 ? 0 : 1 }, episodes }));
    const tables = summaryTables(summarise(smallSuite({ scenarios }), cells), 'terminal');
    const [overview = '', ...others] = tables.split('\n\n');
    expect(overview.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['scenario', 'none', 'runbook'],
      ['shop', '50 % (1/2)', '100 % (1/1)'],
      ['bank', '0 % (0/2)', '100 % (1/1)'],
      ['all', '25 % (1/4)', '100 % (2/2)'],
    ]);
    expect(others).toHaveLength(2);
  });
});
