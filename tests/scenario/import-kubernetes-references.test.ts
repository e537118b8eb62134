/** What Kubernetes manifests name and do not hold, and objects that only share the name of a kind. */
import { describe, expect, test } from 'vitest';
import { app, imported } from './manifests.ts';

describe('ConfigMaps', () => {
  const map = 'kind: ConfigMap\nmetadata: { name: there }\ndata: { K: "http://db" }';
  const missing =
    (...lines: string[]) =>
    (report: { notDerived: string[] }) =>
      expect(report.notDerived.filter((line) => line.includes('ConfigMap'))).toEqual(lines);
  const from = (extra = '') => ({
    container: [`envFrom: [{ configMapRef: { name: nope${extra} } }]`],
    pod: [
      `volumes: [{ name: v, configMap: { name: other${extra} } }, { name: p, projected: { sources: [{ configMap: { name: nope${extra} } }] } }]`,
    ],
  });

  test('that are named and not in the input are reported, with what names them', () => {
    missing(
      'web: ConfigMap nope is not in the input (envFrom, volume p)',
      'web: ConfigMap other is not in the input (volume v)',
    )(imported(app('web', from()), map).report);
    const key = app('web').replace(
      'env: []',
      'env: [{ name: A, valueFrom: { configMapKeyRef: { name: nope, key: K } } }]',
    );
    missing('web: ConfigMap nope is not in the input (env A)')(imported(key).report);
    const elsewhere = map.replace('there }', 'nope, namespace: far }');
    missing('web: ConfigMap nope is not in the input (env A)')(imported(key, elsewhere).report);
  });

  test('that a load generator names are reported as well', () => {
    const generator = app('loadgenerator', { ...from(), env: { TARGET: 'web:80' } });
    expect(imported(app('web'), generator).report.notDerived).toContain(
      'loadgenerator: ConfigMap other is not in the input (volume v)',
    );
  });

  test('that are optional, there, or put there by the cluster are not worth a line', () => {
    missing()(imported(app('web', from(', optional: true'))).report);
    const present = app('web', { container: ['envFrom: [{ configMapRef: { name: there } }]'] });
    missing()(imported(present, map).report);
    const cluster = 'volumes: [{ name: v, projected: { sources: [{ configMap: { name: kube-root-ca.crt } }] } }]';
    missing()(imported(app('web', { pod: [cluster] })).report);
  });
});

describe('objects of other API groups', () => {
  test('are skipped, though their kind has the name of a known one', () => {
    const knative =
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: api }\nspec: { template: { spec: { containers: [{}] } } }';
    const odd = 'apiVersion: v1\nkind: Ingress\nmetadata: { name: i }\nspec: 5';
    const { report, scenario } = imported(app('web', { env: { URL: 'http://api' } }), knative, odd);
    expect(report.skipped).toEqual(['Service (serving.knative.dev): api', 'Ingress (v1): i']);
    expect(report.notDerived).toContain('web: env URL names api, which is not in the input');
    expect(scenario.cluster.services).toHaveLength(1);
  });

  test('of the own groups are read in every version', () => {
    const versions = ['apps/v1', 'apps/v1beta1', 'extensions/v1beta1'];
    const texts = versions.map((version, index) => `apiVersion: ${version}\n${app(`s${index}`)}`);
    expect(imported(...texts).report.services).toEqual(['s0', 's1', 's2']);
  });
});
