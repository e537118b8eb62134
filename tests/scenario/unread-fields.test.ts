/** Fields that no importer of experiments reads: listed with their places, and never an error. */
import { describe, expect, test } from 'vitest';
import { CART, mesh, object } from './chaos-mesh.ts';

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
      '`loss` (file-1:4) is of netem, delay, loss, duplicate and corrupt, and does nothing beside partition',
    ]);
    expect(chaos('HTTPChaos', 'target: Response, abort: true, delay: 1s, replace: { code: 503 }')).toEqual([
      '`delay` does nothing beside `abort`: the connection is broken off',
      '`replace` does nothing beside `abort`: the connection is broken off',
    ]);
    expect(chaos('HTTPChaos', 'target: Response, replace: { code: 503, body: eA== }')).toEqual([
      '`replace.body` (file-1:4) has no counterpart: what a request or an answer says does not matter here',
    ]);
  });

  test('of a kind that does not select containers is not known, and of an action that does not is listed', () => {
    expect(chaos('NetworkChaos', 'action: partition, containerNames: [main]')).toEqual([
      '`containerNames` (file-1:4) is not known here',
    ]);
    expect(chaos('PodChaos', 'action: pod-failure, containerNames: [main]')).toEqual([
      '`containerNames` (file-1:4) is of container-kill, and does nothing beside pod-failure',
    ]);
    const stress = `{ mode: all, ${CART}, containerNames: [proxy], stressors: { cpu: { workers: 1 } } }`;
    const { notImported, approximated } = mesh(object('StressChaos', stress)).report;
    expect(notImported).toEqual([]);
    expect(approximated.join()).toContain('a replica is one process here, whatever the container');
  });

  test('of a request that is about answers does nothing', () => {
    expect(chaos('HTTPChaos', 'target: Request, delay: 1s, replace: { code: 503 }')).toEqual([
      '`replace.code` is of answers, and does nothing to a request',
    ]);
  });

  test('of a step of another kind is listed', () => {
    const kill = `podChaos: { mode: one, ${CART}, action: pod-kill }`;
    const steps = `{ name: s, templateType: Serial, children: [k], ${kill} }, { name: k, templateType: PodChaos, children: [s], schedule: {}, ${kill} }`;
    expect(listed(object('Workflow', `{ entry: s, templates: [${steps}] }`))).toEqual([
      '`templates[0].podChaos` (file-1:4) has no counterpart: the type is Serial',
      '`templates[1].children` (file-1:4) has no counterpart: the type is PodChaos',
    ]);
    const odd = '{ entry: s, templates: [{ name: s, templateType: constructor }] }';
    expect(() => mesh(object('Workflow', odd))).toThrow('there is no kind of experiment');
  });

  test('that is zero or off, as in an object from a cluster, is not worth a line', () => {
    const empty = 'returnValue: "", latency: 0, ruleData: "", name: x';
    expect(chaos('JVMChaos', `action: exception, class: C, method: m, exception: E, ${empty}`)).toEqual([]);
    const step = `name: s, templateType: PodChaos, abortWithStatusCheck: false`;
    const kill = `podChaos: { mode: one, ${CART}, action: pod-kill }`;
    expect(listed(object('Workflow', `{ entry: s, templates: [{ ${step}, ${kill} }] }`))).toEqual([]);
  });

  test('of an object that Chaos Mesh makes of experiments is not looked at', () => {
    const whole = object('PodChaos', `{ mode: one, ${CART}, action: pod-kill }`);
    const made = ['PodNetworkChaos', 'PodIOChaos', 'PodHttpChaos', 'WorkflowNode'];
    expect(listed(whole, ...made.map((kind) => object(kind, '{ rules: [] }')))).toEqual(
      made.map(() => 'it does nothing by itself'),
    );
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
