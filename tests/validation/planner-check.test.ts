/** The check that the planner repairs single faults, on a small contest: it passes where repairs exist, and fails else. */
import { expect, test } from 'vitest';
import { checkPlanner } from '../../src/validation/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const faults = ['service.hang'];

test('a hung service is repaired early and at the last decision of chaos, not without a repair', () => {
  const rows = checkPlanner(smallScenario(), { faults });
  expect(new Set(rows.map(({ atSeconds }) => atSeconds))).toEqual(new Set([60, 115]));
  expect(rows.filter(({ passed }) => !passed)).toEqual([]);
  expect(rows.some(({ healsAlone }) => !healsAlone)).toBe(true);
});

test('without the means to repair the check fails, and says what is still broken', () => {
  const rows = checkPlanner(smallScenario({ repairBudget: 0 }), { faults });
  const failed = rows.filter(({ passed }) => !passed);
  expect(failed.length).toBeGreaterThan(0);
  for (const { reason, repairs } of failed) {
    expect(reason).toContain('objectives held for the last');
    expect(repairs).toEqual([]);
  }
});
