/** What documents may not say: names nobody knows, values a signal cannot have, times that have not come. */

import { describe, expect, test } from 'vitest';
import { model } from './hand-made-model.ts';
import { completeTopology, signals, topology, webhook } from './shop.ts';

const complete = { topology: completeTopology };

const refused = (observation: unknown, options: object, code: string, ...words: string[]) => {
  for (const part of words) {
    expect(() => model.decide(observation, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    );
  }
};

/** The shop's document with something more told of one component. */
function told(name: string, more: object): object {
  const document = signals();
  return { ...document, components: { ...document.components, [name]: { ...document.components[name], ...more } } };
}

/** The shop's map whose alerts are bound like this. */
function bound(...alerts: object[]): { readonly topology: object } {
  return { topology: { ...topology, alerts } };
}
const down = { match: { alertname: 'BackendServerDown' }, component: '{server}', signals: { readyRatio: 0.5 } };

describe('times that have not come', () => {
  const ahead = 'after the moment of the decision';

  test('are refused in the document, in a component and in the history of repairs', () => {
    const future = '2027-11-22T12:00:00Z';
    const started = { verb: 'service.restart', startedAt: future };
    const ended = { verb: 'service.restart', startedAt: '2026-11-22T11:59:00Z', endedAt: future };
    refused({ ...signals(), at: future }, complete, 'SIGNALS_INVALID', `at: ${future} lies 31536000 s ${ahead}`);
    refused(told('n1', { at: future }), complete, 'SIGNALS_INVALID', 'components.n1.at', ahead);
    refused(told('n1', { repairs: [started] }), complete, 'SIGNALS_INVALID', 'n1.repairs.0.startedAt', ahead);
    refused(told('n1', { repairs: [ended] }), complete, 'SIGNALS_INVALID', 'n1.repairs.0.endedAt', ahead);
  });

  test('are let pass while they are what clocks differ by', () => {
    expect(model.decide({ ...signals(), at: '2026-11-22T12:00:20Z' }, complete).knowledge.ageSeconds).toBe(0);
    refused({ ...signals(), at: '2026-11-22T12:00:40Z' }, complete, 'SIGNALS_INVALID', ahead);
  });

  test('are refused of an alert that is to begin later', () => {
    const now = '2026-11-22T10:00:00Z';
    refused(webhook(), { topology, now }, 'SIGNALS_INVALID', 'alerts.0.startsAt', ahead);
  });
});

describe('the moment of the decision', () => {
  test('is the present, so that an old document is stale unless its moment is given', () => {
    const hourOld = { ...signals(), at: '2026-11-22T11:00:00Z' };
    expect(model.decide(hourOld, complete)).toMatchObject({
      at: '2026-11-22T12:00:00.000Z',
      reasons: [{ code: 'stale' }],
    });
    expect(model.decide(hourOld, { ...complete, now: hourOld.at })).toMatchObject({ abstains: false });
  });
});

describe('the history of repairs', () => {
  test.each<[object, string, string]>([
    [
      { verb: 'service.restrat' },
      'repairs.0.verb',
      'repair service.restrat of a service; did you mean service.restart?',
    ],
    [{ verb: 'disk.free-space' }, 'repairs.0.verb', 'there is no repair disk.free-space of a service'],
    [{ endedAt: '2020-01-01T00:00:00Z' }, 'repairs.0.endedAt', 'lies before startedAt'],
    [{ endedAt: '2026-11-22T11:59:30Z', inProgress: true }, 'repairs.0.inProgress', 'not in progress any more'],
  ])('is refused with %j', (wrong, ...words) => {
    const repair = { verb: 'service.restart', startedAt: '2026-11-22T11:59:00Z', ...wrong };
    refused(told('n1', { repairs: [repair] }), complete, 'SIGNALS_INVALID', ...words);
  });
});

describe('values of signals', () => {
  test.each([
    ['n1', { errorRatio: 20 }, 'signals.errorRatio: 20 is more than 1'],
    ['n1', { cpu: -5 }, 'signals.cpu: -5 is below 0'],
    ['n1', { cpu: 80 }, 'signals.cpu: 80 is more than 10'],
    ['disk', { diskUsed: 40 }, 'signals.diskUsed: 40 is more than 1'],
  ])('of %s are refused: %j', (name, values, words) => {
    refused(signals({ [name]: values }), complete, 'SIGNALS_INVALID', words);
  });

  test('that look like percent are told as the ratio that may be meant', () => {
    expect(() => model.decide(signals({ n1: { errorRatio: 20 } }), complete)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('write 0.2.') }),
    );
  });

  test('may lie above 1 where there is more than there is room for', () => {
    const full = { cpu: 1.2, saturation: 40, readyRatio: 1.5 };
    expect(model.decide(signals({ n1: full, 'uplink-1': { utilisation: 3 } }), complete).knowledge.components).toBe(9);
  });

  test('are held to the same in what was before and in what is healthy', () => {
    refused(told('n1', { before: { errorRatio: 2 } }), complete, 'SIGNALS_INVALID', 'components.n1.before.errorRatio');
    refused(told('n1', { healthy: { latencyMaen: 1 } }), complete, 'SIGNALS_INVALID', 'did you mean latencyMean?');
  });
});

describe('the topology map', () => {
  const withHealthy = (healthy: object) => ({
    topology: { ...topology, components: { ...topology.components, n1: { kind: 'service', healthy } } },
  });

  test('knows its signals, healthy ones and those of alerts', () => {
    const code = 'TOPOLOGY_INVALID';
    refused(signals(), withHealthy({ latencyMaen: 0.1 }), code, 'components.n1.healthy', 'did you mean latencyMean?');
    refused(signals(), withHealthy({ latencyMean: -1 }), code, 'components.n1.healthy.latencyMean: -1 is below 0');
    const wrong = bound({ ...down, signals: { readyRato: 0 } });
    refused(webhook(), wrong, code, 'alerts.0.signals.readyRato', 'did you mean readyRatio?');
    refused(webhook(), bound({ ...down, signals: { readyRatio: 50 } }), code, 'alerts.0.signals.readyRatio: 50');
    const literal = { ...down, component: 'machine-1' };
    refused(webhook(), bound(literal), code, 'alerts.0.signals.readyRatio: there is no such signal of a node');
  });

  test('says of a component nothing that its kind has not, also where a label names it', () => {
    const words = 'alerts.0.signals.readyRatio: there is no such signal of a node, which machine-1 is';
    refused(webhook({ server: 'machine-1' }), bound(down), 'TOPOLOGY_INVALID', words);
  });

  test('binds alerts to components it has', () => {
    const wrong = bound({ ...down, component: 'n22' });
    refused(webhook(), wrong, 'TOPOLOGY_INVALID', 'alerts.0.component: there is no component n22; did you mean n');
  });
});

describe('an alert that names no component', () => {
  const why = (options: object, alert = webhook()) => model.decide(alert, options).reasons[0]?.words;

  test('is told with what its binding found', () => {
    expect(why(bound(down), webhook({ server: 'n7' }))).toMatch(
      /alerts\.0 of the topology map matches, but there is no component n7; did you mean n\d\?/,
    );
    expect(why(bound({ ...down, component: '{sever}' }))).toContain('has no label sever; did you mean server?');
    expect(why(bound())).toContain('nothing under alerts of the map matches it');
  });

  test('is noted beside a signals document too', () => {
    const alerts = webhook({ server: 'n7' });
    const { notes, abstains } = model.decide(signals(), { ...complete, alerts });
    expect(abstains).toBe(false);
    expect(notes.join()).toMatch(/alert BackendServerDown fires on no component of the map.*n7/);
  });
});

describe('signals a component cannot have', () => {
  test('are not missed: a service without followers has no replication lag', () => {
    const { components, ...rest } = signals();
    const real = Object.fromEntries(
      Object.entries(components).map(
        ([
          name,
          {
            signals: { replicationLag: _, ...values },
            ...more
          },
        ]) => [name, { ...more, signals: name === 'store' ? { ...values, replicationLag: 0 } : values }],
      ),
    );
    const { knowledge } = model.decide({ ...rest, components: real }, complete);
    expect(knowledge).toMatchObject({ signalsKnown: knowledge.signalsExpected, fillings: 1 });
    const { store, ...others } = real;
    const { replicationLag: _, ...untold } = store?.signals ?? {};
    const blind = model.decide({ ...rest, components: { ...others, store: { ...store, signals: untold } } }, complete);
    expect(blind.knowledge.signalsKnown).toBe(knowledge.signalsExpected - 1);
  });
});
