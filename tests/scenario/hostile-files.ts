/** Files that nobody means well with, and what each reader of files makes of a text. */
import fc from 'fast-check';
import { DeeplOpsError } from '../../src/base/index.ts';
import { importFaults, importSystem, parseScenario, scenarioToYaml } from '../../src/scenario/index.ts';
import { SHOP, shop } from './experiments.ts';
import { app } from './manifests.ts';

const FILE = 'hostile';
const COMPOSE = [
  'services:',
  '  web:',
  '    image: web',
  '    environment: { DB: "${DB:-db:5432}", LOG: debug }',
  '    depends_on: [db]',
  '    ports: ["80:80"]',
  '    deploy: { replicas: 2, resources: { limits: { cpus: "0.5", memory: 64M } } }',
  '    healthcheck: { interval: 10s, retries: 3 }',
  '  db:',
  '    image: postgres',
  '    volumes: ["data:/var/lib/data"]',
].join('\n');
const EXPERIMENT = JSON.stringify(
  {
    title: 'x',
    configuration: { app: 'cart' },
    method: [
      {
        type: 'action',
        name: 'kill',
        pauses: { before: 1, after: 10 },
        provider: {
          type: 'python',
          module: 'chaosk8s.pod.actions',
          func: 'terminate_pods',
          arguments: { label_selector: 'app=${app}', qty: 1 },
        },
      },
    ],
    rollbacks: [],
  },
  null,
  1,
);
const MESH = [
  'apiVersion: chaos-mesh.org/v1alpha1',
  'kind: Workflow',
  'metadata: { name: storm }',
  'spec:',
  '  entry: all',
  '  templates:',
  '  - { name: all, templateType: Serial, children: [slow, wait, kill] }',
  '  - { name: wait, templateType: Suspend, deadline: 10s }',
  '  - name: slow',
  '    templateType: NetworkChaos',
  '    deadline: 20s',
  '    networkChaos:',
  '      action: delay',
  '      mode: all',
  '      selector: { labelSelectors: { app: cart } }',
  '      delay: { latency: 90ms, jitter: 10ms }',
  '  - name: kill',
  '    templateType: Schedule',
  '    deadline: 1m',
  '    schedule:',
  '      schedule: "@every 10s"',
  '      type: PodChaos',
  '      podChaos: { action: pod-kill, mode: one, selector: { labelSelectors: { app: web } } }',
].join('\n');
const SPANS = JSON.stringify(
  {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'web' } }] },
        scopeSpans: [{ spans: [{ traceId: 'a', spanId: 'b', kind: 2 }] }],
      },
    ],
  },
  null,
  1,
);

/** What reads files, with a text that it takes. */
export interface Reader {
  readonly name: string;
  readonly sample: string;
  read(text: string): unknown;
}

const faults = (format: string) => (text: string) =>
  importFaults([{ name: FILE, text }], { format, scenario: shop, extends: 'shop.yaml' });
const system = (format: string) => (text: string) => importSystem([{ name: FILE, text }], { format });
const edges = (text: string) =>
  importSystem([{ name: 'compose.yaml', text: COMPOSE }], { format: 'compose', edges: [{ name: FILE, text }] });

export const readers: readonly Reader[] = [
  { name: 'scenario', sample: scenarioToYaml(SHOP), read: (text) => parseScenario(text, { file: FILE }) },
  {
    name: 'kubernetes',
    sample: [app('web', { env: { DB: 'db:1', URL: 'http://$(DB)/' } }), app('db')].join('\n---\n'),
    read: system('kubernetes'),
  },
  { name: 'compose', sample: COMPOSE, read: system('compose') },
  { name: 'chaos-mesh', sample: MESH, read: faults('chaos-mesh') },
  { name: 'chaos-toolkit', sample: EXPERIMENT, read: faults('chaos-toolkit') },
  { name: 'call list', sample: 'caller,callee,count\n,web,10\nweb,db,20\n', read: edges },
  { name: 'trace spans', sample: SPANS, read: edges },
];

/** The error that a text is refused with; null when it is taken. Any other failure fails the test. */
export function refusalOf(reader: Reader, text: string): DeeplOpsError | null {
  try {
    reader.read(text);
    return null;
  } catch (error) {
    if (error instanceof DeeplOpsError) return error;
    throw error;
  }
}

/** Values that stand where others are expected. */
const VALUES: readonly string[] = [
  '~',
  '[]',
  '{}',
  '[[[[[[1]]]]]]',
  '-1',
  '0',
  '1e999',
  '.inf',
  '.nan',
  '0x7fffffffffffffff',
  '99999999999999999999',
  'true',
  '2001-01-01',
  '"\\e[31m\\0\\a"',
  '"\\uD800"',
  '!!binary aGk=',
  '!!js/function x',
  '!foo bar',
  '*nope',
  '&a [*a]',
  '{ __proto__: 1 }',
  '{ constructor: 1, toString: 2 }',
  '{ a: 1, a: 2 }',
  '{ ? [a]: b }',
  '{ <<: 5 }',
  '"${${${x}}}$(A)$(A)"',
  `"${'a:1 '.repeat(300)}"`,
  'x'.repeat(5000),
  `"${'${x:-'.repeat(300)}"`,
];

/** Lines that are put between others. */
const LINES: readonly string[] = [
  '---',
  '...',
  '%YAML 9.9',
  'kind: List',
  '- - - - a',
  '\t tab',
  'a: |',
  '<<: *x',
  '? ',
  ': x',
  '{{ .Values.x }}',
  '# \u0007',
  '\u0000',
  '[',
  '}',
  '"',
  `${'['.repeat(200)}`,
];

/** One change to one line. */
const change = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('value', 'value', 'value', 'twice', 'gone', 'deeper', 'line', 'letter', 'cut'),
  value: fc.constantFrom(...VALUES),
  line: fc.constantFrom(...LINES),
  code: fc.integer({ min: 0, max: 0x2fff }),
});

/** A sample with a few lines that are not as they should be. */
export function damaged(sample: string): fc.Arbitrary<string> {
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const lines = sample.split('\n');
    for (const { at, how, value, line, code } of changes) {
      const index = at % lines.length;
      const before = lines[index] ?? '';
      const colon = [...before.matchAll(/: ?/g)].at(at % 3)?.index ?? before.indexOf(':');
      if (how === 'value' && colon >= 0) lines[index] = `${before.slice(0, colon)}: ${value}`;
      if (how === 'twice') lines.splice(index, 0, before);
      if (how === 'gone') lines.splice(index, 1);
      if (how === 'deeper') lines[index] = `  ${before}`;
      if (how === 'line') lines.splice(index, 0, line);
      if (how === 'letter')
        lines[index] = `${before.slice(0, at % 40)}${String.fromCharCode(code)}${before.slice(at % 40)}`;
      if (how === 'cut') lines.length = index + 1;
    }
    return lines.join('\n');
  });
}

/** So many lines. */
export function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('\n');
}

/** Ten thousand lines of one thing each, that nobody should take. */
export const bombs: Readonly<Record<string, string>> = {
  'aliases of aliases': `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${times(9_999, (at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}, *a${at}]`)}`,
  'an alias in a circle': `${times(9_999, (at) => `k${at}: v`)}\nloop: &loop { x: *loop }`,
  'merge keys of merge keys': `m0: &m0 { ${Array.from({ length: 50 }, (_, at) => `k${at}: 1`).join(', ')} }\n${times(9_999, (at) => `m${at + 1}: &m${at + 1} { <<: [*m${at}, *m${at}], own${at}: 1 }`)}`,
  'aliases that lead nowhere': times(10_000, (at) => `k${at}: *nowhere`),
  'one key again and again': times(10_000, () => 'spec: { replicas: 1 }'),
  'keys without end': times(10_000, (at) => `key-${at}: { a: 1, b: 2, c: [1, 2, 3] }`),
  'deeper and deeper blocks': times(10_000, (at) => `${' '.repeat(Math.min(at, 300))}a:`),
  'deeper and deeper brackets': times(10_000, () => '[{ a: ['),
  'dashes in dashes': times(10_000, () => '- - - - - - - - - - - -'),
  'huge numbers': times(10_000, (at) => `n${at}: ${'9'.repeat(200)}e${'9'.repeat(20)}`),
  'unknown tags': times(10_000, (at) => `t${at}: !<tag:evil.org,2000:x> y`),
  binary: times(10_000, (at) => String.fromCharCode(at % 256, (at * 7) % 256, (at * 31) % 256).repeat(20)),
  'zero bytes': times(10_000, (at) => `k${at}: a\u0000b`),
  'documents of nothing': times(10_000, () => '---'),
  'documents of the wrong kind': times(10_000, (at) => `---\nkind: ${at}`),
  'very long lines': times(10_000, () => `"${'x'.repeat(300)}"`),
  'open quotes': times(10_000, () => 'a: "b'),
  'braces of templates': times(10_000, (at) => `{{ if .x${at} }}`),
  commas: times(10_000, () => ',,,,,,,'),
};
