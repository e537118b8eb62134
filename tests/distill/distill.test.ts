/** Rules from a network, on a small contest: what they are, what is said about them, and that they are the same again. */

import { expect, test } from 'vitest';
import type { RulesDocument } from '../../src/decide/index.ts';
import { distillDefaults, distillRules, exportOrderModel } from '../../src/distill/index.ts';
import { createEnvironment } from '../../src/environment/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import { agent, spec } from '../decide/hand-made-model.ts';
import { smallScenario } from '../support/small-scenario.ts';

const settings = {
  ...distillDefaults,
  rounds: 2,
  episodesPerRound: 8,
  leaves: [24, 8],
  repairWeights: [4],
  selectionEpisodes: [4, 2],
  testEpisodes: 8,
  horizonSteps: 4,
  quietEvery: 4,
};

function options() {
  // Repairs are free here: whoever repairs as the network does fares best, and is kept.
  const scenario = smallScenario();
  const rewards = { ...scenario.contest.rewards, repairCostWeight: 0 };
  const free = { ...scenario, contest: { ...scenario.contest, rewards } };
  const environment = createEnvironment(free, { engine: 'flow' });
  const chaos = findPolicy('monkey')?.make({});
  const silence = findPolicy('none')?.make({});
  if (chaos === undefined || silence === undefined) throw new Error('both are in the catalogue');
  return { tables: [{ environment, chaos, silence }], settings, seed: 3 };
}

function run<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}

const { files, report } = run(
  exportOrderModel(agent, {
    origin: { spec, training: {}, codeVersion: 'test' },
    distill: options(),
    played: { scenarios: ['small'], chaos: ['monkey'] },
    episodeSeconds: 180,
  }),
);
const document: RulesDocument = JSON.parse(String(files['rules.json']));
const card = JSON.parse(String(files['card.json']));

test('rules do what their network does', () => {
  expect(document.rules.length).toBeGreaterThan(0);
  expect(document.rules.map((rule) => rule.do)).toEqual(document.rules.map(() => 'service.restart-unready'));
  expect(report.leaves).toBeLessThanOrEqual(24);
  expect(report.fidelity.networkRepairs).toBeGreaterThan(0);
  expect(report.fidelity.sameRepair).toBeGreaterThan(0.7);
  expect(report.repairedRatio.value).toBeGreaterThan(0.8);
});

test('they carry the hashes of their agent, and shares that are shares', () => {
  expect(document).toMatchObject({ observationHash: spec.observation.hash, actionHash: spec.action.hash });
  expect(document.rules.reduce((sum, { support }) => sum + support, 0)).toBeLessThanOrEqual(1.001);
  for (const { precision, support } of document.rules) {
    expect(precision).toBeGreaterThan(0);
    expect(precision).toBeLessThanOrEqual(1);
    expect(support).toBeGreaterThanOrEqual(0);
  }
});

test('rules, network and doing nothing are measured by the same episodes, quiet ones apart', () => {
  for (const score of [report.none, report.network, report.rules]) {
    expect(score).toMatchObject({ episodes: 6, quietEpisodes: 2 });
    expect(score.repairedShare.low).toBeLessThanOrEqual(score.repaired / score.episodes);
  }
  expect(report.candidates.map(({ kept }) => kept)).toEqual([true, false, false, false]);
  // Four episodes of the first stage, one of them quiet, and for the better half two more.
  expect(report.candidates.map((candidate) => candidate.episodes)).toEqual([5, 5, 3, 3]);
  expect(report.fidelity.decisions).toBe(8 * 36);
});

test('the card tells how faithful the rules are and how the limits of knowledge were measured', () => {
  expect(card.rules).toMatchObject({ leaves: report.leaves, fidelity: { uncovered: expect.any(Number) } });
  expect(card.rules.testEpisodes.returnShare).toMatchObject({ value: expect.any(Number) });
  expect(card.abstention.limits).toMatchObject({ ageSecondsMax: 60, alertAgeSecondsMax: 180 });
  expect(card.abstention.hiddenSignals.byKnownShare).toHaveLength(5);
});

test('the card tells how good the agent is, by the network in the test episodes', () => {
  const { episodes, repaired, repairedShare, meanReturn } = report.network;
  expect(card.scores).toMatchObject({ episodes, repaired, repairedShare, meanReturn, played: { chaos: ['monkey'] } });
});

test('the rule sheet says what to do, in words', () => {
  expect(String(files['rules.md'])).toContain('then **service.restart-unready**: restart in place the replicas');
});

test('all of it comes out the same again', () => {
  const again = run(distillRules(agent, options()));
  expect(again.report).toEqual(report);
  expect(again.rules.rules.map(({ when }) => when)).toEqual(
    document.rules.map(({ when }) => when.map(({ feature, op, value }) => ({ feature, op, value }))),
  );
});
