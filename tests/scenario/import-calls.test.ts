/** Which calls the importer finds in the settings of containers, and which it does not make up. */
import { describe, expect, test } from 'vitest';
import { app, imported, type Pod } from './manifests.ts';

describe('calls', () => {
  const found: [what: string, caller: Pod][] = [
    ['host and port', { env: { DB_ADDR: 'db:5432' } }],
    ['a URL with scheme, credentials, port and path', { env: { DB_URL: 'postgres://me:secret@db:5432/shop?ssl=no' } }],
    ['a driver URL', { env: { DB_URL: 'jdbc:mysql://db/shop' } }],
    ['a data source name', { env: { DSN: 'me:pw@tcp(db:3306)/shop' } }],
    ['a bare name', { env: { DB_HOST: 'db' } }],
    ['a list of addresses', { env: { SEEDS: 'localhost:1,db:9092' } }],
    ['a name with its namespace', { env: { DB_HOST: 'db.default' } }],
    ['a full name', { env: { DB_HOST: 'http://db.default.svc.cluster.local.:80/' } }],
    ['a name of a replica', { env: { DB_HOST: 'db-0.db.default.svc.cluster.local' } }],
    ['a name in capitals', { env: { DB_HOST: 'DB:5432' } }],
    ['a flag', { args: ['--verbose', '--db-host=db'] }],
    ['a flag and its value', { args: ['-db.address', 'db'] }],
    ['an address among arguments', { args: ['serve', '--backend', 'http://db:80'] }],
    ['a waiting script', { args: ['sh', '-c', 'until nc -z db 5432; do sleep 1; done'] }],
    ['an init container', { pod: ['initContainers: [{ name: wait, env: [{ name: TARGET, value: "db:1" }] }]'] }],
    ['a variable within a value', { env: { HOST: 'db', URL: 'http://$(HOST):80' } }],
  ];
  for (const [what, caller] of found) {
    test(`are found by ${what}`, () => expect(imported(app('web', caller), app('db')).calls).toEqual(['web -> db']));
  }

  const notFound: [what: string, caller: Pod][] = [
    ['another namespace', { env: { DB_HOST: 'db.other' } }],
    ['a longer name', { env: { DB_HOST: 'mydb:5432', OTHER: 'db-x:5432' } }],
    ['a path', { env: { FILE: '/var/db', URL: 'http://elsewhere.org/db:80' } }],
    ['a user name', { env: { URL: 'http://db@elsewhere.org/' } }],
    ['a plain name', { env: { DB_NAME: 'db' } }],
    ['a bare argument', { args: ['db', 'migrate'] }],
    ['its own name', { env: { OWN_URL: 'http://web:80' } }],
    ['a sentence', { env: { MESSAGE: 'the db is down' } }],
  ];
  for (const [what, caller] of notFound) {
    test(`are not made up from ${what}`, () => {
      const { calls, report } = imported(app('web', caller), app('db'));
      expect(calls).toEqual([]);
      expect(report.cutEdges).toEqual([]);
    });
  }

  test('are found in ConfigMaps that a container takes its environment from', () => {
    const config = 'kind: ConfigMap\nmetadata: { name: conf }\ndata: { A: "a:1", B: "b:1" }';
    const web = app('web', { container: ['envFrom: [{ configMapRef: { name: conf } }]'] });
    expect(imported(web, app('a'), app('b'), config).calls).toEqual(['web -> a', 'web -> b']);
    const key = ['- { name: X, valueFrom: { configMapKeyRef: { name: conf, key: B } } }'];
    const one = app('web').replace('env: []', `env:\n        ${key[0]}`);
    expect(imported(one, app('a'), app('b'), config).calls).toEqual(['web -> b']);
  });

  test('are found in ConfigMaps that a container has as files, by what has a scheme or a port', () => {
    const config =
      'kind: ConfigMap\nmetadata: { name: conf }\ndata: { nginx.conf: "upstream { server a:80; } # not b", x.yaml: "url: http://c" }';
    const mounted = app('web', { pod: ['volumes: [{ name: v, configMap: { name: conf } }]'] });
    const { calls, yaml } = imported(mounted, app('a'), app('b'), app('c'), config);
    expect(calls).toEqual(['web -> a', 'web -> c']);
    expect(yaml).toContain('file nginx.conf of ConfigMap conf');
    const projected = app('web', {
      pod: ['volumes: [{ name: v, projected: { sources: [{ configMap: { name: conf } }] } }]'],
    });
    expect(imported(projected, app('a'), app('c'), config).calls).toEqual(['web -> a', 'web -> c']);
  });

  test('are found through a Service that stands for another one', () => {
    const alias =
      'kind: Service\nmetadata: { name: database }\nspec: { type: ExternalName, externalName: db.default.svc.cluster.local }';
    expect(imported(app('web', { env: { DB: 'database:5432' } }), app('db'), alias).calls).toEqual(['web -> db']);
    const round = 'kind: Service\nmetadata: { name: a }\nspec: { type: ExternalName, externalName: a }';
    expect(imported(app('web', { env: { A: 'a:1' } }), app('db'), round).calls).toEqual([]);
  });

  test('that Secrets may hold are reported, since Secrets are not read', () => {
    const web = app('web', { container: ['envFrom: [{ secretRef: { name: keys } }]'] }).replace(
      'env: []',
      'env: [{ name: DB, valueFrom: { secretKeyRef: { name: db, key: url } } }]',
    );
    expect(imported(web).report.notDerived).toEqual([
      'web: env of Secret keys: Secrets are not read',
      'web: env DB of Secret db: Secrets are not read',
    ]);
  });

  test('are shared out over the workloads behind one Service', () => {
    const versions = ['v1', 'v2'].map((version) =>
      app(`reviews-${version}`, { service: null }).replace('app: reviews-', 'app: reviews, version: '),
    );
    const service = 'kind: Service\nmetadata: { name: reviews }\nspec: { selector: { app: reviews } }';
    const { scenario } = imported(app('web', { env: { REVIEWS: 'http://reviews:9080' } }), ...versions, service);
    expect(scenario.cluster.calls.map((call) => call.perRequest)).toEqual([0.5, 0.5]);
  });

  test('that would close a cycle are cut and reported', () => {
    const { calls, report } = imported(
      app('b', { env: { A: 'a:1' } }),
      app('a', { env: { B: 'b:1' } }),
      app('gate', { env: { A: 'a:1' } }),
    );
    expect(calls).toEqual(['a -> b', 'gate -> a']);
    expect(report.cutEdges).toEqual(['b -> a (env A), closes a -> b -> a']);
  });

  test('to nothing in the input are reported, without secrets', () => {
    const { report } = imported(
      app('web', { env: { X: 'http://me:hunter2@gone:80', Y: 'localhost:1', Z: '10.0.0.1:2' } }),
    );
    expect(report.notDerived).toEqual(['web: env X names gone, which is not in the input']);
    const { yaml } = imported(app('web', { args: ['--to=http://me:hunter2@db:80'] }), app('db'));
    expect(yaml).toContain('argument');
    expect(yaml).not.toContain('hunter2');
  });

  test('by a name that stands for a plain name too are reported, not made', () => {
    expect(imported(app('web', { env: { DB_NAME: 'db' } }), app('db')).report.notDerived[0]).toContain('DB_NAME');
  });
});
