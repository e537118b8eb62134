/** Small Kubernetes manifests for tests, and what the importer makes of them. */
import { type ImportReport, importSystem, parseScenario, type Scenario } from '../../src/scenario/index.ts';

/** How a workload differs from the plainest one. */
export interface Pod {
  kind?: string;
  namespace?: string;
  env?: Record<string, string>;
  args?: string[];
  image?: string;
  /** Further lines of the container. */
  container?: string[];
  /** Further lines of the pod's spec. */
  pod?: string[];
  /** Further lines of the object's spec. */
  spec?: string[];
  service?: string | null;
}

/** A workload and its Service, as manifests write them. */
export function app(name: string, pod: Pod = {}): string {
  const env = Object.entries(pod.env ?? {}).map(([key, value]) => `{ name: ${key}, value: ${JSON.stringify(value)} }`);
  const namespace = pod.namespace === undefined ? '' : `, namespace: ${pod.namespace}`;
  const workload = [
    `kind: ${pod.kind ?? 'Deployment'}`,
    `metadata: { name: ${name}${namespace} }`,
    'spec:',
    ...(pod.spec ?? []).map((line) => `  ${line}`),
    '  template:',
    `    metadata: { labels: { app: ${name} } }`,
    '    spec:',
    ...(pod.pod ?? []).map((line) => `      ${line}`),
    '      containers:',
    '      - name: main',
    `        image: ${pod.image ?? 'example/app:1'}`,
    `        env: [${env.join(', ')}]`,
    `        args: ${JSON.stringify(pod.args ?? [])}`,
    ...(pod.container ?? []).map((line) => `        ${line}`),
  ];
  const service = [`kind: Service`, `metadata: { name: ${name}${namespace} }`, `spec: { selector: { app: ${name} } }`];
  return [...workload, ...(pod.service === null ? [] : ['---', ...service])].join('\n');
}

/** The scenario of these documents, read back from its YAML. */
export function imported(...documents: string[]): {
  scenario: Scenario;
  report: ImportReport;
  yaml: string;
  calls: string[];
} {
  const { yaml, report } = importSystem([{ name: 'all.yaml', text: documents.join('\n---\n') }], {
    format: 'kubernetes',
  });
  const scenario = parseScenario(yaml, { file: 'imported.yaml' });
  const { services, calls } = scenario.cluster;
  const names = calls.map((call) => `${services[call.caller]?.name} -> ${services[call.callee]?.name}`);
  return { scenario, report, yaml, calls: names };
}
