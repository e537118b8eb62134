/** Generated systems: same seed same file, of a realistic shape, half busy, and healthy while nothing happens to them. */
import { describe, expect, test } from 'vitest';
import { NO_OP } from '../../src/contract/index.ts';
import { createEnvironment } from '../../src/environment/index.ts';
import {
  compileDocument,
  estimateLoad,
  generateScenario,
  parseScenario,
  type Scenario,
  scenarioToYaml,
} from '../../src/scenario/index.ts';

function generated(services: number, seed: number, replicasPerService?: number): Scenario {
  const sized = replicasPerService === undefined ? {} : { replicasPerService };
  return compileDocument(generateScenario({ services, seed, ...sized }), { file: 'generated' });
}

const large = generated(300, 3);

describe('a generated scenario', () => {
  test('depends on size and seed alone', () => {
    expect(generateScenario({ services: 40, seed: 5 })).toEqual(generateScenario({ services: 40, seed: 5 }));
    expect(generateScenario({ services: 40, seed: 5 })).not.toEqual(generateScenario({ services: 40, seed: 6 }));
  });

  test('can be written as YAML and read again without a difference', () => {
    const document = generateScenario({ services: 20, seed: 1 });
    const read = parseScenario(scenarioToYaml(document), { file: 'generated.yaml' });
    expect(read).toEqual(compileDocument(document, { file: 'generated.yaml' }));
  });

  test.each([3, 8, 33, 100])('has the %i services asked for, all of them reached by users', (services) => {
    const { cluster } = generated(services, 11);
    expect(cluster.services.length).toBe(services);
    for (const load of estimateLoad(cluster)) expect(load.requestsPerSecond, load.name).toBeGreaterThan(0);
  });

  test('has the replicas asked for', () => {
    const { services } = generated(60, 2, 8).cluster;
    const replicas = services.reduce((sum, service) => sum + service.replicas, 0);
    expect(replicas / services.length).toBeCloseTo(8, 0);
  });

  test('is neither idle nor overloaded', () => {
    const loads = estimateLoad(large.cluster);
    const workers = loads.map((load) => load.workerUtilisation);
    expect(Math.max(...workers)).toBeLessThan(0.6);
    expect(workers.filter((busy) => busy > 0.3).length).toBeGreaterThan(0.6 * workers.length);
    for (const load of loads) expect(load.cpuUtilisation, load.name).toBeLessThan(0.6);
  });
});

describe('the calls of a generated scenario', () => {
  const { services, calls, workloads } = large.cluster;
  const callsOf = (service: number) => calls.filter((call) => call.caller === service);
  const fanOuts = services.map((_, service) => callsOf(service).length).sort((a, b) => b - a);
  const callers = services.map((_, service) => calls.filter((call) => call.callee === service).length);

  test('are few for most services and many for some', () => {
    expect(fanOuts[0]).toBeGreaterThan(8);
    expect(fanOuts[Math.floor(services.length / 2)]).toBeLessThanOrEqual(2);
  });

  test('form a tree for the most part, with a few services that many share', () => {
    const shared = callers.filter((count) => count >= 5).length;
    expect(shared).toBeGreaterThan(2);
    expect(shared).toBeLessThan(0.1 * services.length);
    expect(callers.filter((count) => count === 1).length).toBeGreaterThan(0.6 * services.length);
  });

  test('are shallow', () => {
    const depth = (service: number): number => 1 + Math.max(0, ...callsOf(service).map((call) => depth(call.callee)));
    const deepest = Math.max(...workloads.map((workload) => depth(workload.service)));
    expect(deepest).toBeGreaterThanOrEqual(4);
    expect(deepest).toBeLessThanOrEqual(7);
  });

  test('end at the stores', () => {
    for (const [service, { storage, name }] of services.entries()) {
      if (storage !== null) expect(callsOf(service), name).toEqual([]);
    }
  });
});

test.each([
  [15, 1],
  [15, 2],
  [50, 1],
])('a healthy system of %i services (seed %i) holds its objectives', (services, seed) => {
  const environment = createEnvironment(generated(services, seed), { engine: 'flow' });
  environment.reset({ seed: 4 });
  while (environment.running) environment.advance(NO_OP, NO_OP);
  expect(environment.verdict).toMatchObject({ repaired: true, brokenSeconds: 0 });
  expect(environment.verdict?.availability).toBeGreaterThan(0.999);
});
