/** What the importer finds in Kubernetes manifests beside calls, what it assumes, and what it refuses. */
import { describe, expect, test } from 'vitest';
import { importSystem } from '../../src/scenario/index.ts';
import { providedText } from '../support/provided-data.ts';
import { errorOf } from './errors.ts';
import { app, imported, type Pod } from './manifests.ts';

describe('capacity', () => {
  test('is taken from requests, limits, replicas and probes, summed over containers', () => {
    const { scenario } = imported(
      app('web', {
        spec: ['replicas: 3'],
        container: [
          'resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: "0.5", memory: 128M } }',
          'readinessProbe: { periodSeconds: 3, failureThreshold: 2, httpGet: { path: / } }',
          'livenessProbe: { initialDelaySeconds: 20, timeoutSeconds: 4 }',
          '',
        ],
        pod: [],
      }).replace('---', '      - { name: proxy, resources: { limits: { cpu: 100m, memory: 32Mi } } }\n---'),
    );
    expect(scenario.cluster.services[0]).toMatchObject({
      replicas: 3,
      cpuRequestCores: 0.2,
      cpuLimitCores: 0.6,
      memoryRequestBytes: 96 * 1024 * 1024,
      readiness: { periodSeconds: 3, failureThreshold: 2, timeoutSeconds: 1 },
      liveness: { initialDelaySeconds: 20, timeoutSeconds: 4, periodSeconds: 10 },
    });
  });

  test('that is not stated is assumed, and said to be', () => {
    const { report, yaml } = imported(app('web'));
    expect(report.assumed.filter((line) => line.startsWith('web: '))).toEqual([
      'web: no CPU limit stated, 1',
      'web: no memory limit stated, 256Mi',
      'web: no readiness probe stated, the default one',
      'web: no liveness probe stated, the default one',
    ]);
    expect(yaml).toContain('cpu: { limit: 1 } # assumed: no CPU limit stated, 1');
  });

  test('follows an autoscaler', () => {
    const scaler =
      'kind: HorizontalPodAutoscaler\nmetadata: { name: x }\nspec: { scaleTargetRef: { name: web }, minReplicas: 2, maxReplicas: 9 }';
    expect(imported(app('web'), scaler).scenario.cluster.services[0]).toMatchObject({ replicas: 2, replicasMax: 9 });
  });

  test('follows no autoscaler of something else, which is reported', () => {
    const scaler =
      'kind: HorizontalPodAutoscaler\nmetadata: { name: x }\nspec: { scaleTargetRef: { name: weg }, maxReplicas: 9 }';
    expect(imported(app('web'), scaler).report.notDerived).toContain(
      'HorizontalPodAutoscaler x scales weg, which is not in the input',
    );
  });

  test('of the machines suffices for everything', () => {
    const hungry = { spec: ['replicas: 20'], container: ['resources: { requests: { cpu: 3, memory: 11Gi } }'] };
    expect(imported(app('web', hungry)).scenario.cluster.nodes[0]?.cores).toBeGreaterThanOrEqual(20);
  });
});

describe('volumes', () => {
  const mount = (path: string) => [`volumeMounts: [{ name: data, mountPath: ${path} }]`];

  test('that keep data make a service stateful', () => {
    const claims = imported(
      app('a', { pod: ['volumes: [{ name: data, emptyDir: {} }]'], container: mount('/data') }),
      app('b', { pod: ['volumes: [{ name: data, persistentVolumeClaim: { claimName: big } }]'] }),
      'kind: PersistentVolumeClaim\nmetadata: { name: big }\nspec: { resources: { requests: { storage: 50Gi } } }',
      app('c', {
        kind: 'StatefulSet',
        spec: [
          'volumeClaimTemplates: [{ metadata: { name: d }, spec: { resources: { requests: { storage: 8Gi } } } }]',
        ],
      }),
    );
    const gibibytes = claims.scenario.cluster.services.map((service) => (service.storage?.diskBytes ?? 0) / 1024 ** 3);
    expect(gibibytes).toEqual([10, 50, 8]);
  });

  test('for scratch space or settings do not', () => {
    const { scenario, report } = imported(
      app('a', { pod: ['volumes: [{ name: data, emptyDir: {} }]'], container: mount('/tmp') }),
      app('b', { pod: ['volumes: [{ name: data, emptyDir: { medium: Memory } }]'], container: mount('/data') }),
      app('c', { pod: ['volumes: [{ name: data, configMap: { name: x } }]'], container: mount('/data') }),
    );
    expect(scenario.cluster.services.map((service) => service.storage)).toEqual([null, null, null]);
    expect(report.skipped).toContain('volume data of a (scratch space)');
  });
});

describe('traffic', () => {
  const rateOf = (generator: Pod) =>
    imported(app('web'), app('loadgenerator', { env: { TARGET: 'web:80' }, ...generator })).scenario.cluster
      .workloads[0];

  test('enters where a load generator sends it, and the generator is no service', () => {
    const { scenario, report } = imported(
      app('web'),
      app('db'),
      app('loadgenerator', { env: { TARGET: 'http://web:80', USERS: '10' } }),
    );
    expect(scenario.cluster.services.map((service) => service.name)).toEqual(['web', 'db']);
    expect(scenario.cluster.workloads).toMatchObject([{ name: 'loadgenerator', service: 0, requestsPerSecond: 10 }]);
    expect(report.skipped).toContain('Deployment loadgenerator (load generator)');
    expect(report.notDerived.join()).toContain('no call leads from the traffic to db');
  });

  test('is as much as the generator states', () => {
    expect(rateOf({ env: { TARGET: 'web:80', RPS: '30' } })?.requestsPerSecond).toBe(30);
    expect(rateOf({ env: { TARGET: 'web:80', RPS: '30' }, spec: ['replicas: 3'] })?.requestsPerSecond).toBe(90);
    expect(rateOf({ env: { TARGET: 'web:80', RATE: '7' } })?.requestsPerSecond).toBe(7);
    expect(rateOf({ args: ['--users', '25'] })?.requestsPerSecond).toBe(25);
    expect(rateOf({ args: ['attack', '-rate=40/s'], spec: ['replicas: 2'] })?.requestsPerSecond).toBe(80);
  });

  test('is recognised by the image as well', () => {
    const { report } = imported(
      app('web'),
      app('visitors', { image: 'reg:5000/grafana/k6:1.2@sha256:0', args: ['http://web'] }),
    );
    expect(report.workloads).toEqual(['visitors -> web, 50/s: visitors: assumed: it states neither rate nor users']);
  });

  test('without a generator enters at what is exposed, else at what nobody calls', () => {
    const ingress =
      'kind: Ingress\nmetadata: { name: i }\nspec: { rules: [{ http: { paths: [{ backend: { service: { name: db } } }] } }] }';
    const web = app('web', { env: { DB: 'db:1' } });
    expect(imported(web, app('db')).scenario.cluster.workloads.map((each) => each.name)).toEqual(['users-of-web']);
    expect(imported(web, app('db'), ingress).scenario.cluster.workloads.map((each) => each.name)).toEqual([
      'users-of-db',
    ]);
    const exposed = app('db').replace('spec: { selector', 'spec: { type: NodePort, selector');
    expect(imported(web, exposed).scenario.cluster.workloads.map((each) => each.name)).toEqual(['users-of-db']);
  });

  test('leaves the healthy system about half busy at most', () => {
    const { scenario } = imported(
      app('web', { env: { DB: 'db:1' } }),
      app('db'),
      app('locust', { env: { HOST: 'http://web', RPS: '3000' } }),
    );
    expect(scenario.cluster.workloads[0]?.requestsPerSecond).toBe(3000);
    for (const service of scenario.cluster.services) {
      expect((3000 * service.cpuSecondsPerRequest) / service.cpuLimitCores).toBeLessThanOrEqual(0.5);
      expect((3000 * service.serviceTimeSeconds) / service.workers).toBeLessThanOrEqual(0.5);
    }
  });
});

describe('manifests', () => {
  test('may be lists, JSON, several files and several namespaces', () => {
    const list = `kind: List\nitems:\n- ${app('a', { service: null }).replaceAll('\n', '\n  ')}`;
    const json =
      '{"kind":"Pod","metadata":{"name":"p","labels":{"x":"y"}},"spec":{"containers":[{"args":["a.one:1"]}]}}';
    const { report } = importSystem(
      [
        { name: 'list.yaml', text: list },
        { name: 'pod.json', text: json },
        { name: 'more.yaml', text: `${app('a', { namespace: 'one' })}\n---\n# nothing\n---\n` },
      ],
      { format: 'kubernetes' },
    );
    expect(report.services).toEqual(['a', 'p', 'a-one']);
    expect(report.calls).toMatchObject([{ caller: 'p', callee: 'a-one' }]);
  });

  test('may hold what is not part of a scenario, which is listed', () => {
    const { report } = imported(
      app('web'),
      app('jaeger'),
      'kind: Secret\nmetadata: { name: s }',
      app('off', { spec: ['replicas: 0'] }),
    );
    expect(report.services).toEqual(['web']);
    expect(report.skipped).toEqual(['Deployment jaeger (telemetry)', 'Deployment off (0 replicas)', 'Secret: s']);
  });

  test('give the same scenario every time', () => {
    expect(imported(app('web', { env: { DB: 'db:1' } }), app('db')).yaml).toBe(
      imported(app('web', { env: { DB: 'db:1' } }), app('db')).yaml,
    );
  });

  const wrong: [what: string, text: string, code: string, says: RegExp, line: number | undefined][] = [
    ['nothing', '', 'MANIFEST_EMPTY', /no Kubernetes object/, undefined],
    ['only comments', '# a\n---\n# b\n', 'MANIFEST_EMPTY', /no Kubernetes object/, undefined],
    ['no workload', 'kind: Secret\nmetadata: { name: s }', 'MANIFEST_NO_WORKLOAD', /runs a service/, undefined],
    ['only a load generator', app('locust'), 'MANIFEST_NO_WORKLOAD', /runs a service/, undefined],
    ['broken YAML', 'kind: [', 'YAML_SYNTAX', /./, 1],
    ['text', 'hello', 'MANIFEST_INVALID', /not a Kubernetes object/, 1],
    ['no kind', 'a: 1\nb: 2', 'MANIFEST_INVALID', /no kind/, 1],
    [
      'no containers',
      'kind: Deployment\nmetadata: { name: x }\nspec:\n  template:\n    spec: {}',
      'MANIFEST_INVALID',
      /Deployment x spec\.template\.spec\.containers/,
      5,
    ],
    [
      'a wrong quantity',
      app('x', { container: ['resources: { limits: { cpu: lots } }'] }),
      'MANIFEST_INVALID',
      /cannot read the quantity "lots"/,
      12,
    ],
    [
      'a negative quantity',
      app('x', { container: ['resources: { limits: { cpu: -1 } }'] }),
      'MANIFEST_INVALID',
      /quantity/,
      12,
    ],
    [
      'half a replica',
      app('x', { spec: ['replicas: 1.5'] }),
      'MANIFEST_INVALID',
      /spec\.replicas: must be a whole number/,
      4,
    ],
    [
      'a request above its limit',
      app('x', { container: ['resources: { requests: { cpu: 2 }, limits: { cpu: 1 } }'] }),
      'MANIFEST_INVALID',
      /more cpu than its limit/,
      12,
    ],
    ['one thing twice', `${app('x')}\n---\n${app('x')}`, 'MANIFEST_INVALID', /defined twice/, 18],
  ];
  for (const [what, text, code, says, line] of wrong) {
    test(`with ${what} are refused`, () => {
      const error = errorOf(() => importSystem([{ name: 'm.yaml', text }], { format: 'kubernetes' }));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(says);
      expect(error.place?.line).toBe(line);
    });
  }

  test('with too many entries are told how calls can be stated', () => {
    const many = Array.from({ length: 65 }, (_, index) => app(`s${index}`)).join('\n---\n');
    const error = errorOf(() => importSystem([{ name: 'm.yaml', text: many }], { format: 'kubernetes' }));
    expect([error.code, error.message]).toEqual([
      'MANIFEST_INVALID',
      'these files hold 65 places where traffic enters, and a scenario holds 64',
    ]);
    expect(error.hint).toContain('--edges FILE');
  });

  test('that are templates are told to be rendered', () => {
    expect(
      errorOf(() => importSystem([{ name: 't.yaml', text: 'kind: {{ .Kind }}\n  x' }], { format: 'kubernetes' })).hint,
    ).toContain('helm template');
  });

  test.skipIf(providedText('online-boutique/kubernetes-manifests.yaml') === null)(
    'of Online Boutique give its services, all its calls and its load (needs the provided data)',
    () => {
      const { report, scenario, calls } = imported(providedText('online-boutique/kubernetes-manifests.yaml') ?? '');
      expect(report.services).toHaveLength(11);
      // 16 edges by environment, one of which is the load generator's.
      expect(calls).toHaveLength(15);
      expect(report.workloads).toEqual([
        'loadgenerator -> frontend, 10/s: loadgenerator: USERS=10, taken as 1 request per second each',
      ]);
      expect(report.notDerived).toEqual([
        'frontend: env SHOPPING_ASSISTANT_SERVICE_ADDR names shoppingassistantservice, which is not in the input',
      ]);
      expect(report.cutEdges).toEqual([]);
      expect(scenario.cluster.services.filter((service) => service.storage).map((service) => service.name)).toEqual([
        'redis-cart',
      ]);
    },
  );
});
