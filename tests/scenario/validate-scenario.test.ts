/** Compiled scenarios that come back as JSON, and the fingerprint they are known by. */
import { describe, expect, test } from 'vitest';
import {
  parseScenario,
  readScenario,
  type Scenario,
  scenarioHash,
  validateScenario,
} from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

const shop = readScenario('scenarios/online-boutique.yaml');

const MISDIRECTED = {
  fault: 'node.down',
  severity: 'mild',
  target: 'frontend',
  startSeconds: 1,
  durationSeconds: null,
  peer: null,
  direction: 'both',
  mode: null,
  value: null,
  parameters: {},
};

/** The shop as JSON with one value changed; undefined removes it. */
function changed(path: string, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(shop));
  const steps = path.split('.');
  const parent = steps.slice(0, -1).reduce((part, step) => Reflect.get(Object(part), step), copy);
  Reflect.set(Object(parent), steps.at(-1) ?? '', value);
  return JSON.parse(JSON.stringify(copy));
}

describe('a scenario from a recording', () => {
  test('is accepted as it was written', () => {
    expect(validateScenario(JSON.parse(JSON.stringify(shop)))).toEqual(shop);
  });

  const damaged: [what: string, path: string, value: unknown, code: string, says: string][] = [
    ['a missing field', 'cluster.tickSeconds', undefined, 'SCENARIO_INVALID', 'cluster.tickSeconds'],
    ['a foreign field', 'cluster.colour', 'red', 'SCENARIO_INVALID', 'colour'],
    ['null for a number', 'cluster.nodes.0.cores', null, 'SCENARIO_INVALID', 'cluster.nodes[0].cores'],
    ['a negative time', 'cluster.calls.3.timeoutSeconds', -1, 'SCENARIO_INVALID', 'calls[3].timeoutSeconds'],
    ['a zone that is not there', 'cluster.nodes.1.zone', 3, 'SCENARIO_INVALID', 'nodes[1].zone'],
    ['a call to nobody', 'cluster.calls.2.callee', 11, 'SCENARIO_INVALID', 'calls[2].ends'],
    ['a cycle', 'cluster.calls.0.callee', 0, 'SCENARIO_CALL_CYCLE', 'frontend -> frontend'],
    ['an entry to nobody', 'cluster.workloads.0.service', 99, 'SCENARIO_INVALID', 'workloads[0].service'],
    ['an objective of nobody', 'objectives.0.workload', 1, 'SCENARIO_INVALID', 'objectives[0].workload'],
    ['an unknown component', 'contest.protected', [1000], 'SCENARIO_INVALID', 'contest.protected[0]'],
    ['an unknown fault', 'contest.faultsAllowed', ['node.melt'], 'SCENARIO_UNKNOWN_NAME', 'node.melt'],
    ['a misdirected fault', 'script', [MISDIRECTED], 'SCENARIO_INVALID', 'frontend is a service'],
    ['a name used twice', 'cluster.services.1.name', 'frontend', 'SCENARIO_INVALID', 'frontend'],
    ['another format', 'formatVersion', 2, 'SCENARIO_INVALID', 'formatVersion'],
    ['endless replicas', 'cluster.services.0.replicasMax', 1e9, 'SCENARIO_INVALID', 'replicasMax'],
  ];
  for (const [what, path, value, code, says] of damaged) {
    test(`is refused with ${what}`, () => {
      const error = errorOf(() => validateScenario(changed(path, value), { file: 'a.jsonl' }));
      expect(error.code).toBe(code);
      expect(error.message).toContain(says);
      expect(error.place).toEqual({ file: 'a.jsonl' });
    });
  }

  test('is refused when it is no object', () => {
    expect(errorOf(() => validateScenario('text')).code).toBe('SCENARIO_INVALID');
  });
});

describe('the hash of a scenario', () => {
  const text =
    'name: a\nnodes: [{ name: n }]\nservices: { web: { workers: 4 } }\nworkloads: [{ name: u, service: web, rate: 60/min }]\n';
  const hashOf = (yaml: string) => scenarioHash(parseScenario(yaml, { file: 'a.yaml' }));

  test('does not depend on comments, layout or notation', () => {
    expect(hashOf(`# note\n${text.replace('60/min', '1').replace('workers: 4', '"workers": 4.0')}`)).toBe(hashOf(text));
    expect(hashOf(text)).toMatch(/^[0-9a-f]{16}$/);
  });

  test('survives JSON and another order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(shop).reverse()) as unknown as Scenario;
    expect(scenarioHash(JSON.parse(JSON.stringify(reversed)))).toBe(scenarioHash(shop));
  });

  test('changes with any number', () => {
    expect(hashOf(text.replace('workers: 4', 'workers: 5'))).not.toBe(hashOf(text));
    expect(hashOf(text.replace('60/min', '61/min'))).not.toBe(hashOf(text));
  });
});
