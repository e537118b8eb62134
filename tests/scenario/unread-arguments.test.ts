/** Arguments and fields of Chaos Toolkit that are not read: listed with their places, and never an error. */
import { describe, expect, test } from 'vitest';
import { importedFaults } from './experiments.ts';

describe('an argument or a field of Chaos Toolkit', () => {
  const kill = (args: object, rest: object = {}) => ({
    type: 'action',
    name: 'kill',
    provider: { type: 'python', module: 'chaosk8s.pod.actions', func: 'terminate_pods', arguments: args },
    ...rest,
  });
  const imported = (method: object[], rest: object = {}) =>
    importedFaults('chaos-toolkit', [
      JSON.stringify({ version: '1.0.0', title: 'x', description: 'x', tags: [], method, ...rest }, null, 1),
    ]);
  const toolkit = (method: object[], rest: object = {}) =>
    imported(method, rest).report.notImported.map((line) => line.replaceAll(/file-1:\d+/g, 'file-1'));
  const step = (module: string, func: string, args: object, rest: object = {}) => ({
    type: 'action',
    name: func,
    provider: { type: 'python', module, func, arguments: args },
    ...rest,
  });

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
    const whole = { ...resource, duration: '45s', spec: { ...resource.spec, duratoin: undefined } };
    expect(toolkit([step('chaosk8s.crd.actions', 'create_custom_object', { resource: whole })])).toEqual([
      'action create_custom_object (file-1): `duration` (file-1) is not known here',
    ]);
  });

  test('without a counterpart is listed with the reason', () => {
    const delay = { name: 'n', label_selectors: 'app=cart', latency: '1s' };
    const slow = { ...delay, jiter: '1s', duration: '30s' };
    expect(toolkit([step('chaosk8s.chaosmesh.network.actions', 'add_latency', slow)])).toEqual([
      'action add_latency (file-1): `jiter` (file-1) is not known here; did you mean `jitter`?',
      'action add_latency (file-1): `duration` (file-1) is not known here; did you mean `direction`?',
    ]);
    const drain = { name: 'east-1', timeout: 9, pod_label_selector: 'app=cart', pod_namespace: 'shop' };
    expect(toolkit([step('chaosk8s.node.actions', 'drain_nodes', drain)])).toEqual([
      'action drain_nodes (file-1): `timeout` (file-1) has no counterpart: a machine takes as long as it takes here',
      'action drain_nodes (file-1): `pod_label_selector` (file-1) has no counterpart: machines are not chosen by the pods on them',
    ]);
    const rehearsed = step('chaosk8s.chaosmesh.network.actions', 'add_latency', delay, { dry: 'actions' });
    expect(toolkit([rehearsed])).toEqual([
      'experiment x (file-1): `method[0].dry` (file-1) has no counterpart: what would only be rehearsed is imported as if it were run',
    ]);
  });

  test('that selects by annotations is a reason to leave the action out, as with Chaos Mesh itself', () => {
    const network = 'chaosk8s.chaosmesh.network.actions';
    const slow = (more: object) => step(network, 'add_latency', { name: 'n', mode: 'all', latency: '1s', ...more });
    const marked = slow({ annotations_selectors: 'a=b' });
    const aimed = slow({ label_selectors: 'app=cart', target_annotations_selectors: { a: 'b' } });
    const { script, report } = imported([slow({ label_selectors: 'app=web' }), marked, aimed]);
    expect(script).toMatchObject([{ fault: 'service.delay', target: 'web' }]);
    expect(report.notImported.map((line) => line.replace(/^.*?: /, ''))).toEqual([
      'a scenario has no annotations, but a selects',
      'target: a scenario has no annotations, but a selects',
    ]);
  });

  test('of a stressor is known as the driver has it', () => {
    const stress = 'chaosk8s.chaosmesh.stress.actions';
    const given = { name: 's', label_selectors: 'app=cart', direction: 'to', container_names: 'main' };
    const memory = { ...given, workers: 1, size: '10MB', oom_score: -5, time_to_get_to_size: '5s' };
    expect(toolkit([step(stress, 'stress_memory', memory)])).toEqual([
      'action stress_memory (file-1): `oom_score` (file-1) has no counterpart: which process the kernel kills first is not simulated',
      'action stress_memory (file-1): `time_to_get_to_size` (file-1) has no counterpart: the memory is taken at once',
    ]);
    const cpu = { ...given, workers: 1, load: 100 };
    const steps = [
      step(stress, 'stress_cpu', cpu),
      step(stress, 'stress_cpu', { ...cpu, stressng_stressors: '--vm 1' }),
    ];
    expect(toolkit(steps)).toEqual([
      'action stress_cpu (file-1): options of stress-ng (`stressngStressors`) are not read',
    ]);
  });

  test('of a toxic of another type is listed', () => {
    const toxic = (func: string, more: object) =>
      step('chaostoxi.toxic.actions', func, { for_proxy: 'cart', toxic_name: 't', ...more });
    const reset = { toxic_type: 'reset_peer', attributes: { timeout: 50, latency: 7 }, toxicity: 0.5 };
    expect(toolkit([toxic('create_latency_toxic', { delay: 500 }), toxic('create_toxic', reset)])).toEqual([
      'action create_latency_toxic (file-1): `delay` (file-1) is not known here',
      'action create_toxic (file-1): `attributes.latency` (file-1) is not known here',
    ]);
    const share = imported([toxic('create_latency_toxic', { latency: 200, toxicity: 'half' })]);
    expect(share.script).toMatchObject([{ fault: 'service.delay', parameters: { delaySeconds: 0.2 } }]);
    expect(share.report.notImported).toEqual([expect.stringMatching(/`toxicity` .* is not known here/)]);
    expect(toolkit([toxic('create_limiter_toxic', { bytes_limit: 5, configuration: {} })])).toEqual([]);
  });

  test('says how many machines are deleted: one, unless it says otherwise', () => {
    const zone = { label_selector: 'topology.kubernetes.io/zone=east' };
    const machines = (args: object) =>
      imported([step('chaosk8s.node.actions', 'delete_nodes', { ...zone, ...args })]).script.length;
    expect([machines({}), machines({ rand: true }), machines({ count: 2 }), machines({ all: true })]).toEqual([
      1, 1, 2, 3,
    ]);
  });

  test('says that nobody waits, and that nothing is rolled back', () => {
    const network = 'chaosk8s.chaosmesh.network.actions';
    const slow = step(network, 'add_latency', { name: 'n', label_selectors: 'app=cart', latency: '1s' });
    const sleep = { type: 'action', name: 'z', provider: { type: 'process', path: 'sleep', arguments: '20' } };
    const undo = { rollbacks: [step(network, 'delete_network_fault', { name: 'n' })] };
    const lasts = (rest: object, background = false) =>
      imported([slow, { ...sleep, background }, sleep], { ...undo, ...rest }).script[0]?.durationSeconds;
    expect([lasts({}), lasts({}, true)]).toEqual([40, 20]);
    const never = { runtime: { hypothesis: { strategy: 'skip' }, rollbacks: { strategy: 'never' } } };
    expect(lasts(never)).toBeGreaterThan(40);
    expect(toolkit([slow], { ...undo, ...never })).toEqual([
      'rollbacks: they are not run, since their strategy is never',
    ]);
  });
});
