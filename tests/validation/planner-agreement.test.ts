/** Comparing a model with the planner: every repair of the planner becomes a moment, and what counts is counted right. */

import { expect, test } from 'vitest';
import { createEnvironment } from '../../src/environment/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import { type AgreementRow, agreementOf, comparePlanner } from '../../src/validation/index.ts';
import { model } from '../decide/hand-made-model.ts';
import { smallScenario } from '../support/small-scenario.ts';

const row: AgreementRow = {
  scenario: 'small',
  planned: 'service.restart on front',
  plannedAgain: 'service.restart on front',
  advised: 'service.restart on front',
  named: ['service.restart on front', 'service.reschedule on front'],
  visible: true,
  gain: 1,
  advisedGain: 1,
  firstGain: 1,
  topGain: 1,
};

test('the same repair agrees; another one counts by what it gains; waiting and abstaining do not', () => {
  const agreement = agreementOf([
    row,
    { ...row, planned: 'service.reschedule on front', gain: 2, advisedGain: 0.95, firstGain: 0.95 },
    { ...row, advised: 'wait', advisedGain: 0 },
    { ...row, advised: '-', named: [], advisedGain: 0, firstGain: 0, topGain: 0 },
  ]);
  expect(agreement).toEqual({
    moments: 4,
    abstained: 0.25,
    waited: 0.25,
    plannerSame: 0.75,
    adviceSame: 0.25,
    firstSame: 0.5,
    topSame: 0.75,
    adviceAsGood: 0.5,
    firstAsGood: 0.75,
    topAsGood: 0.75,
    firstGained: (1 + 2 * 0.95 + 1) / 5,
  });
});

const environment = createEnvironment(smallScenario(), { engine: 'flow' });
const seat = (name: string) => findPolicy(name)!.make({ lookAhead: environment.lookAhead });
const planner = seat('planner');
const options = { model, environment, chaos: seat('monkey'), planner, again: seat('planner'), episodes: 1, seed: 1 };

test('every repair of the planner is a moment with the answer of the model', () => {
  const rows = [...comparePlanner({ ...options, order: planner, moments: 'all' })];
  expect(rows.length).toBeGreaterThan(0);
  for (const { planned, advised, named, firstGain, topGain } of rows) {
    expect(planned).toMatch(/^\w+\.[\w-]+ on \S+$/);
    expect(['-', 'wait', named[0]]).toContain(advised);
    expect(topGain).toBeGreaterThanOrEqual(Math.max(0, firstGain));
  }
  expect([...comparePlanner({ ...options, order: planner, moments: 'all' })]).toEqual(rows);
});

test('who is asked again is asked about the same moments, and changes nothing', () => {
  const asked = (again: string) => [
    ...comparePlanner({ ...options, again: seat(again), order: planner, moments: 'all' }),
  ];
  const [itself, nobody] = [asked('planner'), asked('none')];
  expect(nobody).toEqual(itself.map((moment) => ({ ...moment, plannedAgain: 'wait' })));
  expect(agreementOf(itself).plannerSame).toBeGreaterThan(0.5);
});

test('alarms ask when users begin to suffer and once a minute, whoever repairs', () => {
  const asked = (moments: 'all' | 'alarms') => [...comparePlanner({ ...options, order: seat('none'), moments })];
  const alarms = asked('alarms');
  expect(alarms.length).toBeGreaterThan(0);
  expect(asked('all').length).toBeGreaterThan(3 * alarms.length);
  expect(alarms.every(({ visible }) => visible)).toBe(true);
});
