/** A small shop that experiments act on in tests, and what the importers make of them. */
import {
  compileDocument,
  type FaultReport,
  importFaults,
  parseScenario,
  type Scenario,
  type ScenarioDocument,
  type ScriptedFault,
  scenarioToYaml,
} from '../../src/scenario/index.ts';

/** Web calls cart and stock, cart keeps its data in a store whose machines are stated; two zones. */
export const SHOP: ScenarioDocument = {
  name: 'shop',
  zones: ['east', 'west'],
  nodes: [
    { name: 'east', count: 3, zone: 'east' },
    { name: 'west', count: 3, zone: 'west' },
  ],
  services: {
    web: { replicas: 4, calls: { cart: {}, stock: { perRequest: 0.5 } } },
    cart: { replicas: 3, cpu: { limit: 2 }, memory: { limit: '256Mi', base: '56Mi' }, calls: { store: {} } },
    stock: { replicas: 2, calls: { store: { perRequest: 3 } } },
    store: { replicas: 2, nodes: ['east-1', 'west-1'], storage: {} },
  },
  workloads: [{ name: 'users', service: 'web', rate: '20/s' }],
};

const FILE = 'shop.yaml';

/** The shop, compiled. */
export const shop: Scenario = compileDocument(SHOP, { file: FILE });

/** What a format's files become on the shop, read back from the written variant. */
export function importedFaults(
  format: string,
  texts: readonly string[],
  bindings: ReadonlyMap<string, string> = new Map(),
): { script: readonly ScriptedFault[]; report: FaultReport; yaml: string; scenario: Scenario } {
  const files = texts.map((text, index) => ({ name: `file-${index + 1}`, text }));
  const { yaml, report } = importFaults(files, { format, scenario: shop, extends: FILE, bindings });
  const readBase = () => ({ file: FILE, identity: FILE, text: scenarioToYaml(SHOP) });
  const scenario = parseScenario(yaml, { file: 'variant.yaml', readBase });
  return { script: scenario.script, report, yaml, scenario };
}
