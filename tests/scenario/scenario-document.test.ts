/** Scenario documents made by programs: compiled with the same checks, written as YAML, described by a JSON Schema. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeeplOpsError } from '../../src/base/index.ts';
import {
  compileDocument,
  estimateLoad,
  parseScenario,
  type ScenarioDocument,
  scenarioToYaml,
  validateScenario,
} from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

const CHAIN: ScenarioDocument = {
  name: 'chain',
  nodes: [{ name: 'node', count: 2 }],
  network: { uplinkLatency: 0 },
  services: {
    front: { replicas: 2, workers: 4, serviceTime: '10ms', calls: { back: { perRequest: 2 } } },
    back: { replicas: 1, workers: 2, serviceTime: '20ms', cpuPerRequest: '5ms', cpu: { limit: '500m' } },
  },
  workloads: [{ name: 'users', service: 'front', rate: 40 }],
};

describe('a document made by a program', () => {
  test('is compiled like a file', () => {
    const written = scenarioToYaml(CHAIN);
    expect(parseScenario(written, { file: 'chain.yaml' })).toEqual(compileDocument(CHAIN, { file: 'chain' }));
  });

  test('is refused like a file', () => {
    const wrong = { ...CHAIN, workloads: [{ name: 'users', service: 'fron', rate: 1 }] };
    const error = errorOf(() => compileDocument(wrong, { file: 'generated' }));
    expect(error).toMatchObject({
      code: 'SCENARIO_UNKNOWN_NAME',
      hint: 'Did you mean front?',
      place: { file: 'generated' },
    });
  });

  test('is written with its comments, short parts on one line', () => {
    const yaml = scenarioToYaml(CHAIN, {
      header: 'Made for a test.',
      comments: [
        { path: ['services', 'back', 'workers'], text: 'a guess' },
        { path: ['services', 'front', 'calls', 'back'], text: 'found' },
        { path: ['workloads', 0], text: 'above' },
        { path: ['services', 'front'], text: 'the entry' },
      ],
    });
    expect(yaml).toMatch(/^# Made for a test\.\n/);
    expect(yaml).toContain('  # the entry\n  front:\n');
    expect(yaml).toContain('    workers: 2 # a guess\n');
    expect(yaml).toContain('      back: { perRequest: 2 } # found\n');
    expect(yaml).toContain('  # above\n  - { name: users, service: front, rate: 40 }\n');
  });
});

describe('the estimated load', () => {
  test('follows the calls, and holds a worker for the calls it waits for', () => {
    const [front, back] = estimateLoad(compileDocument(CHAIN, { file: 'chain' }).cluster);
    expect(front?.requestsPerSecond).toBe(40);
    expect(back?.requestsPerSecond).toBe(80);
    expect(front?.holdSeconds).toBeCloseTo(0.05, 10);
    expect(front?.workerUtilisation).toBeCloseTo((40 * 0.05) / 8, 10);
    expect(back?.workerUtilisation).toBeCloseTo((80 * 0.02) / 2, 10);
    expect(back?.cpuUtilisation).toBeCloseTo((80 * 0.005) / 0.5, 10);
  });

  test('falls on the leader alone where there is storage', () => {
    const stateful: ScenarioDocument = {
      ...CHAIN,
      services: { ...CHAIN.services, back: { workers: 2, serviceTime: '10ms', replicas: 2, storage: {} } },
    };
    const [, back] = estimateLoad(compileDocument(stateful, { file: 'chain' }).cluster);
    expect(back?.workerUtilisation).toBeCloseTo((80 * 0.01) / 2, 10);
  });
});

describe('a damaged file', () => {
  test('is either read or refused with a code, whatever was damaged', () => {
    const lines = readFileSync('scenarios/online-boutique.yaml', 'utf8').split('\n');
    const piece = fc.constantFrom(
      '',
      '-1',
      'null',
      '{}',
      '[]',
      ': ',
      '- ',
      '{',
      '"',
      '*a',
      '&a ',
      '\t',
      '1e400',
      'x: y',
      '<<: {}',
    );
    const damage = fc.tuple(fc.nat(lines.length - 1), fc.nat(80), fc.nat(12), piece);
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const text = [...lines];
        for (const [line, column, length, put] of damages) {
          const old = text[line] ?? '';
          text[line] = old.slice(0, column) + put + old.slice(column + length);
        }
        try {
          const scenario = parseScenario(text.join('\n'), { file: 'damaged.yaml' });
          expect(validateScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
        } catch (error) {
          expect(error).toBeInstanceOf(DeeplOpsError);
          expect((error as DeeplOpsError).code).toMatch(/^(YAML|SCENARIO)_/);
        }
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
