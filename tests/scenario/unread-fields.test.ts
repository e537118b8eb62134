/** Fields that no importer of experiments reads: listed with their places, and never an error. */
import { describe, expect, test } from 'vitest';
import { CART, mesh, object } from './chaos-mesh.ts';
import { importedFaults } from './experiments.ts';

/** What an import of these documents lists, without the name of the object. */
function listed(...documents: string[]): string[] {
  return mesh(...documents).report.notImported.map((line) => line.replace(/^\w+ \w+ \(file-1:\d+\)(?:: )?/, ''));
}

const chaos = (kind: string, spec: string) => listed(object(kind, `{ mode: all, ${CART}, duration: 30s, ${spec} }`));

describe('a field of Chaos Mesh', () => {
  test('that is misspelled is listed with the right word, wherever it stands', () => {
    const lines = [
      'apiVersion: chaos-mesh.org/v1alpha1',
      'kind: NetworkChaos',
      'metadata: { name: x }',
      'spec:',
      '  action: delay',
      '  mode: all',
      '  selector: { labelSelectors: { app: cart }, namespace: [shop] }',
      '  duratoin: 5m',
      '  delay:',
      '    latency: 90ms',
      '    jiter: 10ms',
      'sepc: { action: delay }',
    ];
    const { script, report } = mesh(lines.join('\n'));
    expect(script).toMatchObject([{ fault: 'service.delay', target: 'cart' }]);
    expect(report.notImported).toEqual([
      'NetworkChaos x (file-1:1): `sepc` (file-1:12) is not known here; did you mean `spec`?',
      'NetworkChaos x (file-1:1): `selector.namespace` (file-1:7) is not known here; did you mean `namespaces`?',
      'NetworkChaos x (file-1:1): `duratoin` (file-1:8) is not known here; did you mean `duration`?',
      'NetworkChaos x (file-1:1): `delay.jiter` (file-1:11) is not known here; did you mean `jitter`?',
    ]);
    expect(report.approximated).toEqual([
      'NetworkChaos x (file-1:1): service.delay: it has no duration, so it lasts to the end',
    ]);
  });

  test('that has no counterpart is listed with the reason', () => {
    expect(
      chaos('NetworkChaos', 'action: delay, delay: { latency: 1s }, device: eth1, remoteCluster: far, zzzzzzzz: 1'),
    ).toEqual([
      '`device` (file-1:4) has no counterpart: a replica has one network card',
      '`remoteCluster` (file-1:4) has no counterpart: a scenario is one cluster',
      '`zzzzzzzz` (file-1:4) is not known here',
    ]);
    expect(chaos('StressChaos', 'stressors: { memory: { workers: 1, size: 10MB, oomScoreAdj: -1000 } }')).toEqual([
      '`stressors.memory.oomScoreAdj` (file-1:4) has no counterpart: which process the kernel kills first is not simulated',
    ]);
    const machine = 'address: [east-1], action: network-loss, network-loss: { percent: "5", egress-port: "80" }';
    expect(listed(object('PhysicalMachineChaos', `{ mode: all, ${machine} }`))).toEqual([
      '`network-loss.egress-port` (file-1:4) has no counterpart: all packets of the machine are meant',
    ]);
  });

  test('that is of another action is listed', () => {
    expect(chaos('PodChaos', 'action: container-kill, containerNames: [main], gracePeriod: 30')).toEqual([
      '`gracePeriod` (file-1:4) is of pod-kill, and does nothing beside container-kill',
    ]);
    expect(chaos('NetworkChaos', 'action: partition, loss: { loss: "5" }')).toEqual([
      '`loss` (file-1:4) is of loss and netem, and does nothing beside partition',
    ]);
    expect(chaos('HTTPChaos', 'target: Response, abort: true, delay: 1s, replace: { code: 503 }')).toEqual([
      '`delay` does nothing beside `abort`: the connection is broken off',
      '`replace` does nothing beside `abort`: the connection is broken off',
    ]);
    expect(chaos('HTTPChaos', 'target: Response, replace: { code: 503, body: eA== }')).toEqual([
      '`replace.body` (file-1:4) has no counterpart: what a request or an answer says does not matter here',
    ]);
  });

  test('of a schedule or a workflow is listed once, however often it comes by', () => {
    const kill = `podChaos: { mode: one, ${CART}, action: pod-kill, graceperiod: 5 }`;
    const schedule = `schedule: "@every 2m", type: PodChaos, historyLimit: 2, ${kill}, concurencyPolicy: Forbid, ioChaos: { a: 1 }`;
    expect(listed(object('Schedule', `{ ${schedule} }`))).toEqual([
      '`concurencyPolicy` (file-1:4) is not known here; did you mean `concurrencyPolicy`?',
      '`ioChaos` (file-1:4) has no counterpart: the type is PodChaos',
      '`graceperiod` (file-1:4) is not known here; did you mean `gracePeriod`?',
    ]);
    const templates = `[{ name: s, templateType: PodChaos, deadlin: 5s, abortWithStatusCheck: true, ${kill} }]`;
    expect(listed(object('Workflow', `{ entry: s, templates: ${templates} }`))).toEqual([
      '`templates[0].deadlin` (file-1:4) is not known here; did you mean `deadline`?',
      '`templates[0].abortWithStatusCheck` (file-1:4) has no counterpart: the simulated system has objectives of its own',
      ', step s: `graceperiod` (file-1:4) is not known here; did you mean `gracePeriod`?',
    ]);
  });

  test('without a value, or that changes nothing here, is not worth a line', () => {
    expect(
      chaos('NetworkChaos', 'action: partition, device: "", externalTargets: [], loss: , targetDevice: {}'),
    ).toEqual([]);
    expect(chaos('HTTPChaos', 'target: Request, port: 80, path: "*", abort: true, delay: , tls: { a: b }')).toEqual([]);
  });

  test('of a selector that narrows in a way that is not understood is a reason to leave the experiment out', () => {
    const odd = 'selector: { labelSelectors: { app: cart }, fieldSelectors: { spec.nodeName: east-1 } }';
    const whole = object('PodChaos', `{ mode: one, ${CART}, action: pod-kill }`);
    expect(listed(whole, object('PodChaos', `{ mode: one, ${odd}, action: pod-kill }`))).toEqual([
      'of fields only metadata.name is understood, not spec.nodeName',
    ]);
  });
});

describe('an argument or a field of Chaos Toolkit', () => {
  const kill = (args: object, rest: object = {}) => ({
    type: 'action',
    name: 'kill',
    provider: { type: 'python', module: 'chaosk8s.pod.actions', func: 'terminate_pods', arguments: args },
    ...rest,
  });
  const toolkit = (method: object[], rest: object = {}) =>
    importedFaults('chaos-toolkit', [
      JSON.stringify({ version: '1.0.0', title: 'x', description: 'x', tags: [], method, ...rest }, null, 1),
    ]).report.notImported.map((line) => line.replaceAll(/file-1:\d+/g, 'file-1'));

  test('that is misspelled is listed with the right word', () => {
    const cart = { label_selector: 'app=cart' };
    expect(toolkit([kill({ ...cart, al: true, ns: 'shop', rand: true })])).toEqual([
      'action kill (file-1): `al` (file-1) is not known here; did you mean `all`?',
    ]);
    expect(toolkit([kill(cart, { pauses: { afer: 5 } })], { rollback: [kill(cart)] })).toEqual([
      'experiment x (file-1): `method[0].pauses.afer` (file-1) is not known here; did you mean `after`?',
      'experiment x (file-1): `rollback` (file-1) is not known here; did you mean `rollbacks`?',
    ]);
  });

  test('belongs to an action whose name may be misspelled too, which is listed with the right one', () => {
    const typo = kill({ label_selector: 'app=cart' });
    typo.provider.func = 'terminate_pod';
    expect(toolkit([typo, kill({ label_selector: 'app=cart' })])).toEqual([
      'action kill (file-1): chaosk8s.pod.actions.terminate_pod has no counterpart; did you mean `terminate_pods`?',
    ]);
  });

  test('of an object that it creates is listed like in a file of Chaos Mesh', () => {
    const resource = {
      kind: 'PodChaos',
      metadata: { name: 'p' },
      spec: { action: 'pod-failure', mode: 'one', selector: { labelSelectors: { app: 'cart' } }, duratoin: '45s' },
    };
    const create = {
      type: 'action',
      name: 'create',
      provider: {
        type: 'python',
        module: 'chaosk8s.crd.actions',
        func: 'create_custom_object',
        arguments: { group: 'chaos-mesh.org', version: 'v1alpha1', plural: 'podchaos', ns: 'shop', resource },
      },
    };
    expect(toolkit([create])).toEqual([
      'action create (file-1): `duratoin` (file-1) is not known here; did you mean `duration`?',
    ]);
  });

  test('without a counterpart is listed with the reason', () => {
    const delay = {
      type: 'action',
      name: 'slow',
      provider: {
        type: 'python',
        module: 'chaosk8s.chaosmesh.network.actions',
        func: 'add_latency',
        arguments: { name: 'n', label_selectors: 'app=cart', latency: '1s', annotations_selectors: 'a=b', jiter: '1s' },
      },
    };
    expect(toolkit([delay])).toEqual([
      'action slow (file-1): `annotations_selectors` (file-1) has no counterpart: a scenario has no annotations',
      'action slow (file-1): `jiter` (file-1) is not known here; did you mean `jitter`?',
    ]);
  });
});
