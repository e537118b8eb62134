/** What a scenario file becomes, and what a wrong one is told. */
import { describe, expect, test } from 'vitest';
import type { ErrorPlace } from '../../src/base/index.ts';
import { parseScenario, RETRY_BUDGET_NONE, type Scenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

const SMALL = `
name: small
zones: [east, west]
nodes:
  - { name: big, zone: east, cores: 8, memory: 16Gi }
  - { name: node, count: 3, cores: 2, memory: 4Gi, uplink: 1Gbit/s }
defaults:
  service: { workers: 4, memory: { limit: 512Mi } }
  call: { timeout: 400ms, retries: 3 }
services:
  web:
    replicas: 3
    cpu: { limit: 500m }
    memory: { base: 100Mi }
    readiness: { period: 5s }
    calls:
      store: { perRequest: 1.5, retryBudget: none }
      ads: { required: false, timeout: 50ms }
  ads: { serviceTime: 3ms, workers: 2 }
  store:
    replicas: 2
    nodes: [big, node-2]
    storage: { disk: 20Gi, election: never }
workloads:
  - { name: users, service: web, rate: 600/min }
`;

function parse(text: string): Scenario {
  return parseScenario(text, { file: 'small.yaml' });
}

/** The small file with one part replaced. */
function edited(from: string, to: string): string {
  expect(SMALL).toContain(from);
  return SMALL.replace(from, to);
}

/** What stands in the text from the place on. */
function textAt(text: string, place: ErrorPlace | undefined): string {
  return (text.split('\n')[(place?.line ?? 0) - 1] ?? '').slice((place?.column ?? 0) - 1);
}

describe('a scenario file', () => {
  test('gives services, nodes and calls dense indices in the order of the file', () => {
    const { cluster } = parse(SMALL);
    expect(cluster.services.map((service) => service.name)).toEqual(['web', 'ads', 'store']);
    expect(cluster.nodes.map((node) => `${node.name} ${node.zone}`)).toEqual([
      'big 0',
      'node-1 1',
      'node-2 0',
      'node-3 1',
    ]);
    expect(cluster.calls.map((call) => [call.caller, call.callee, call.perRequest])).toEqual([
      [0, 2, 1.5],
      [0, 1, 1],
    ]);
    expect(cluster.services[2]?.placement).toEqual([0, 2]);
  });

  test('takes its numbers in SI units', () => {
    const { cluster } = parse(SMALL);
    expect(cluster.nodes[1]).toEqual({
      name: 'node-1',
      zone: 1,
      cores: 2,
      memoryBytes: 4 * 1024 * 1024 * 1024,
      uplinkBytesPerSecond: 125_000_000,
    });
    expect(cluster.workloads[0]?.requestsPerSecond).toBe(10);
    expect(cluster.services[1]?.serviceTimeSeconds).toBe(0.003);
  });

  test('lays its own defaults over the built-in ones, and each section over those', () => {
    const { cluster } = parse(SMALL);
    expect(cluster.services.map((service) => service.workers)).toEqual([4, 2, 4]);
    expect(cluster.services[0]?.memoryLimitBytes).toBe(512 * 1024 * 1024);
    expect(cluster.services[0]?.memoryBaseBytes).toBe(100 * 1024 * 1024);
    expect(cluster.services[0]?.cpuLimitCores).toBe(0.5);
    expect(cluster.calls.map((call) => [call.timeoutSeconds, call.retriesMax])).toEqual([
      [0.4, 3],
      [0.05, 3],
    ]);
    expect(cluster.services[0]?.readiness).toEqual({
      initialDelaySeconds: 0,
      periodSeconds: 5,
      timeoutSeconds: 1,
      failureThreshold: 3,
      successThreshold: 1,
    });
  });

  test('makes stateful only what states storage, and knows never and none', () => {
    const { cluster } = parse(SMALL);
    expect(cluster.services.map((service) => service.storage !== null)).toEqual([false, false, true]);
    expect(cluster.services[2]?.storage?.electionSeconds).toBeNull();
    expect(cluster.calls[0]?.retryBudgetRatio).toBe(RETRY_BUDGET_NONE);
    expect(cluster.calls[0]?.retryBudgetRatio).toBeGreaterThan(cluster.calls[0]?.retriesMax ?? Infinity);
  });

  test('has the default objective for every workload unless it states its own', () => {
    expect(parse(SMALL).objectives).toEqual([{ workload: 0, successRatioMin: 0.99, latencyP99SecondsMax: 1 }]);
    const own = parse(`${SMALL}objectives: [{ workload: users, successRatio: 95%, latencyP99: 300ms }]`);
    expect(own.objectives).toEqual([{ workload: 0, successRatioMin: 0.95, latencyP99SecondsMax: 0.3 }]);
  });

  test('numbers protected components services first, then nodes, links and disks', () => {
    const { contest } = parse(`${SMALL}contest: { protected: [store-disk-1, big, east--west, node-3-uplink, web] }`);
    expect(contest.protected).toEqual([0, 3, 10, 11, 13]);
  });

  test('runs its fault script in order of start', () => {
    const { script } = parse(`${SMALL}
script:
  - { fault: service.kill, target: web, severity: severe, start: 2m }
  - { fault: link.loss, target: big-uplink, severity: mild, start: 30s, duration: 1m }
`);
    const plain = { peer: null, direction: 'both', mode: null, value: null, parameters: {} };
    expect(script).toEqual([
      { fault: 'link.loss', target: 'big-uplink', severity: 'mild', startSeconds: 30, durationSeconds: 60, ...plain },
      { fault: 'service.kill', target: 'web', severity: 'severe', startSeconds: 120, durationSeconds: null, ...plain },
    ]);
  });

  test('is the same as JSON', () => {
    const scenario = parse(SMALL);
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  test('may share parts by anchors, aliases and merge keys', () => {
    const shared = SMALL.replace(
      'ads: { serviceTime: 3ms, workers: 2 }',
      'ads: &tiny { serviceTime: 3ms, workers: 2 }',
    );
    const { cluster } = parse(shared.replace('    replicas: 2\n', '    <<: *tiny\n    replicas: 2\n'));
    expect(cluster.services[2]).toMatchObject({ workers: 2, serviceTimeSeconds: 0.003, replicas: 2 });
  });
});

describe('a wrong scenario file is refused at its place:', () => {
  const wrong: [what: string, from: string, to: string, code: string, at: string, says: RegExp][] = [
    ['an open bracket', '[east, west]', '[east, west', 'YAML_SYNTAX', 'nodes:', /./],
    ['a key written twice', '      ads: {', '      store: {', 'YAML_SYNTAX', 'store: { req', /there twice/],
    ['an unknown tag', 'name: small', 'name: !secret small', 'YAML_SYNTAX', '!secret', /tag/],
    ['a mistyped key', 'replicas: 3', 'replica: 3', 'SCENARIO_INVALID', 'replica: 3', /did you mean replicas\?/],
    ['an alien key', 'name: small', 'name: small\nqwxz: 1', 'SCENARIO_INVALID', 'qwxz', /known keys are formatVersion/],
    ['a negative number', 'Time: 3ms', 'Time: -3ms', 'SCENARIO_INVALID', '-3ms', /more than 0, but is -3ms/],
    ['not a number', 'perRequest: 1.5', 'perRequest: .nan', 'SCENARIO_INVALID', '.nan', /number/],
    ['an infinite number', 'rate: 600/min', 'rate: .inf', 'SCENARIO_INVALID', '.inf', /200\/s/],
    ['a unit of another kind', 'limit: 512Mi', 'limit: 512ms', 'SCENARIO_INVALID', '512ms', /128Mi/],
    ['a bare percentage', 'retryBudget: none', 'retryBudget: 5000', 'SCENARIO_INVALID', '5000', /at most 1000/],
    ['a fraction of a replica', 'replicas: 3', 'replicas: 2.5', 'SCENARIO_INVALID', '2.5', /whole number/],
    ['a list for a map', '{ serviceTime: 3ms, workers: 2 }', '[3ms]', 'SCENARIO_INVALID', '[3ms]', /map of fields/],
    ['an empty service', 'ads: { serviceTime: 3ms, workers: 2 }', 'ads:', 'SCENARIO_INVALID', '', /is empty.*\{\}/],
    ['a missing part', 'name: small', 'description: x', 'SCENARIO_INVALID', 'description', /name: is missing/],
    ['a name that is a number', '  ads: { s', '  404: { s', 'SCENARIO_INVALID', '404', /letter/],
    ['a future format', 'name: small', 'name: small\nformatVersion: 2', 'SCENARIO_INVALID', '2', /version 1/],
    ['an unknown callee', '      store: {', '      stor: {', 'SCENARIO_UNKNOWN_NAME', 'stor: {', /no service stor$/],
    ['an unknown zone', 'zone: east', 'zone: north', 'SCENARIO_UNKNOWN_NAME', 'north', /no zone north/],
    ['an unknown node', 'node-2]', 'node-9]', 'SCENARIO_UNKNOWN_NAME', 'node-9', /no node node-9/],
    ['an unknown entry', 'service: web', 'service: webb', 'SCENARIO_UNKNOWN_NAME', 'webb', /no service webb/],
    ['too many required', 's: 3\n', 's: 3\n    replicasRequired: 4\n', 'SCENARIO_INVALID', '4', /required/],
    ['a replica without a node', '[big, node-2]', '[big]', 'SCENARIO_INVALID', '[big]', /1 nodes for 2 replicas/],
    ['a request above the limit', '{ limit: 500m }', '{ limit: 500m, request: 1 }', 'SCENARIO_INVALID', '1 }', /limit/],
    ['a full disk', 'disk: 20Gi', 'disk: 20Gi, used: 19.5Gi', 'SCENARIO_INVALID', '19.5Gi', /watermark/],
    [
      'no room on a node',
      'limit: 512Mi',
      'limit: 9Gi, request: 5Gi',
      'SCENARIO_INVALID',
      '- { name: big',
      /node-2 has less memory/,
    ],
    ['no room on any node', 'limit: 500m', 'limit: 9, request: 8.5', 'SCENARIO_INVALID', '- {', /less cpu .*\(web\)/],
    [
      'one name twice',
      '  ads: { s',
      '  node-1: {}\n  ads: { s',
      'SCENARIO_INVALID',
      '- {',
      /two components are called node-1/,
    ],
    ['a huge cluster', 'count: 3', 'count: 1e9', 'SCENARIO_INVALID', '1e9', /at most 4096/],
  ];
  for (const [what, from, to, code, at, says] of wrong) {
    test(what, () => {
      const text = edited(from, to);
      const error = errorOf(() => parse(text));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(says);
      expect(error.place?.file).toBe('small.yaml');
      expect(textAt(text, error.place).slice(0, at.length)).toBe(at);
    });
  }

  test('a cycle of calls, with the services on it', () => {
    const text = edited('    storage:', '    calls: { ads: {} }\n    storage:').replace(
      'workers: 2',
      'calls: { web: {} }',
    );
    const error = errorOf(() => parse(text));
    expect(error.code).toBe('SCENARIO_CALL_CYCLE');
    expect(error.message).toContain('web -> store -> ads -> web');
    expect(textAt(text, error.place)).toMatch(/^\{\} \} \}/);
  });

  test('a fault script that cannot be run', () => {
    const complaint = (fault: string) => {
      const { code, hint, message } = errorOf(() => parse(`${SMALL}script: [{ ${fault}, start: 0 }]\n`));
      return `${code} ${message} ${hint}`;
    };
    expect(complaint('fault: service.kil, target: web, severity: mild')).toMatch(/UNKNOWN_NAME .*mean service\.kill\?/);
    expect(complaint('fault: service.kill, target: web, severity: midl')).toMatch(/UNKNOWN_NAME .*mean mild\?/);
    expect(complaint('fault: service.kill, target: wep, severity: mild')).toMatch(/UNKNOWN_NAME .*mean web\?/);
    expect(complaint('fault: service.kill, target: big, severity: mild')).toContain(
      'targets a service, but big is a node',
    );
  });

  test('unknown faults and components in the rules', () => {
    const faults = `${SMALL}contest: { faults: [node.don] }\n`;
    expect(errorOf(() => parse(faults))).toMatchObject({
      code: 'SCENARIO_UNKNOWN_NAME',
      hint: 'Did you mean node.down?',
    });
    const contest = `${SMALL}contest: { protected: [stor] }\n`;
    expect(errorOf(() => parse(contest))).toMatchObject({ code: 'SCENARIO_UNKNOWN_NAME', hint: 'Did you mean store?' });
  });

  test('an empty file, a list, and several documents', () => {
    expect(errorOf(() => parse('')).message).toContain('empty');
    expect(errorOf(() => parse('# nothing\n')).message).toContain('empty');
    expect(errorOf(() => parse('- a\n')).code).toBe('SCENARIO_INVALID');
    expect(errorOf(() => parse(`${SMALL}---\n${SMALL}`)).code).toBe('YAML_SYNTAX');
  });

  test('text made to exhaust memory or stack', () => {
    const bomb = Array.from({ length: 30 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}x]`,
    );
    expect(errorOf(() => parse(bomb.join('\n'))).code).toBe('YAML_SYNTAX');
    expect(errorOf(() => parse('['.repeat(100_000))).code).toBe('YAML_SYNTAX');
    expect(errorOf(() => parse('a: &a [*a]')).code).toMatch(/YAML_SYNTAX|SCENARIO_INVALID/);
    expect(errorOf(() => parse(`# ${'x'.repeat(5 * 1024 * 1024)}`)).code).toBe('YAML_SYNTAX');
  });

  test('keys that are special in JavaScript', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      const error = errorOf(() => parse(`${SMALL}${key}: { polluted: true }\n`));
      expect(error.message).toContain(key === '__proto__' ? 'cannot be a key' : `unknown key ${key}`);
      const service = edited('  ads: { s', `  ${key}: {}\n  ads: { s`);
      if (key === '__proto__') expect(errorOf(() => parse(service)).code).toBe('YAML_SYNTAX');
      else expect(parse(service).cluster.services[1]?.name).toBe(key);
    }
  });
});
