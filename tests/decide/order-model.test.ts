/** What an order model answers: to full knowledge, to little, and when it rather says nothing. */

import { describe, expect, test } from 'vitest';
import { model } from './hand-made-model.ts';
import { completeTopology, signals, topology, webhook } from './shop.ts';

const complete = { topology: completeTopology };
const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code);

/** A document in which some components do not tell some signals. */
function without(document: ReturnType<typeof signals>, names: readonly string[], hidden: readonly string[]) {
  const components = Object.entries(document.components).map(([name, told]) => {
    const kept = Object.entries(told.signals).filter(([signal]) => !names.includes(name) || !hidden.includes(signal));
    return [name, { ...told, signals: Object.fromEntries(kept) }];
  });
  return { ...document, components: Object.fromEntries(components) };
}

describe('with all signals at hand', () => {
  test('it does nothing while all is well', () => {
    const decision = model.decide(signals(), complete);
    expect(decision).toMatchObject({ abstains: false, advice: 'wait', tentative: false });
    expect(decision.knowledge).toMatchObject({ components: 9, componentsSeen: 9, fillings: 1, agreement: 1 });
    expect(decision.knowledge.signalsKnown).toBe(decision.knowledge.signalsExpected);
    expect(decision.waitProbability).toBeGreaterThan(0.5);
  });

  test('it names repair, rule and the signals that matter, in words', () => {
    const decision = model.decide(signals({ n2: { readyRatio: 0.5 } }), complete);
    expect(decision.advice).toBe('repair');
    const [first] = decision.repairs;
    expect(first).toMatchObject({
      verb: 'service.restart-unready',
      component: 'n2',
      rule: { id: 'service-1', because: ['share of ready replicas at most 90 %'], precision: 0.9, share: 1 },
    });
    expect(first?.signals[0]).toMatchObject({ signal: 'readyRatio', words: 'share of ready replicas 50 %' });
    expect(first?.signals[0]?.effect).toBeGreaterThan(1);
    const total = decision.waitProbability + decision.repairs.reduce((sum, { probability }) => sum + probability, 0);
    expect(total).toBeGreaterThan(0.98);
    expect(total).toBeLessThan(1.000001);
  });

  test('it tells of rules the network does not follow', () => {
    const decision = model.decide(signals({ disk: { diskUsed: 0.95 } }), complete);
    expect(decision.advice).toBe('wait');
    expect(decision.rules).toMatchObject([{ id: 'disk-1', component: 'disk', does: 'disk.free-space' }]);
  });

  test('only what is on offer is ranked', () => {
    const { repairs } = model.decide(signals({ n2: { readyRatio: 0.5 } }), complete);
    const unready = repairs.filter(({ verb }) => verb === 'service.restart-unready');
    expect(unready.map(({ component }) => component)).toEqual(['n2']);
  });

  test('a component under repair is left alone', () => {
    const document = signals({ n2: { readyRatio: 0.5 } });
    const busy = {
      ...document.components.n2,
      repairs: [{ verb: 'service.restart', startedAt: '2026-11-22T11:59:50Z', inProgress: true }],
    };
    const decision = model.decide({ ...document, components: { ...document.components, n2: busy } }, complete);
    expect(decision.repairs.filter(({ component }) => component === 'n2')).toEqual([]);
  });

  test('needs no topology map where the document itself tells kinds and needs', () => {
    const document = signals({ n2: { readyRatio: 0.5 } });
    const components = Object.fromEntries(
      Object.entries(document.components).map(([name, told]) => [
        name,
        { ...completeTopology.components[name], ...told },
      ]),
    );
    const decision = model.decide({ ...document, components });
    expect(decision.repairs[0]).toMatchObject({ verb: 'service.restart-unready', component: 'n2' });
  });
});

describe('with gaps', () => {
  test('it fills them with situations of training, and says how much hangs on it', () => {
    const decision = model.decide(signals({ 'uplink-1': null, disk: null, n2: { readyRatio: 0.5 } }), complete);
    expect(decision).toMatchObject({ abstains: false, advice: 'repair' });
    expect(decision.knowledge.fillings).toBeGreaterThan(1);
    expect(decision.knowledge.componentsSeen).toBe(7);
    expect(decision.repairs[0]).toMatchObject({ verb: 'service.restart-unready', component: 'n2' });
    expect(decision.notes.join()).toMatch(/of \d+ signals are known/);
  });

  test('it abstains where too few signals are known', () => {
    const dark = { proxy: null, n1: null, store: null, 'machine-1': null, 'machine-2': null, 'uplink-1': null };
    const decision = model.decide(signals(dark), complete);
    expect(decision).toMatchObject({ abstains: true, advice: null, repairs: [], rules: [] });
    expect(codes(decision.reasons)).toContain('incomplete');
  });

  test('it abstains where what is not known decides', () => {
    // Nobody knows whether the replicas of three services are ready, and their cpu fits both.
    const document = signals({ proxy: { cpu: 0.4 }, n1: { cpu: 0.4 }, n2: { cpu: 0.4 } });
    const hidden = ['readyRatio', 'errorRatio', 'latencyMean'];
    const blind = without(document, ['proxy', 'n1', 'n2'], hidden);
    const decision = model.decide(blind, complete);
    expect(decision.knowledge.agreement).toBeLessThan(0.6);
    expect(codes(decision.reasons)).toEqual(['incomplete']);
  });

  test('gives the same answer every time', () => {
    const ask = () => model.decide(signals({ 'machine-1': null }), complete);
    expect(ask()).toEqual(ask());
  });
});

describe('when the document is old', () => {
  test('it abstains', () => {
    const decision = model.decide(signals({ n2: { readyRatio: 0.5 } }), { ...complete, now: '2026-11-22T12:02:00Z' });
    expect(decision.abstains).toBe(true);
    expect(codes(decision.reasons)).toContain('stale');
    expect(decision.knowledge.ageSeconds).toBe(120);
  });

  test('a single old component only counts as unknown', () => {
    const document = signals();
    const old = { ...document.components['uplink-1'], at: '2026-11-22T11:50:00Z' };
    const decision = model.decide({ ...document, components: { ...document.components, 'uplink-1': old } }, complete);
    expect(decision.abstains).toBe(false);
    expect(decision.knowledge.componentsSeen).toBe(8);
  });
});

describe('when scrapes fail', () => {
  test('samples from before count as known while they are not too old', () => {
    const document = signals({ n2: { readyRatio: 0.5 } });
    const dark = (at: string) =>
      Object.fromEntries(
        Object.entries(document.components).map(([name, told]) => [name, { ...told, at, missing: true }]),
      );
    const recent = model.decide({ ...document, components: dark('2026-11-22T11:59:30Z') }, complete);
    expect(recent).toMatchObject({ abstains: false, knowledge: { componentsSeen: 9, ageSeconds: 30 } });
    expect(recent.knowledge.signalsKnown).toBe(recent.knowledge.signalsExpected);
    const old = model.decide({ ...document, components: dark('2026-11-22T11:58:30Z') }, complete);
    expect(codes(old.reasons)).toEqual(['stale']);
  });
});

describe('when nothing like it was seen', () => {
  test('it abstains and says what is strange', () => {
    const decision = model.decide(signals({ 'uplink-1': { loss: 1 } }), complete);
    expect(codes(decision.reasons)).toEqual(['unfamiliar']);
    expect(decision.reasons[0]?.words).toContain('uplink-1: packet loss 100 %');
    expect(decision.familiarity?.strangeness).toBeGreaterThan(1);
  });
});

describe('with nothing but an alert', () => {
  test('it ranks repairs of the component the alert is about, and says how little it knows', () => {
    const decision = model.decide(webhook(), { topology });
    expect(decision).toMatchObject({ abstains: false, tentative: true, at: '2026-11-22T10:21:09.832Z' });
    expect(decision.repairs[0]).toMatchObject({ verb: 'service.restart-unready', component: 'n2' });
    expect(new Set(decision.repairs.map(({ component }) => component))).toEqual(new Set(['n2']));
    expect(decision.knowledge).toMatchObject({ signalsKnown: 1, componentsSeen: 1, alerts: 1, ageSeconds: 0 });
    expect(decision.notes.join()).toContain('BackendServerDown fires on n2 since 2026-11-22T10:21:09.832Z');
  });

  test('of repairs the network does not favour, those that answer what the alert tells come first', () => {
    const alerts = [
      { match: { alertname: 'BackendServerDown' }, component: '{server}', signals: { readyRatio: 1, errorRatio: 0.5 } },
    ];
    const { repairs, advice, notes } = model.decide(webhook(), { topology: { ...topology, alerts } });
    expect(advice).toBe('wait');
    const verbs = repairs.map(({ verb }) => verb);
    expect(verbs.slice(0, 2).sort()).toEqual(['service.open-breaker', 'service.pin-address']);
    expect(verbs).toContain('service.restart');
    expect(notes.join()).toContain('the network favours none of these repairs');
  });

  test('it abstains on an alert that began long before the moment it is asked about', () => {
    const decision = model.decide(webhook(), { topology, now: '2026-11-22T10:40:00Z' });
    expect(codes(decision.reasons)).toEqual(['stale']);
    expect(decision.repairs).toEqual([]);
  });

  test('it abstains where the map does not know whom the alert is about', () => {
    const decision = model.decide(webhook({ server: 'n7' }), { topology });
    expect(codes(decision.reasons)).toEqual(['incomplete']);
    expect(decision.reasons[0]?.words).toContain('BackendServerDown');
  });

  test('it has nothing to repair when the alert is resolved', () => {
    const decision = model.decide(webhook({ status: 'resolved' }), { topology });
    expect(decision.notes).toContain('no alert fires, and nothing else is known');
    expect(decision.advice).not.toBe('repair');
  });

  test('beside a signals document it adds what the document does not tell', () => {
    const document = without(signals(), ['n2'], ['readyRatio']);
    const decision = model.decide(document, { topology: completeTopology, alerts: webhook() });
    expect(decision).toMatchObject({ tentative: false, advice: 'repair' });
    expect(decision.repairs[0]).toMatchObject({ verb: 'service.restart-unready', component: 'n2' });
  });
});

describe('documents with mistakes', () => {
  const refused = (observation: unknown, options: object, code: string, words: string) =>
    expect(() => model.decide(observation, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );

  test('are refused with the name of what is wrong', () => {
    const document = signals();
    refused({ ...document, at: 'yesterday' }, complete, 'SIGNALS_INVALID', 'at');
    refused({ ...document, version: 2 }, complete, 'SIGNALS_INVALID', 'version');
    refused({ ...document, componets: {} }, complete, 'SIGNALS_INVALID', 'componets');
    refused({}, complete, 'SIGNALS_INVALID', 'format');
    refused(null, complete, 'SIGNALS_INVALID', '');
    refused(webhook(), {}, 'TOPOLOGY_INVALID', 'topology map');
    refused({ ...webhook(), version: '3' }, { topology }, 'SIGNALS_INVALID', 'version');
    refused(document, { topology: { ...topology, components: {} } }, 'TOPOLOGY_INVALID', 'no component');
  });

  test('name the nearest right word', () => {
    refused(signals({ n1: { latencyP9: 1 } }), complete, 'SIGNALS_INVALID', 'did you mean latencyP99?');
    const document = signals();
    refused({ ...document, components: { n3: { signals: {} } } }, complete, 'SIGNALS_INVALID', 'did you mean n1?');
    const broken = { ...topology, components: { ...topology.components, n1: { kind: 'service', needs: ['stor'] } } };
    refused(document, { topology: broken }, 'TOPOLOGY_INVALID', 'there is no component stor');
  });
});
