/** Calls seen in a running system, as a list or as trace spans, laid over those derived from its files. */
import { describe, expect, test } from 'vitest';
import { importSystem, parseScenario } from '../../src/scenario/index.ts';
import { errorOf } from './errors.ts';

const COMPOSE = [
  'services:',
  '  web: { ports: ["80:80"], environment: { CART: "cart:1" } }',
  '  cart: { image: cart }',
  '  stock: { image: stock }',
  '  db: { image: postgres }',
].join('\n');

/** What the shop becomes with these files of calls. */
function withEdges(...texts: string[]) {
  const edges = texts.map((text, index) => ({ name: `edges-${index + 1}`, text }));
  const { yaml, report } = importSystem([{ name: 'compose.yaml', text: COMPOSE }], { format: 'compose', edges });
  const { services, calls, workloads } = parseScenario(yaml, { file: 'imported.yaml' }).cluster;
  const name = (index: number) => services[index]?.name;
  return {
    report,
    yaml,
    calls: calls.map((call) => `${name(call.caller)} -> ${name(call.callee)} ${call.perRequest}`),
    entries: workloads.map((workload) => name(workload.service)),
  };
}

describe('a list of calls', () => {
  test('says who calls whom and how often per request', () => {
    const { calls, yaml } = withEdges('caller,callee,count\n,web,100\nweb,cart,150\nweb,stock,50\ncart,db,300\n');
    expect(calls).toEqual(['web -> cart 1.5', 'web -> stock 0.5', 'cart -> db 2']);
    expect(yaml).toContain('# 150 calls in 100 requests, edges-1');
  });

  test('may hold comments, quotes, empty lines and no header', () => {
    const text = '\uFEFF# seen on Monday\r\n"web" , "cart",4\r\n\r\n web,stock,2\r\n';
    expect(withEdges(text).calls).toEqual(['web -> cart 1', 'web -> stock 0.5']);
  });

  test('says what the requests of a caller are taken for when nobody counted them', () => {
    expect(withEdges('web,cart,80\nweb,stock,20\n').report.assumed).toContain(
      'web: its own requests were not counted, 80, as many as its most frequent call',
    );
  });

  test('takes a derived call away with a count of 0, and keeps one it does not speak of', () => {
    expect(withEdges('web,cart,0\nweb,stock,1').calls).toEqual(['web -> stock 1']);
    const { calls, report } = withEdges('web,stock,1');
    expect(calls).toEqual(['web -> stock 1', 'web -> cart 1']);
    expect(report.notDerived).toContain('web -> cart (env CART) was not seen in edges-1; it stays, 1 per request');
  });

  test('adds up over several files, and decides where traffic is assumed to enter', () => {
    const { calls, entries } = withEdges('cart,db,1\ncart,stock,1', 'cart,db,3\nstock,db,1\nweb,cart,1');
    expect(calls).toContain('cart -> db 4');
    expect(entries).toEqual(['web']);
  });

  test('finds services in other capitals and by their DNS name, and reports the rest with the nearest name', () => {
    const { calls, report } = withEdges('WEB,stock.default.svc.cluster.local,1\nweb,carts,1\nweb,mail.example.com,1');
    expect(calls).toEqual(['web -> stock 1', 'web -> cart 1']);
    expect(report.notDerived).toEqual(
      expect.arrayContaining([
        'edges-1 names carts, which is not in the input; did it mean cart?',
        'edges-1 names mail.example.com, which is not in the input',
      ]),
    );
  });

  const wrong: [what: string, text: string, says: RegExp, line: number | undefined][] = [
    ['nothing', '', /no call/, undefined],
    ['a header alone', 'caller,callee,count\n', /no call/, undefined],
    ['too few fields', 'web,cart\n', /2 fields instead of caller,callee,count/, 1],
    ['too many fields', 'web,cart,1\nweb,cart,1,2\n', /4 fields/, 2],
    ['a count in words', 'web,cart,many\n', /"many" is not a count/, 1],
    ['a negative count', 'web,cart,-1\n', /"-1" is not a count/, 1],
    ['an endless count', 'web,cart,1e999\n', /is not a count/, 1],
    ['no callee', 'web,,1\n', /names no callee/, 1],
    ['an open quote', 'web,"cart,1\n', /quote/, 1],
  ];
  for (const [what, text, says, line] of wrong) {
    test(`with ${what} is refused at its line`, () => {
      const error = errorOf(() => withEdges(text));
      expect([error.code, error.place?.file, error.place?.line]).toEqual(['EDGES_INVALID', 'edges-1', line]);
      expect(error.message).toMatch(says);
    });
  }
});

/** A span; `id` is unique in its trace. */
interface TestSpan {
  id: string;
  parent?: string;
  kind?: number | string;
  to?: Record<string, string>;
}

/** Spans of one process. */
function spansOf(service: string, ...spans: TestSpan[]): object {
  return {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: spans.map(({ id, parent, kind = 2, to = {} }) => ({
          traceId: '5B8EFFF798038103D269B633813FC60C',
          spanId: id,
          ...(parent === undefined ? {} : { parentSpanId: parent }),
          name: 'work',
          kind,
          startTimeUnixNano: '1544712660000000000',
          attributes: Object.entries(to).map(([key, stringValue]) => ({ key, value: { stringValue } })),
        })),
      },
    ],
  };
}

const TRACE = [
  spansOf('web', { id: 'a1' }, { id: 'a2', parent: 'A1', kind: 3 }, { id: 'a3', parent: 'a1', kind: 3 }, { id: 'b1' }),
  spansOf(
    'cart',
    { id: 'c1', parent: 'a2' },
    { id: 'c2', parent: 'a3', kind: 'SPAN_KIND_SERVER' },
    { id: 'c3', parent: 'c1', kind: 1 },
    { id: 'c4', parent: 'c3', kind: 3, to: { 'db.system': 'postgresql', 'server.address': 'db' } },
  ),
];

describe('trace spans', () => {
  test('give calls between parents and children of different services, per request of the parent', () => {
    // Two requests at web, both calls of cart in the first of them; one of cart's two requests asks the database.
    expect(withEdges(JSON.stringify({ resourceSpans: TRACE })).calls).toEqual(['web -> cart 1', 'cart -> db 0.5']);
  });

  test('may stand one document a line, or bare, or in a list', () => {
    const lines = TRACE.map((spans) => JSON.stringify({ resourceSpans: [spans] })).join('\n');
    const expected = ['web -> cart 1', 'cart -> db 0.5'];
    expect(withEdges(`${lines}\n`).calls).toEqual(expected);
    expect(withEdges(TRACE.map((spans) => JSON.stringify(spans)).join('\n')).calls).toEqual(expected);
    expect(withEdges(JSON.stringify(TRACE, null, 2)).calls).toEqual(expected);
  });

  test('count a call once, however many client spans wrap it', () => {
    const wrapped = spansOf(
      'web',
      { id: 'a' },
      { id: 'b', parent: 'a', kind: 3, to: { 'peer.service': 'cart' } },
      { id: 'c', parent: 'b', kind: 3, to: { 'peer.service': 'cart' } },
      { id: 'd', parent: 'a', kind: 3, to: { 'server.address': 'stock' } },
      { id: 'e', parent: 'd', kind: 3, to: { 'server.address': 'stock' } },
    );
    const { calls } = withEdges(
      JSON.stringify({ resourceSpans: [wrapped, spansOf('cart', { id: 'f', parent: 'c' })] }),
    );
    expect(calls).toEqual(['web -> cart 1', 'web -> stock 1']);
  });

  test('say what of them did not count', () => {
    const { report } = withEdges(
      JSON.stringify({
        resourceSpans: [
          spansOf('web', { id: 'a', parent: 'gone' }, { id: 'a' }, { id: 'p', parent: 'a', kind: 4 }),
          spansOf('cart', { id: 'b', parent: 'p', kind: 5 }),
          spansOf('', { id: 'z' }),
        ],
      }),
    );
    expect(report.notDerived).toEqual(
      expect.arrayContaining([
        'edges-1: 1 spans have a parent that is not in the file; taken as requests from outside',
        'edges-1: 1 calls are messages, taken as calls that wait for an answer',
        'edges-1: 1 spans name no service and do not count',
        'edges-1: 1 spans are there twice and count once',
      ]),
    );
  });

  const wrong: [what: string, text: string, says: RegExp, line: number | undefined][] = [
    ['half a document', '{"resourceSpans":\n  [', /not whole JSON/, 2],
    ['a broken line', `${JSON.stringify(TRACE[0])}\n{"x": }`, /not whole JSON/, 2],
    ['something else', '{"services": []}', /no trace data/, 1],
    ['numbers for ids', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":5}]}]}]}', /traceId: must be text/, 1],
    ['a list too few', '{"resourceSpans":[{"scopeSpans":{}}]}', /scopeSpans: must be a list/, 1],
    ['no spans', '{"resourceSpans":[]}', /no span/, undefined],
    ['metrics', '{"resourceMetrics":[]}', /no span/, undefined],
  ];
  for (const [what, text, says, line] of wrong) {
    test(`with ${what} are refused`, () => {
      const error = errorOf(() => withEdges(text));
      expect([error.code, error.place?.line]).toEqual(['EDGES_INVALID', line]);
      expect(error.message).toMatch(says);
    });
  }
});
