/** Variants: what a file that extends others is, and which file a complaint names. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseScenario, readScenario, type Scenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deepl-ops-extends-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const BASE = [
  'name: base',
  'nodes: [{ name: node, count: 3 }]',
  'services:',
  '  web: { replicas: 3, workers: 4, calls: { db: { retries: 2, timeout: 2s } } }',
  '  db: { cpu: { limit: 2 } }',
  'workloads: [{ name: users, service: web, rate: 10/s }]',
  'contest: { protected: [db], rewards: { repairedBonus: 5 } }',
].join('\n');

/** The scenario in the first of these files. */
function read(files: Readonly<Record<string, string>>): Scenario {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return readScenario(join(folder, Object.keys(files)[0] ?? ''));
}

describe('a variant', () => {
  test('is its base with what it states laid over it, key by key', () => {
    const { name, cluster, contest } = read({
      'variant.yaml': [
        'extends: base.yaml',
        'name: variant',
        'services: { web: { replicas: 5, calls: { db: { timeout: 3s } } }, cache: {} }',
        'contest: { rewards: { lossWeight: 1 } }',
      ].join('\n'),
      'base.yaml': BASE,
    });
    expect(name).toBe('variant');
    expect(cluster.services.map((service) => [service.name, service.replicas, service.workers])).toEqual([
      ['web', 5, 4],
      ['db', 2, 8],
      ['cache', 2, 8],
    ]);
    expect(cluster.calls).toMatchObject([{ retriesMax: 2, timeoutSeconds: 3 }]);
    expect(contest.rewards).toMatchObject({ repairedBonus: 5, lossWeight: 1 });
  });

  test('replaces lists and plain values, and takes away what it says is null', () => {
    const { cluster, contest } = read({
      'variant.yaml': [
        'extends: base.yaml',
        'services: { db: null, web: { calls: null } }',
        'workloads: [{ name: more, service: web, rate: 20/s }]',
        'contest: { protected: [] }',
      ].join('\n'),
      'base.yaml': BASE,
    });
    expect(cluster.services.map((service) => service.name)).toEqual(['web']);
    expect(cluster.calls).toEqual([]);
    expect(cluster.workloads.map((workload) => workload.name)).toEqual(['more']);
    expect(contest.protected).toEqual([]);
  });

  test('may extend several, later ones over earlier ones, and variants in other folders', () => {
    const { cluster } = read({
      'variants/both.yaml': 'extends: [../deep/middle.yaml, ../more.yaml]\nname: both',
      'deep/middle.yaml': 'extends: ../base.yaml\nservices: { web: { replicas: 7, workers: 9 } }',
      'more.yaml': 'services: { web: { workers: 11 } }',
      'base.yaml': BASE,
    });
    expect(cluster.services[0]).toMatchObject({ replicas: 7, workers: 11 });
  });

  test('may extend a shipped scenario by its name', () => {
    const shop = read({ 'a.yaml': 'extends: online-boutique\nname: mine' });
    expect([shop.name, shop.cluster.services.length]).toEqual(['mine', 11]);
    expect(read({ 'b.yaml': 'extends: retry-storm' }).name).toBe('retry-storm');
  });
});

describe('a complaint', () => {
  /** File, line and column of the complaint, and what it says. */
  const complaint = (files: Readonly<Record<string, string>>) => {
    const { place, message, code, hint } = errorOf(() => read(files));
    const file = place?.file?.slice(folder.length + 1);
    return { at: `${file}:${place?.line}:${place?.column}`, message, code, hint };
  };
  const variant = (text: string) => ({ 'variant.yaml': `extends: base.yaml\n${text}`, 'base.yaml': BASE });

  test('names the file that states the wrong value', () => {
    expect(complaint(variant('services: { web: { replicas: many } }'))).toMatchObject({
      at: 'variant.yaml:2:30',
      message: 'services.web.replicas: write a whole number',
    });
    expect(complaint({ ...variant('name: x'), 'base.yaml': BASE.replace('limit: 2', 'limit: 2GHz') })).toMatchObject({
      at: 'base.yaml:5:23',
      message: expect.stringContaining('cannot read "2GHz"; write 200m, 0.5 or 2 cores'),
    });
    expect(complaint({ ...variant('name: x'), 'base.yaml': BASE.replace('workers', 'worker') })).toMatchObject({
      at: 'base.yaml:4:23',
      message: expect.stringContaining('did you mean workers?'),
    });
    expect(complaint({ ...variant('name: x'), 'base.yaml': 'a: [' })).toMatchObject({
      code: 'YAML_SYNTAX',
      at: 'base.yaml:1:5',
    });
  });

  test('about a name names the file that says it, and the nearest right one', () => {
    const script = (fault: string) => `script:\n  - { ${fault}, severity: mild, start: 0 }`;
    expect(complaint(variant(script('fault: service.kil, target: web')))).toMatchObject({
      at: 'variant.yaml:3:14',
      hint: 'Did you mean service.kill?',
    });
    expect(complaint(variant(script('fault: service.kill, target: wed')))).toMatchObject({
      at: 'variant.yaml:3:36',
      message: 'script[0].target: there is no component wed',
      hint: 'Did you mean web?',
    });
    expect(
      complaint(variant(script('fault: service.kill, target: web, parameters: { graceSecond: 1 }'))),
    ).toMatchObject({
      hint: 'Did you mean graceSeconds?',
    });
    expect(complaint(variant('services: { db: null }'))).toMatchObject({
      at: 'base.yaml:4:44',
      message: expect.stringContaining('there is no service db'),
    });
  });

  test('about what is missing, or null where nothing is below, is at the file itself', () => {
    expect(complaint({ 'variant.yaml': 'extends: base.yaml\nname: x', 'base.yaml': 'nodes: []' })).toMatchObject({
      at: 'base.yaml:1:8',
    });
    expect(complaint(variant('workloads: null')).message).toContain('workloads: is missing');
    expect(complaint(variant('services: { wed: null }'))).toMatchObject({ at: 'variant.yaml:2:18' });
  });

  test('about the reference is where it stands', () => {
    expect(complaint({ 'a.yaml': 'name: x\nextends: gone.yaml' })).toMatchObject({
      code: 'FILE_NOT_FOUND',
      at: 'a.yaml:2:10',
    });
    expect(complaint({ 'a.yaml': 'extends: online-botique' }).hint).toContain('Did you mean online-boutique?');
    expect(complaint({ 'a.yaml': 'extends: 5' })).toMatchObject({ at: 'a.yaml:1:10', code: 'SCENARIO_INVALID' });
    expect(complaint({ 'a.yaml': 'extends: []' }).message).toContain('write 1 to 8 scenario files');
    expect(errorOf(() => parseScenario('extends: a.yaml', { file: 'x' })).message).toContain(
      'only a scenario in a file',
    );
  });

  test('about files that extend each other is at the one that closes the circle', () => {
    const circle = complaint({
      'a.yaml': 'extends: b.yaml',
      'b.yaml': 'extends: c.yaml',
      'c.yaml': 'extends: ./b.yaml',
    });
    expect(circle).toMatchObject({ at: 'c.yaml:1:10', message: expect.stringContaining('in a circle') });
    expect(complaint({ 'a.yaml': 'extends: a.yaml' }).message).toContain('in a circle');
    const chain = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`f${at}.yaml`, `extends: f${at + 1}.yaml`]),
    );
    expect(complaint(chain).message).toContain('more than 8 files');
  });
});
