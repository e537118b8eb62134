/** Fault scripts as Chaos Mesh objects: only documented fields, everything else listed, and back again. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { faultKinds } from '../../src/faults/index.ts';
import {
  compileDocument,
  exportChaosMesh,
  importFaults,
  meshFormNames,
  parseScenario,
  type Scenario,
  type ScenarioDocument,
  scenarioToYaml,
} from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';
import { SHOP } from './experiments.ts';

type ScriptedFaultSection = NonNullable<ScenarioDocument['script']>[number];

/** The shop with this script. */
function scripted(script: ScriptedFaultSection[]): Scenario {
  return compileDocument({ ...SHOP, script }, { file: 'shop.yaml' });
}

function exported(script: ScriptedFaultSection[]) {
  const scenario = scripted(script);
  return exportChaosMesh({ scenario, script: scenario.script, name: 'shop storm', origin: 'the script of shop' });
}

const severe = { severity: 'severe', start: '30s', duration: '2m' };
/** A target for each kind of component, where every fault of it makes sense. */
const TARGETS = { service: 'cart', node: 'east-2', link: 'east--west', disk: 'store-disk-1' };

/** Fields as the reference of Chaos Mesh has them, by kind; those of all kinds apart. */
const COMMON = ['selector', 'mode', 'value', 'duration', 'containerNames'];
const FIELDS: Record<string, string[]> = {
  NetworkChaos: [
    'action',
    'delay',
    'loss',
    'duplicate',
    'corrupt',
    'rate',
    'bandwidth',
    'direction',
    'target',
    'externalTargets',
  ],
  PodChaos: ['action', 'gracePeriod'],
  StressChaos: ['stressors', 'stressngStressors'],
  IOChaos: ['action', 'delay', 'errno', 'attr', 'mistake', 'path', 'methods', 'percent', 'volumePath'],
  DNSChaos: ['action', 'patterns'],
  HTTPChaos: ['target', 'abort', 'delay', 'replace', 'patch', 'port', 'path', 'method', 'code'],
  TimeChaos: ['timeOffset', 'clockIds'],
  PhysicalMachineChaos: ['action', 'address', 'stress-cpu'],
};
const SELECTOR = [
  'namespaces',
  'labelSelectors',
  'expressionSelectors',
  'nodes',
  'nodeSelectors',
  'pods',
  'physicalMachines',
];

/** Fields that are not documented. */
function strayFields(kind: string, spec: Record<string, unknown>): string[] {
  const known = [...COMMON, ...(FIELDS[kind] ?? [])];
  const stray = Object.keys(spec).filter((field) => !known.includes(field));
  return [...stray, ...Object.keys((spec.selector ?? {}) as object).filter((field) => !SELECTOR.includes(field))];
}

interface MeshObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; annotations: object };
  spec: Record<string, unknown>;
}

interface Template {
  name: string;
  templateType: string;
  deadline?: string;
  children?: string[];
  schedule?: { schedule: string; type: string; [field: string]: unknown };
  [field: string]: unknown;
}

function templatesOf(workflow: string): Template[] {
  return (parse(workflow) as { spec: { templates: Template[] } }).spec.templates;
}

describe('every fault', () => {
  test('is a Chaos Mesh experiment, or has a reason why it is not', () => {
    expect([...meshFormNames].sort()).toEqual(faultKinds.map(({ name }) => name).sort());
  });

  for (const { name, target, severities } of faultKinds) {
    test(`${name} is written in documented fields, or listed`, () => {
      for (const { name: severity } of severities) {
        const scenario = compileDocument(SHOP, { file: 'shop' });
        const script = [
          {
            fault: name,
            target: TARGETS[target],
            severity,
            startSeconds: 30,
            durationSeconds: 120,
            peer: null,
            direction: 'both' as const,
            mode: null,
            value: null,
            parameters: {},
          },
        ];
        const write = () => exportChaosMesh({ scenario, script, name: 'x', origin: 'a test' });
        if (!canBeWritten(write)) {
          const error = errorOf(write);
          expect([error.code, error.hint.startsWith(`${name} on ${TARGETS[target]} at 30s: `)]).toEqual([
            'EXPORT_EMPTY',
            true,
          ]);
          continue;
        }
        const { objects, workflow } = write();
        for (const { text } of objects) {
          const { apiVersion, kind, metadata, spec } = parse(text) as MeshObject;
          expect([apiVersion, metadata.annotations]).toEqual(['chaos-mesh.org/v1alpha1', { 'deepl-ops/start': '30s' }]);
          expect(metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,55}[a-z0-9])?$/);
          if (kind !== 'Workflow') expect(strayFields(kind, spec)).toEqual([]);
        }
        const templates = templatesOf(workflow);
        const names = templates.map((template) => template.name);
        expect(new Set(names).size).toBe(names.length);
        for (const template of templates) {
          for (const child of template.children ?? []) expect(names).toContain(child);
          const kind = template.schedule?.type ?? template.templateType;
          const holder = template.schedule ?? template;
          const spec = holder[`${kind.slice(0, -5).toLowerCase()}Chaos`];
          if (kind in FIELDS) expect(strayFields(kind, spec as Record<string, unknown>)).toEqual([]);
          if (template.templateType === 'Suspend' || kind in FIELDS) expect(template.deadline).toMatch(/^\d+s$/);
        }
      }
    });
  }
});

function canBeWritten(write: () => unknown): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}

describe('an export', () => {
  test('lists what it could not write, in the report and in the file', () => {
    const { report, workflow } = exported([
      { fault: 'service.delay', target: 'cart', ...severe },
      { fault: 'service.leak', target: 'web', ...severe },
      { fault: 'disk.read-only', target: 'store-disk-0', severity: 'severe', start: 0 },
    ]);
    expect(report.notExported).toEqual(['service.leak on web at 30s: memory that grows until the limit']);
    expect(workflow).toContain('#   service.leak on web at 30s: memory that grows until the limit');
    expect(report.approximated).toContain(
      'disk.read-only on store-disk-0 at 0s: it ends with the experiment, not when it is repaired',
    );
    expect(workflow).toContain('# not quite: users from outside and other namespaces are not among the target');
  });

  test('uses the names that the real cluster has', () => {
    const scenario = scripted([{ fault: 'service.rpc-delay', target: 'cart', ...severe }]);
    const names = { namespace: 'shop', label: 'app.kubernetes.io/name', port: 8080 };
    const { workflow } = exportChaosMesh({ scenario, script: scenario.script, name: 'x', origin: 'x', names });
    const chaos = templatesOf(workflow).find(({ templateType }) => templateType === 'HTTPChaos')?.httpChaos;
    expect(chaos).toMatchObject({
      port: 8080,
      selector: { namespaces: ['shop'], labelSelectors: { 'app.kubernetes.io/name': 'cart' } },
    });
  });

  test('of nothing is refused', () => {
    expect(errorOf(() => exported([])).code).toBe('EXPORT_EMPTY');
  });
});

describe('there and back', () => {
  /** The script after it has been written and read, as the tools understand it. */
  function returned(script: ScriptedFaultSection[]) {
    return read([{ name: 'w.yaml', text: exported(script).workflow }]);
  }

  function read(files: readonly { readonly name: string; readonly text: string }[]) {
    const { yaml, report } = importFaults(files, {
      format: 'chaos-mesh',
      scenario: compileDocument(SHOP, { file: 'shop.yaml' }),
      extends: 'shop.yaml',
    });
    const readBase = () => ({ file: 'shop.yaml', identity: 'shop.yaml', text: scenarioToYaml(SHOP) });
    expect(report.notImported).toEqual([]);
    return parseScenario(yaml, { file: 'back.yaml', readBase }).script;
  }

  /** Files as a folder lists them. */
  function byName<File extends { readonly name: string }>(files: readonly File[]): File[] {
    return [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  test('an object a fault keeps the times that one Workflow keeps, repeated and overlapping faults included', () => {
    const again = (fault: string, target: string, at: number) => ({
      fault,
      target,
      severity: 'severe',
      start: `${at}s`,
      duration: '40s',
    });
    const script = [
      ...Array.from({ length: 6 }, (_, index) => again('service.delay', 'cart', 50 * index)),
      ...Array.from({ length: 6 }, (_, index) => again('service.loss', 'web', 30 * index)),
      { ...again('service.kill', 'web', 130), mode: 'all' as const, parameters: { intervalSeconds: 0 } },
      { ...again('service.rpc-delay', 'stock', 0.25), mode: 'one' as const },
    ];
    const alone = read(byName(exported(script).objects));
    expect(alone).toEqual(returned(script));
    expect(alone.map(({ startSeconds }) => startSeconds)).toEqual([
      0, 0, 0.25, 30, 50, 60, 90, 100, 120, 130, 140, 150, 150, 200, 250,
    ]);
  });

  const exact: ScriptedFaultSection[] = [
    { fault: 'service.delay', target: 'cart', ...severe, mode: 'fixed', value: 2, peer: 'web', direction: 'from' },
    { fault: 'service.loss', target: 'web', ...severe, mode: 'all', direction: 'both' },
    { fault: 'service.partition', target: 'stock', ...severe, mode: 'one', direction: 'to' },
    {
      fault: 'service.hang',
      target: 'cart',
      ...severe,
      mode: 'fixed-percent',
      value: 50,
      parameters: { probesAnswered: 0 },
    },
    { fault: 'service.rpc-delay', target: 'web', ...severe, mode: 'random-max-percent', value: 75 },
    { fault: 'service.cpu-stress', target: 'cart', ...severe, mode: 'all' },
    { fault: 'service.memory-stress', target: 'cart', ...severe, mode: 'all' },
    { fault: 'service.dns-error', target: 'store', ...severe },
    { fault: 'service.dns-spoof', target: 'stock', ...severe, parameters: { misdirectedRatio: 0.3 } },
    { fault: 'node.cpu-stress', target: 'west-1', ...severe },
    { fault: 'node.clock-skew', target: 'east-1', ...severe },
    { fault: 'link.partition', target: 'east--west', ...severe, direction: 'to' },
    { fault: 'link.delay', target: 'east-1-uplink', ...severe },
    { fault: 'link.loss', target: 'east-2-uplink', ...severe },
    { fault: 'link.corrupt', target: 'east-2-uplink', ...severe },
    { fault: 'link.duplicate', target: 'west-3-uplink', ...severe },
    { fault: 'link.reorder', target: 'west-2-uplink', ...severe },
    { fault: 'link.bandwidth', target: 'west-1-uplink', ...severe },
    { fault: 'disk.latency', target: 'store-disk-1', ...severe },
    { fault: 'disk.errors', target: 'store-disk-0', ...severe },
    { fault: 'disk.corrupt', target: 'store-disk-1', ...severe },
    { fault: 'disk.pause', target: 'store-disk-0', ...severe },
    { fault: 'disk.read-only', target: 'store-disk-0', ...severe },
  ];
  for (const fault of exact) {
    test(`${fault.fault} is the same, but for rounding and words of severity`, () => {
      const [before] = scripted([fault]).script;
      const [after, more] = returned([fault]);
      expect(more).toBeUndefined();
      const kind = faultKinds.find(({ name }) => name === fault.fault);
      const { replicasMax: _, ...standard }: Record<string, number> = { ...kind?.severities[1]?.parameters };
      const parameters: Record<string, number> = { ...standard, ...before?.parameters };
      const { severity: __, parameters: found, direction, ...rest } = after!;
      const { severity: ___, parameters: ____, direction: wanted, ...expected } = before!;
      expect(rest).toEqual(expected);
      if (kind?.scope.direction !== 'none') expect(direction).toBe(wanted);
      for (const [name, value] of Object.entries(parameters))
        expect([name, found[name]]).toEqual([name, expect.closeTo(value, 6)]);
    });
  }

  test('what is listed as lost is all that changes', () => {
    const script: ScriptedFaultSection[] = [
      { fault: 'service.kill', target: 'web', ...severe, mode: 'all', parameters: { intervalSeconds: 0 } },
      { fault: 'service.slow', target: 'cart', ...severe, mode: 'one', parameters: { slowFactor: 11 } },
      { fault: 'service.errors', target: 'stock', ...severe, mode: 'all' },
      { fault: 'disk.fill', target: 'store-disk-0', severity: 'mild', start: 0, duration: '1m' },
    ];
    expect(returned(script).map(({ fault, startSeconds, parameters }) => [fault, startSeconds, parameters])).toEqual([
      ['disk.fill', 0, { usedRatio: 1, growSeconds: 0 }],
      ['service.kill', 30, { graceSeconds: 0, intervalSeconds: 1e6 }],
      ['service.rpc-delay', 30, { delaySeconds: 0.1 }],
      ['service.errors', 30, { errorRatio: 1 }],
      ['service.kill', 40, { graceSeconds: 0, intervalSeconds: 10 }],
    ]);
    expect(exported(script).report.approximated).toEqual([
      'disk.fill on store-disk-0 at 0s: every operation fails as on a full disk, at once, and freeing space does not help',
      'disk.fill on store-disk-0 at 0s: the pod is named as one of a stateful set',
      'service.kill on web at 30s: a crash loop becomes a kill every 10 s',
      'service.slow on cart at 30s: a multiple of the service time becomes a delay of every request',
      'service.errors on stock at 30s: all requests are hit, not 80 % of them',
    ]);
  });
});
