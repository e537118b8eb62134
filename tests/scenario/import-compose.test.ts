/** What the importer finds in Compose files, in each of the forms that Compose allows, and what it refuses. */
import { describe, expect, test } from 'vitest';
import { importSystem, parseScenario, type Scenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

/** The scenario of these files, read back from its YAML. */
function imported(...texts: string[]) {
  const files = texts.map((text, index) => ({ name: `compose-${index + 1}.yaml`, text }));
  const { yaml, report } = importSystem(files, { format: 'compose' });
  const scenario = parseScenario(yaml, { file: 'imported.yaml' });
  return { scenario, report, yaml, calls: callsOf(scenario) };
}

function callsOf({ cluster: { services, calls } }: Scenario): string[] {
  return calls.map((call) => `${services[call.caller]?.name} -> ${services[call.callee]?.name}`);
}

/** A web service with these lines, and a database. */
function withWeb(...lines: string[]): string {
  return `services:\n  web:\n    image: web\n${lines.map((line) => `    ${line}\n`).join('')}  db:\n    image: postgres:16\n`;
}

describe('calls', () => {
  const found: [what: string, ...lines: string[]][] = [
    ['an environment map', 'environment: { DB_URL: "postgres://me:pw@db:5432/shop" }'],
    ['an environment list', 'environment: ["DB_HOST=db"]'],
    ['a default of a variable', 'environment: { DB_URL: "http://${HOST:-db}:80" }'],
    ['a default in a default', 'environment: { DB_URL: "http://${HOST-${OTHER:-db}}:80" }'],
    ['a command line', 'command: ./serve --db-host db'],
    ['a command list', 'command: ["./serve", "--db=http://db:1"]'],
    ['an entry point', 'entrypoint: sh -c "nc -z db 5432"'],
    ['depends_on as a list', 'depends_on: [db]'],
    ['depends_on as a map', 'depends_on: { db: { condition: service_healthy } }'],
    ['links', 'links: [db]'],
    ['links by another name', 'links: ["db:database"]', 'environment: { DB: "database:5432" }'],
    ['a swarm name', 'environment: { DB: "tasks.db:1" }'],
    ['a config in the file', 'configs: [settings]'],
  ];
  for (const [what, ...lines] of found) {
    test(`are found by ${what}`, () => {
      const settings = 'configs: { settings: { content: "url: http://db" } }\n';
      expect(imported(`${withWeb(...lines)}${settings}`).calls).toEqual(['web -> db']);
    });
  }

  test('are found by the names a service goes by on its networks', () => {
    const by = (lines: string) =>
      imported(`services:\n  web: { environment: { DB: "store:1" } }\n  db:\n    ${lines}\n`).calls;
    expect(by('container_name: store')).toEqual(['web -> db']);
    expect(by('hostname: store')).toEqual(['web -> db']);
    expect(by('networks: { back: { aliases: [store] } }')).toEqual(['web -> db']);
    expect(by('networks: [back]')).toEqual([]);
  });

  test('are found once, with the surest source beside them', () => {
    const { yaml, calls } = imported(withWeb('environment: { DB: "db:5432" }', 'depends_on: [db]', 'links: [db]'));
    expect(calls).toEqual(['web -> db']);
    expect(yaml).toContain('env DB');
  });

  test('are not made up, and what may hide some is reported', () => {
    const { calls, report } = imported(
      withWeb(
        'env_file: [{ path: .env }, more.env]',
        'environment: ["DB_HOST", "MAIL=smtp.example.org:25"]',
        'external_links: [other]',
        'extends: { file: base.yaml, service: base }',
        'depends_on: [cache]',
      ),
    );
    expect(calls).toEqual([]);
    expect(report.notDerived).toEqual([
      'web: env MAIL names smtp.example.org, which is not in the input',
      'web: env_file .env is not read',
      'web: env_file more.env is not read',
      'web: env DB_HOST comes from the shell',
      'web: external link other leads out of the input',
      'web: `extends` is not followed: give the output of `docker compose config`',
      'web: depends_on names cache, which is not in the input',
    ]);
  });
});

describe('capacity', () => {
  const web = (...lines: string[]) => imported(withWeb(...lines)).scenario.cluster.services[0];

  test('is taken from deploy, or from the older fields', () => {
    const resources = 'limits: { cpus: "0.50", memory: 50M }, reservations: { cpus: 0.25, memory: 20M }';
    expect(web(`deploy: { replicas: 3, resources: { ${resources} } }`)).toMatchObject({
      replicas: 3,
      cpuRequestCores: 0.25,
      cpuLimitCores: 0.5,
      memoryRequestBytes: 20 * 1024 * 1024,
      memoryLimitBytes: 50 * 1024 * 1024,
    });
    expect(web('scale: 2', 'cpus: 1.5', 'mem_limit: 1gb', 'mem_reservation: 512m')).toMatchObject({
      replicas: 2,
      cpuLimitCores: 1.5,
      memoryRequestBytes: 512 * 1024 * 1024,
      memoryLimitBytes: 1024 * 1024 * 1024,
    });
  });

  test('of a global service is one replica per machine', () => {
    const { cluster } = imported(withWeb('deploy: { mode: global }')).scenario;
    expect(cluster.services[0]?.replicas).toBe(cluster.nodes.length);
  });

  test('includes the health check, with defaults of Compose', () => {
    expect(
      web('healthcheck: { test: curl, interval: 1m30s, timeout: 500ms, retries: 5, start_period: 40s }'),
    ).toMatchObject({
      readiness: { initialDelaySeconds: 40, periodSeconds: 90, timeoutSeconds: 0.5, failureThreshold: 5 },
    });
    expect(web('healthcheck: { test: curl }')?.readiness).toMatchObject({ periodSeconds: 30, timeoutSeconds: 30 });
    expect(web('healthcheck: { disable: true }')?.readiness).toMatchObject({ periodSeconds: 10 });
  });

  test('that is not stated is assumed, and said to be', () => {
    const { yaml, report } = imported(withWeb());
    expect(yaml).toContain('memory: { limit: 256Mi } # assumed: no memory limit stated, 256Mi');
    expect(report.assumed).toContain('db: no liveness probe stated, the default one');
  });
});

describe('volumes', () => {
  test('that keep data make a service stateful, in either form', () => {
    const stored = (line: string) => imported(withWeb(line)).scenario.cluster.services[0]?.storage !== null;
    expect(stored('volumes: ["data:/var/lib/data"]')).toBe(true);
    expect(stored('volumes: [{ type: volume, source: data, target: /data }]')).toBe(true);
    expect(stored('volumes: ["/var/lib/data"]')).toBe(true);
    expect(stored('volumes: ["data:/data:ro"]')).toBe(false);
    expect(stored('volumes: ["./src:/app"]')).toBe(false);
    expect(stored('volumes: ["C:\\\\data:/data"]')).toBe(false);
    expect(stored('volumes: ["data:/tmp/x"]')).toBe(false);
    expect(stored('volumes: [{ type: tmpfs, target: /data }]')).toBe(false);
  });

  test('that do not are listed', () => {
    const text = `${withWeb('volumes: ["./src:/app", "a:/data", "b:/more", "quick:/quick"]')}volumes: { quick: { driver_opts: { type: tmpfs } } }\n`;
    expect(imported(text).report.skipped).toEqual([
      'volume ./src of web (bind mount)',
      'volume quick of web (in memory)',
      'volume b of web (its second)',
    ]);
  });
});

describe('services', () => {
  test('of profiles, jobs, telemetry and load generators are no part of the system, and are listed', () => {
    const { scenario, report } = imported(
      [
        'services:',
        '  web: { image: web, depends_on: { migrate: { condition: service_completed_successfully } } }',
        '  migrate: { image: web }',
        '  debug: { image: tools, profiles: [debug, test] }',
        '  prometheus: { image: prom/prometheus }',
        '  load: { image: grafana/k6, command: run --vus 20, environment: { TARGET: "http://web" } }',
        '  off: { image: x, deploy: { replicas: 0 } }',
      ].join('\n'),
    );
    expect(scenario.cluster.services.map(({ name }) => name)).toEqual(['web']);
    expect(scenario.cluster.workloads).toMatchObject([{ name: 'load', service: 0, requestsPerSecond: 20 }]);
    expect(report.skipped).toEqual([
      'service migrate (a job that ends)',
      'service debug (starts only with profile debug or test)',
      'service prometheus (telemetry)',
      'service load (load generator)',
      'service off (0 replicas)',
    ]);
  });

  test('get assumed users where a port is published and nobody calls', () => {
    const text = [
      'services:',
      '  web: { ports: ["80:80"], depends_on: [db] }',
      '  worker: { depends_on: [db] }',
      '  db: { ports: [{ target: 5432, published: "5432" }] }',
    ].join('\n');
    expect(imported(text).scenario.cluster.workloads.map(({ name }) => name)).toEqual(['users-of-web']);
  });

  test('of several files are laid over each other', () => {
    const override = [
      'services:',
      '  web:',
      '    environment: ["EXTRA=http://cache:6379"]',
      '    deploy: { replicas: 4, resources: { limits: { memory: 1g } } }',
      '  cache: { image: redis }',
    ].join('\n');
    const base = withWeb('environment: { DB: "db:1" }', 'deploy: { replicas: 2, resources: { limits: { cpus: 2 } } }');
    const { scenario, calls } = imported(base, override);
    expect(calls).toEqual(['web -> db', 'web -> cache']);
    expect(scenario.cluster.services[0]).toMatchObject({ replicas: 4, cpuLimitCores: 2, memoryLimitBytes: 1024 ** 3 });
  });

  test('may share parts by anchors and merge keys', () => {
    const text =
      'x-env: &env { DB: "db:1" }\nservices:\n  web: { environment: { <<: *env, A: b } }\n  db: { image: postgres }\n';
    expect(imported(text).calls).toEqual(['web -> db']);
  });

  test('name the variables that have no value', () => {
    const { report } = imported(
      withWeb('environment: { A: "$ONE", B: "${TWO:?needed}", C: "$$NONE ${x", D: "${E:+x}" }'),
    );
    expect(report.assumed[0]).toBe('variables that the files give no value are empty: ONE, TWO');
  });
});

describe('files', () => {
  const wrong: [what: string, text: string, code: string, says: RegExp, line: number | undefined][] = [
    ['nothing', '', 'MANIFEST_EMPTY', /no `services`/, undefined],
    ['no services', 'name: x\n', 'MANIFEST_EMPTY', /no `services`/, undefined],
    ['text', 'hello', 'MANIFEST_INVALID', /is not a Compose file/, 1],
    ['a list of services', 'services:\n  - web', 'MANIFEST_INVALID', /services: must be a map of services/, 2],
    ['a service that is a list', 'services:\n  web: [a]', 'MANIFEST_INVALID', /services\.web: must be a map/, 2],
    ['an empty service', 'services:\n  web:', 'MANIFEST_INVALID', /services\.web: is empty/, 2],
    ['a wrong name', 'services:\n  "a b": {}', 'MANIFEST_INVALID', /a name has letters/, 2],
    ['half a replica', withWeb('deploy: { replicas: 1.5 }'), 'MANIFEST_INVALID', /"1.5" is not a whole number/, 4],
    ['a wrong size', withWeb('mem_limit: lots'), 'MANIFEST_INVALID', /"lots" is not a size such as 50M/, 4],
    ['a wrong duration', withWeb('healthcheck: { interval: 10 }'), 'MANIFEST_INVALID', /not a duration/, 4],
    ['a wrong environment', withWeb('environment: 5'), 'MANIFEST_INVALID', /must be a map, or a list/, 4],
    [
      'more reserved than allowed',
      withWeb('deploy: { resources: { limits: { cpus: 1 }, reservations: { cpus: 2 } } }'),
      'MANIFEST_INVALID',
      /service web deploy\.resources\.reservations\.cpus: reserves more cpus than its limit/,
      4,
    ],
    ['only a job', 'services: { x: { deploy: { mode: replicated-job } } }', 'MANIFEST_NO_WORKLOAD', /./, undefined],
  ];
  for (const [what, text, code, says, line] of wrong) {
    test(`with ${what} are refused`, () => {
      const error = errorOf(() => importSystem([{ name: 'c.yaml', text }], { format: 'compose' }));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(says);
      expect(error.place?.line).toBe(line);
    });
  }
});
