/** Real Alertmanager payloads, a haproxy backend server down and up again, put to the shipped order agent as it is exported. */

import { describe, expect, test } from 'vitest';
import { type OrderModel, readOrderModel } from '../../src/decide/index.ts';
import { distillDefaults, exportOrderModel } from '../../src/distill/index.ts';
import { contestSpecs, createEnvironment } from '../../src/environment/index.ts';
import { readAgent } from '../../src/model/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import { readScenario } from '../../src/scenario/index.ts';
import { providedText } from '../support/provided-data.ts';

const firing = providedText('alertmanager-webhook-v4-firing.json');
const resolved = providedText('alertmanager-webhook-v4-resolved.json');
const BEGAN = '2026-11-22T10:21:09.832Z';

/** Servers n1 and n2 behind proxy b; what is told of a server that is down. */
function map(down: Readonly<Record<string, number>>, components: object = {}): object {
  return {
    format: 'deepl-ops-topology',
    version: 1,
    components: {
      b: { kind: 'service', entry: true, needs: ['n1', 'n2'] },
      n1: { kind: 'service' },
      n2: { kind: 'service' },
      ...components,
    },
    alerts: [{ match: { alertname: 'BackendServerDown', job: 'haproxy' }, component: '{server}', signals: down }],
  };
}

const machines = {
  n1: { kind: 'service', needs: ['machine-1'] },
  n2: { kind: 'service', needs: ['machine-2'] },
  'machine-1': { kind: 'node', needs: ['uplink-1'] },
  'machine-2': { kind: 'node', needs: ['uplink-2'] },
  'uplink-1': { kind: 'link' },
  'uplink-2': { kind: 'link' },
};

/** Made by as little play as it takes: rules hardly count where all that is known is an alert. */
function shippedModel(): OrderModel {
  const { agent } = readAgent('agents/online-boutique-order');
  const environment = createEnvironment(readScenario('scenarios/online-boutique.yaml'), { engine: 'flow' });
  const [chaos, silence] = [findPolicy('monkey')!.make({}), findPolicy('none')!.make({})];
  const little = {
    rounds: 1,
    episodesPerRound: 12,
    leaves: [24],
    repairWeights: [4],
    selectionEpisodes: [1],
    testEpisodes: 24,
  };
  const work = exportOrderModel(agent, {
    origin: { spec: contestSpecs().order, training: {}, codeVersion: 'test' },
    distill: { tables: [{ environment, chaos, silence }], settings: { ...distillDefaults, ...little }, seed: 1 },
    played: { scenarios: ['online-boutique'], chaos: ['monkey'] },
    episodeSeconds: 900,
  });
  let next = work.next();
  while (!next.done) next = work.next();
  const { files } = next.value;
  const bytes = (name: string) => Buffer.from(files[name] ?? '');
  return readOrderModel({ folder: '', bytes, text: (name) => bytes(name).toString() });
}

describe.skipIf(firing === null || resolved === null)('a haproxy server down (needs the provided data)', () => {
  const model = firing === null ? undefined : shippedModel();
  const ask = (text: string | null, topology: object, now?: string) =>
    model!.decide(JSON.parse(text ?? ''), { topology, ...(now === undefined ? {} : { now }) });

  test.each([
    ['nothing else told', map({ readyRatio: 0 })],
    ['its machines and links on the map', map({ readyRatio: 0 }, machines)],
    ['one of two replicas', map({ readyRatio: 0.5, errorRatio: 0.5, replicaSpread: 0.5 })],
  ])('calls for a restart of that server, or for leading calls around it: %s', (_, topology) => {
    const decision = ask(firing, topology);
    expect(decision).toMatchObject({ abstains: false, tentative: true, at: BEGAN });
    expect(decision.repairs[0]).toMatchObject({
      verb: expect.stringMatching(/^service\.(restart|shift-traffic)/),
      component: 'n2',
      offered: 1,
    });
    expect(new Set(decision.repairs.map(({ component }) => component))).toEqual(new Set(['n2']));
  });

  test('it says how little it knows', () => {
    const { knowledge, notes } = ask(firing, map({ readyRatio: 0 }));
    expect(knowledge).toMatchObject({
      components: 3,
      componentsSeen: 1,
      signalsKnown: 1,
      signalsExpected: 33,
      alerts: 1,
    });
    expect(notes).toContain(`alert BackendServerDown fires on n2 since ${BEGAN}`);
    expect(notes.join()).toContain('the network favours none of these repairs');
    expect(notes.join()).toContain('1 of 33 signals are known');
  });

  test('it abstains an hour later', () => {
    const decision = ask(firing, map({ readyRatio: 0 }), '2026-11-22T11:21:09Z');
    expect(decision).toMatchObject({ abstains: true, advice: null, repairs: [] });
    expect(decision.reasons.map(({ code }) => code)).toEqual(['stale']);
  });

  test('it repairs nothing once the alert is resolved', () => {
    const decision = ask(resolved, map({ readyRatio: 0 }));
    expect(decision).toMatchObject({ abstains: true, advice: null, repairs: [] });
    expect(decision.notes).toContain('no alert fires, and nothing else is known');
  });
});
