/** What the selectors of Chaos Mesh mean in a scenario. */
import { describe, expect, test } from 'vitest';
import { CART, object, reason } from './chaos-mesh.ts';
import { importedFaults } from './experiments.ts';

describe('a selector', () => {
  const kill = (fields: string, bindings?: ReadonlyMap<string, string>) =>
    importedFaults('chaos-mesh', [object('PodChaos', `{ action: pod-kill, ${fields} }`)], bindings).script.map(
      ({ target, mode, value }) => `${target} ${mode} ${value}`,
    );
  const refused = (fields: string) => reason('PodChaos', `{ action: pod-kill, ${fields} }`);

  test('finds services by any label, by pods and by everything, with every mode', () => {
    expect(kill('mode: one, selector: { labelSelectors: { app.kubernetes.io/name: Cart, tier: backend } }')).toEqual([
      'cart one null',
    ]);
    expect(kill(`mode: fixed, value: "2", ${CART}`)).toEqual(['cart fixed 2']);
    expect(kill(`mode: fixed-percent, value: "50", ${CART}`)).toEqual(['cart fixed-percent 50']);
    expect(kill(`mode: random-max-percent, value: 40, ${CART}`)).toEqual(['cart random-max-percent 40']);
    expect(kill('mode: all, selector: { pods: { shop: [cart-7d9f8b-x2x5q, cart-7d9f8b-aaaaa, web-1] } }')).toEqual([
      'cart fixed 2',
      'web fixed 1',
    ]);
    expect(kill('mode: all, selector: { fieldSelectors: { metadata.name: stock-x } }')).toEqual(['stock fixed 1']);
    expect(kill('mode: all, selector: { namespaces: [shop] }')).toHaveLength(4);
    expect(
      kill('mode: all, selector: { expressionSelectors: [{ key: app, operator: In, values: [cart, web] }] }'),
    ).toHaveLength(2);
    expect(kill('mode: one, selector: { labelSelectors: { app: web-show } }', new Map([['web-show', 'web']]))).toEqual([
      'web one null',
    ]);
  });

  test('of pods by name says that others may be drawn, but not of their disks', () => {
    const named = (kind: string, more: string) => {
      const spec = `{ mode: all, selector: { pods: { shop: [store-1] } }, ${more} }`;
      return importedFaults('chaos-mesh', [object(kind, spec)]).report.approximated;
    };
    expect(named('PodChaos', 'action: pod-kill')).toEqual([expect.stringContaining('drawn at random')]);
    expect(named('IOChaos', 'action: latency, delay: 1s, duration: 30s')).toEqual([]);
  });

  test('that means nothing here, or no one thing, is listed', () => {
    expect(refused('mode: one, selector: { labelSelectors: { app: tikv } }')).toContain(
      'no service is called tikv (--bind tikv=SERVICE',
    );
    expect(refused('mode: one, selector: { namespaces: [shop] }')).toContain(
      'mode one chooses among the pods of all services',
    );
    expect(refused('mode: one, selector: { labelSelectors: { app: cart, run: web } }')).toContain('different services');
    expect(refused('mode: one, selector: { nodes: [east-1] }')).toContain('by machine');
    expect(refused('mode: all, selector: { nodes: [north] }')).toContain('no machine north');
    expect(refused('mode: fixed, selector: { labelSelectors: { app: cart } }')).toContain('needs a value');
    expect(refused('mode: all, selector: { annotationSelectors: { a: b } }')).toContain('annotations');
    expect(
      refused('mode: all, selector: { expressionSelectors: [{ key: app, operator: NotIn, values: [web] }] }'),
    ).toContain('NotIn');
  });
});
