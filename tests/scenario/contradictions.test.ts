/** What a scenario file may not say about service times, balancing, pools, breakers and caches, and what it is told. */
import { describe, expect, test } from 'vitest';
import { estimateLoad, parseScenario, type Scenario, validateScenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

/** A small scenario; `web` and `store` are what its services state beside what they need. */
function scenarioText({ web = '', store = '', call = '', defaults = '' }): string {
  return `
name: small
nodes: [{ name: node, count: 2 }]
defaults: { ${defaults} }
services:
  web:
    workers: 8
    ${web}
    calls: { api: { ${call} }, store: {} }
  api: { serviceTime: 10ms }
  store:
    storage: {}
    ${store}
workloads: [{ name: users, service: web, rate: 50 }]
`;
}

function parse(parts: Parameters<typeof scenarioText>[0]): Scenario {
  return parseScenario(scenarioText(parts), { file: 'small.yaml' });
}

describe('a scenario file is refused, with the place and what to do, when', () => {
  const cases: [what: string, parts: Parameters<typeof scenarioText>[0], says: RegExp, at: string, hint: RegExp][] = [
    [
      'exponential service times have another variation',
      { web: 'serviceTimeShape: exponential\n    serviceTimeCv: 0.5' },
      /services\.web\.serviceTimeShape: exponential service times have a serviceTimeCv of 1, not 0\.5/,
      'exponential',
      /one of the two/,
    ],
    [
      'deterministic service times vary',
      { web: 'serviceTimeShape: deterministic' },
      /deterministic service times have a serviceTimeCv of 0, not 1/,
      'deterministic',
      /one of the two/,
    ],
    [
      'hyperexponential service times vary less than exponential ones',
      { web: 'serviceTimeShape: hyperexponential\n    serviceTimeCv: 0.9' },
      /hyperexponential service times have a serviceTimeCv of more than 1, not 0\.9/,
      'hyperexponential',
      /one of the two/,
    ],
    [
      'gamma service times do not vary',
      { web: 'serviceTimeShape: gamma\n    serviceTimeCv: 0' },
      /gamma service times have a serviceTimeCv of more than 0, not 0/,
      'gamma',
      /one of the two/,
    ],
    [
      'a store, which has one leader, balances',
      { store: 'balancing: two-choices' },
      /services\.store\.balancing: .* one leader/,
      'two-choices',
      /Leave balancing out/,
    ],
    [
      'a store fails open',
      { store: 'failOpen: 50%' },
      /services\.store\.failOpen: .* nothing to balance/,
      '50%',
      /Leave failOpen out/,
    ],
    [
      'calls wait for connections of which there are unlimited ones',
      { call: 'connections: unlimited, connectionWait: 1s' },
      /services\.web\.calls\.api\.connectionWait: nobody waits/,
      '1s',
      /State `connections`/,
    ],
    [
      'calls wait for connections and no pool is stated',
      { call: 'connectionWait: 2s' },
      /connectionWait: nobody waits/,
      '2s',
      /State `connections`/,
    ],
    [
      'a breaker waits for more than all calls to fail',
      { call: 'breaker: { failureRatio: 100% }' },
      /services\.web\.calls\.api\.breaker\.failureRatio: .* never open/,
      '100%',
      /less than 100 %/,
    ],
    [
      'a cache answers nothing',
      { call: 'cache: { hitRatio: 0% }' },
      /services\.web\.calls\.api\.cache\.hitRatio: a cache that answers no call/,
      '0%',
      /leave the cache out/,
    ],
    ['a pool has no connection', { call: 'connections: 0' }, /services\.web\.calls\.api\.connections/, '0', /./],
    ['a shape is mistyped', { web: 'serviceTimeShape: gama' }, /write one of exponential, lognormal/, 'gama', /./],
  ];

  test.each(cases)('%s', (_, parts, says, at, hint) => {
    const error = errorOf(() => parse(parts));
    expect(error.code).toBe('SCENARIO_INVALID');
    expect(error.message).toMatch(says);
    expect(error.hint).toMatch(hint);
    expect(error.place?.file).toBe('small.yaml');
    const line = scenarioText(parts).split('\n')[(error.place?.line ?? 0) - 1] ?? '';
    expect(line.slice((error.place?.column ?? 0) - 1)).toMatch(new RegExp(`^${at}`));
  });

  test('it comes back from a recording with such a contradiction', () => {
    const scenario = parse({});
    const services = scenario.cluster.services.map((service) => ({ ...service, serviceTimeCv: 0.5 }));
    const error = errorOf(() =>
      validateScenario({ ...scenario, cluster: { ...scenario.cluster, services } }, { file: 'episode.jsonl', line: 1 }),
    );
    expect(error.message).toMatch(/services\.web\.serviceTimeShape/);
    expect(error.hint).toMatch(/one of the two/);
    expect(error.place).toEqual({ file: 'episode.jsonl', line: 1 });
  });
});

describe('a scenario file may', () => {
  test('leave the shape to the variation', () => {
    const shapes = [0, 1, 2].map((cv) => parse({ web: `serviceTimeCv: ${cv}` }).cluster.services[0]?.serviceTimeShape);
    expect(shapes).toEqual(['deterministic', 'exponential', 'lognormal']);
  });

  test('state the wait of all pools once, also where some calls have none', () => {
    const { cluster } = parse({ defaults: 'call: { connectionWait: 1s }', call: 'connections: 4' });
    expect(cluster.calls.map((each) => [each.connectionsMax, each.connectionWaitSeconds])).toEqual([
      [4, 1],
      [null, 1],
    ]);
  });
});

describe('the estimate of a load', () => {
  test('counts only calls that no cache answers, in rates and in the time they hold their callers', () => {
    const [plain, cached] = ['', 'cache: { hitRatio: 90% }'].map((call) => estimateLoad(parse({ call }).cluster));
    expect(plain?.map((load) => load.requestsPerSecond)).toEqual([50, 50, 50]);
    expect(cached?.[1]?.requestsPerSecond).toBeCloseTo(5, 9);
    const saved = (plain?.[0]?.holdSeconds ?? 0) - (cached?.[0]?.holdSeconds ?? 0);
    expect(saved).toBeGreaterThan(0.009);
    expect(saved).toBeLessThan(0.0095);
  });
});
