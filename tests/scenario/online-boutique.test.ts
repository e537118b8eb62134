/** The default scenario: the facts it takes from the public manifest, and that its numbers make a healthy shop. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  estimateLoad,
  importSystem,
  parseScenario,
  parseScenarioDocument,
  readScenario,
  scenarioToYaml,
} from '../../src/scenario/index.ts';
import { providedText } from '../support/provided-data.ts';

const FILE = 'scenarios/online-boutique.yaml';
const shop = readScenario(FILE);
const manifest = providedText('online-boutique/kubernetes-manifests.yaml');

describe('the online boutique scenario', () => {
  test('has room for its load, but loses its calm when replicas are lost', () => {
    for (const load of estimateLoad(shop.cluster)) {
      expect(load.workerUtilisation, `${load.name} workers`).toBeLessThan(0.65);
      expect(load.cpuUtilisation, `${load.name} cpu`).toBeGreaterThan(0.25);
      expect(load.cpuUtilisation, `${load.name} cpu`).toBeLessThan(0.65);
    }
  });

  test('has one stateful service, three zones and six nodes', () => {
    const { services, zones, nodes } = shop.cluster;
    expect(services.filter((service) => service.storage !== null).map((service) => service.name)).toEqual([
      'redis-cart',
    ]);
    expect([services.length, zones.length, nodes.length]).toEqual([11, 3, 6]);
  });

  test('can be written and read again without a difference', () => {
    const written = scenarioToYaml(parseScenarioDocument(readFileSync(FILE, 'utf8'), { file: FILE }));
    expect(parseScenario(written, { file: 'again.yaml' })).toEqual(shop);
  });

  describe.skipIf(manifest === null)('agrees with the public manifest (needs the provided data)', () => {
    const imported = () => {
      const { yaml } = importSystem([{ name: 'manifest', text: manifest ?? '' }], { format: 'kubernetes' });
      return parseScenario(yaml, { file: 'imported.yaml' }).cluster;
    };
    const callNames = ({ services, calls }: typeof shop.cluster) =>
      calls.map((call) => `${services[call.caller]?.name} -> ${services[call.callee]?.name}`).sort();

    test('on services and calls', () => {
      const names = (cluster: typeof shop.cluster) => cluster.services.map((service) => service.name).sort();
      expect(names(imported())).toEqual(names(shop.cluster));
      expect(callNames(imported())).toEqual(callNames(shop.cluster));
    });

    test('on requests, limits and probes', () => {
      for (const theirs of imported().services) {
        const ours = shop.cluster.services.find((service) => service.name === theirs.name);
        const { cpuLimitCores, cpuRequestCores, memoryLimitBytes, memoryRequestBytes, readiness, liveness } = theirs;
        expect(ours).toMatchObject({
          ...{ name: theirs.name, cpuLimitCores, cpuRequestCores, memoryLimitBytes, memoryRequestBytes },
          ...{ readiness, liveness },
        });
      }
    });
  });
});
