/** Conditions of rules as they are read aloud, in the units people use. */

import { expect, test } from 'vitest';
import { conditionWords, featureForm, type RuleCondition, readingWords } from '../../src/decide/index.ts';
import { contestSpecs } from '../../src/environment/index.ts';

const { observation } = contestSpecs().order;
const features = [
  ...observation.componentFeatures,
  ...observation.clusterFeatures.map((feature) => ({ ...feature, name: `cluster.${feature.name}` })),
];
const unitOf = (name: string) => features.find((feature) => feature.name === name)?.unit ?? '';

test.each<[string, RuleCondition['op'], number, string]>([
  ['signal.latencyP99', '>', Math.log(3.2) / 3, 'p99 latency above 3.2 times its healthy value'],
  ['signal.requestRate', '<=', Math.log(0.5) / 3, 'request rate at most 0.5 times its healthy value'],
  ['signal.errorRatio', '>', 0.12, 'error share above 12 %'],
  ['signal.restarts', '>', 0.5, 'restarts since the last sample: at least 1'],
  ['signal.nodeReady', '<=', 0.5, 'the orchestrator does not hear the machine'],
  ['signal.replicationLag', '>', 0.4, 'replication lag above 0.4 s'],
  ['change.latencyMean', '>', Math.log(1.5) / 3, 'mean latency above 1.5 times that of the sample before'],
  ['change.errorRatio', '<=', 0.05, 'change of error share since the sample before at most 5 percentage points'],
  ['dependencies.max.latency', '>', Math.log(2) / 3, 'worst latency of what it needs above 2 times its healthy value'],
  ['dependents.mean.error', '>', 0.2, 'mean error of what needs it above 20 %'],
  ['replicas', '>', 0.3, 'declared replicas: at least 3'],
  ['stateful', '<=', 0.5, 'it keeps no data'],
  ['repair.recency', '>', 0.8, 'the own last repair here ended less than 60 s ago'],
  ['repair.recent.service.restart', '<=', 0.5, 'service.restart was not started here in the last 150 s'],
  ['signalAge', '>', 0.25, 'age of the signals above 15 s'],
  [
    'cluster.door.successDeficit',
    '>',
    0.3,
    "shortfall of the users' success share below its objective above 3 percentage points",
  ],
  ['cluster.door.latency', '>', 0.5, "users' p99 latency above 1.5 times its objective"],
  ['cluster.repairs.inProgress', '<=', 0.3, 'own repairs in progress: at most 1'],
])('%s %s %d reads "%s"', (feature, op, value, words) => {
  expect(conditionWords({ feature, op, value }, unitOf)).toBe(words);
});

test.each([
  ['signal.latencyP99', Math.log(3.2) / 3, 'p99 latency 3.2 times its healthy value'],
  ['signal.latencyMean', -1, 'mean latency at most 0.0498 times its healthy value'],
  ['signal.requestRate', 1, 'request rate at least 20.1 times its healthy value'],
  ['signal.saturation', 1, 'load of the workers at least 100 %'],
  ['signal.errorRatio', 1, 'error share 100 %'],
  ['signal.restarts', 1, 'restarts since the last sample at least 1'],
  ['signal.nodeReady', 0, 'the orchestrator does not hear the machine'],
])('%s at %d, where the scale may end, is told as "%s"', (name, value, words) => {
  expect(readingWords({ name, unit: unitOf(name) }, value)).toBe(words);
});

test('every feature of the contest has a form of its own, and its threshold a natural value', () => {
  for (const feature of features) {
    const form = featureForm(feature);
    expect(form.title, feature.name).not.toBe(feature.name);
    expect(Number.isFinite(form.toNatural(0.5)), feature.name).toBe(true);
  }
});
