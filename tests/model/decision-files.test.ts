/** The files of an exported model that people and other programs read: rules, schemas, queries. */

import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RulesDocument } from '../../src/decide/index.ts';
import { signalCatalogue } from '../../src/environment/index.ts';
import { modelFiles, spec } from '../decide/hand-made-model.ts';
import { completeTopology, signals } from '../decide/shop.ts';

const files = modelFiles();
const read = (name: string) => JSON.parse(String(files[name]));
const rules: RulesDocument = read('rules.json');
const card = read('card.json');

describe('rules', () => {
  test('stand with thresholds as they are compared, in natural units, and in words', () => {
    expect(rules.rules[0]).toMatchObject({
      id: 'service-1',
      do: 'service.restart-unready',
      when: [
        {
          feature: 'signal.readyRatio',
          op: '<=',
          value: 0.9,
          natural: { value: 90, unit: '%' },
          words: 'share of ready replicas at most 90 %',
        },
      ],
    });
  });

  test('can be read aloud', () => {
    expect(String(files['rules.md'])).toContain(
      [
        '**service-1.** If',
        '',
        '- share of ready replicas at most 90 %',
        '',
        'then **service.restart-unready**: restart in place the replicas that are not ready, all at once.',
      ].join('\n'),
    );
  });
});

describe('the published schemas', () => {
  const accepts = (name: string, document: unknown): boolean =>
    z.fromJSONSchema(read(name)).safeParse(document).success;

  test('accept what the program accepts', () => {
    expect(accepts('rules.schema.json', rules)).toBe(true);
    expect(accepts('signals.schema.json', signals())).toBe(true);
    expect(accepts('topology.schema.json', completeTopology)).toBe(true);
  });

  test('tell the names of all signals, and between what they lie', () => {
    const names = [...new Set(Object.values(signalCatalogue()).flatMap((list) => list.map(({ name }) => name)))];
    const component = read('signals.schema.json').properties.components.additionalProperties.properties;
    for (const part of ['signals', 'before', 'healthy']) {
      expect(Object.keys(component[part].properties).sort()).toEqual(names.sort());
    }
    const telling = (values: object) => ({ ...signals(), components: { n1: { signals: values } } });
    expect(accepts('signals.schema.json', telling({ cpu: 1.2 }))).toBe(true);
    expect(accepts('signals.schema.json', telling({ errorRatio: 20 }))).toBe(false);
    expect(accepts('signals.schema.json', telling({ cpu: -5 }))).toBe(false);
    const alerts = [{ match: {}, component: 'n1', signals: { readyRatio: 50 } }];
    expect(accepts('topology.schema.json', { ...completeTopology, alerts })).toBe(false);
  });

  test('refuse a wrong word', () => {
    expect(accepts('signals.schema.json', { ...signals(), componets: {} })).toBe(false);
    expect(accepts('topology.schema.json', { ...completeTopology, format: 'other' })).toBe(false);
  });
});

describe('the queries of the card', () => {
  const queries: { query: string; of: string }[] = [
    ...Object.entries<{ name: string; query: string }[]>(card.signals).flatMap(([kind, list]) =>
      list.map(({ name, query }) => ({ query, of: `${kind} ${name}` })),
    ),
    ...['componentFeatures', 'clusterFeatures'].flatMap((part) =>
      card.promql[part].map(({ feature, query }: { feature: string; query: string }) => ({ query, of: feature })),
    ),
    ...card.promql.scores.map(({ kind, record, query }: Record<string, string>) => ({
      query,
      of: `${kind} ${record}`,
    })),
  ];

  test('yield every signal of every kind, and every feature', () => {
    for (const [kind, list] of Object.entries(signalCatalogue())) {
      expect(card.signals[kind].map(({ name }: { name: string }) => name)).toEqual(list.map(({ name }) => name));
    }
    const names = (part: string) => card.promql[part].map(({ feature }: { feature: string }) => feature);
    expect(names('componentFeatures')).toEqual(spec.observation.componentFeatures.map(({ name }) => name));
    expect(names('clusterFeatures')).toEqual(spec.observation.clusterFeatures.map(({ name }) => name));
  });

  test('take the larger of two series whose labels are alike', () => {
    const queryOf = (kind: string, signal: string) => queries.find(({ of }) => of === `${kind} ${signal}`)?.query ?? '';
    for (const query of [queryOf('link', 'utilisation'), queryOf('disk', 'diskErrors')]) {
      const labels = [...query.matchAll(/label_replace\(.+?, "part", "(\d)", "", ""\)/g)].map(([, label]) => label);
      expect(labels, query).toEqual(['0', '1']);
    }
  });

  test('see the pods of a service, and not those of one whose name begins with its name', () => {
    const patterns = new Set(queries.flatMap(({ query }) => [...query.matchAll(/pod=~"(.+?)"/g)].map(([, p]) => p)));
    expect(patterns.size).toBe(1);
    const [pattern = ''] = patterns;
    const cart = new RegExp(`^(?:${pattern.replace('{{service}}', 'cart')})$`);
    for (const pod of ['cart-7d9f8b6c5d-x2x4z', 'cart-58f7b8cb9-kq9vx', 'cart-0', 'cart-12']) expect(pod).toMatch(cart);
    for (const pod of ['cart-worker-7d9f8b6c5d-x2x4z', 'cart-worker-0', 'cart-worker-x2x4z', 'shopcart-0']) {
      expect(pod).not.toMatch(cart);
    }
  });

  test('see the calls to a service, and not those to one whose name ends with its name', () => {
    const retries = queries.find(({ of }) => of === 'service retryRatio')?.query ?? '';
    const [, pattern = ''] = /envoy_cluster_name=~"(.+?)"/.exec(retries) ?? [];
    const filledIn = pattern.replace('{{service}}', 'cart').replace('{{namespace}}', 'shop').replaceAll('\\\\', '\\');
    const cart = new RegExp(`^(?:${filledIn})$`);
    expect('outbound|8080||cart.shop.svc.cluster.local').toMatch(cart);
    expect('outbound|8080||my-cart.shop.svc.cluster.local').not.toMatch(cart);
  });

  test('are PromQL once the placeholders are filled in', () => {
    const durations = ['window', 'scrape', 'healthyWindow'];
    const numbers = ['workers', 'componentCount', 'objectiveSuccessRatio', 'objectiveLatencyP99'];
    const filled = (query: string) =>
      query.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
        expect(Object.keys(card.promql.placeholders)).toContain(name);
        if (durations.includes(name)) return '30s';
        return numbers.includes(name) ? '2' : 'some-name';
      });
    for (const { query, of } of queries) {
      expect(query, of).toBeTruthy();
      const text = filled(query);
      const errors: number[] = [];
      parser.parse(text).iterate({
        enter: (node) => {
          if (node.type.isError) errors.push(node.from);
        },
      });
      expect(errors, `${of}: ${text}`).toEqual([]);
    }
  });
});
