/** What Chaos Toolkit experiments become in a script: known actions with their times; everything else is listed. */
import { describe, expect, test } from 'vitest';
import { errorOf } from './errors.ts';
import { importedFaults } from './experiments.ts';

interface Step {
  module?: string;
  func?: string;
  args?: object;
  pauses?: object;
  [field: string]: unknown;
}

/** An action of a driver. */
function action({ module = '', func = '', args = {}, ...rest }: Step): object {
  return { type: 'action', name: func, provider: { type: 'python', module, func, arguments: args }, ...rest };
}

function experiment(method: readonly object[], rest: object = {}): string {
  return JSON.stringify({ title: 'x', description: 'x', method, ...rest });
}

function toolkit(...texts: string[]) {
  return importedFaults('chaos-toolkit', texts);
}

/** The only fault of one action. */
function only(module: string, func: string, args: object) {
  const { script } = toolkit(experiment([action({ module, func, args })]));
  expect(script).toHaveLength(1);
  return script[0];
}

function reason(module: string, func: string, args: object): string {
  return errorOf(() => toolkit(experiment([action({ module, func, args })]))).hint;
}

const pods = (args: object) => only('chaosk8s.pod.actions', 'terminate_pods', args);
const DEPLOYMENT = 'chaosk8s.deployment.actions';
const NETWORK = 'chaosk8s.chaosmesh.network.actions';
const TOXIC = 'chaostoxi.toxic.actions';

describe('actions of the Kubernetes driver', () => {
  test('kill pods by label or by name, one, some or all', () => {
    expect(pods({ label_selector: 'app=cart', grace_period: 0 })).toMatchObject({
      fault: 'service.kill',
      target: 'cart',
      mode: 'one',
      durationSeconds: 1,
      parameters: { graceSeconds: 0 },
    });
    expect(pods({ label_selector: 'app in (cart),tier=back', qty: 2 })).toMatchObject({ mode: 'fixed', value: 2 });
    expect(pods({ label_selector: 'app=cart', mode: 'percentage', qty: 40 })).toMatchObject({
      mode: 'fixed-percent',
      value: 40,
      parameters: { graceSeconds: 30 },
    });
    expect(pods({ name_pattern: '^stock-[a-z0-9-]+$', all: true })).toMatchObject({ target: 'stock', mode: 'all' });
    expect(reason('chaosk8s.pod.actions', 'terminate_pods', { label_selector: '(' })).toContain('no label selector');
  });

  test('scale down until they scale up again', () => {
    const { script } = toolkit(
      experiment([
        action({
          module: DEPLOYMENT,
          func: 'scale_deployment',
          args: { name: 'web', replicas: 1 },
          pauses: { after: 60 },
        }),
        action({ module: DEPLOYMENT, func: 'scale_deployment', args: { name: 'web', replicas: 4 } }),
      ]),
    );
    expect(script).toMatchObject([
      { fault: 'service.scale-down', target: 'web', mode: 'fixed', value: 3, startSeconds: 0, durationSeconds: 60 },
    ]);
    expect(only(DEPLOYMENT, 'delete_deployment', { name: 'stock' })).toMatchObject({
      mode: 'all',
      durationSeconds: 900,
    });
    expect(only('chaosk8s.actions', 'kill_microservice', { name: 'stock' })).toMatchObject({
      fault: 'service.scale-down',
    });
    expect(reason('chaosk8s.statefulset.actions', 'scale_statefulset', { name: 'store', replicas: 0 })).toContain(
      'store',
    );
  });

  test('drain machines, deny traffic and take names away', () => {
    expect(only('chaosk8s.node.actions', 'drain_nodes', { name: 'east-1' })).toMatchObject({ fault: 'node.drain' });
    expect(
      only('chaosk8s.node.actions', 'delete_nodes', { label_selector: 'kubernetes.io/hostname=west-2' }),
    ).toMatchObject({ fault: 'node.down', target: 'west-2' });
    expect(only('chaosk8s.networking.actions', 'deny_all_ingress', { label_selectors: { app: 'cart' } })).toMatchObject(
      {
        fault: 'service.partition',
        direction: 'from',
        mode: 'all',
      },
    );
    expect(only('chaosk8s.service.actions', 'delete_service', { name: 'stock' })).toMatchObject({
      fault: 'service.dns-error',
      parameters: { failureRatio: 1 },
    });
  });

  test('create Chaos Mesh objects, which are read as such', () => {
    const args = {
      name: 'slow',
      label_selectors: 'app=cart',
      mode: 'all',
      latency: '90ms',
      jitter: '10ms',
      direction: 'both',
    };
    const target = { target_label_selectors: { app: 'web' }, target_mode: 'all' };
    const steps = [
      action({ module: NETWORK, func: 'add_latency', args: { ...args, ...target }, pauses: { after: 30 } }),
      action({ module: NETWORK, func: 'delete_network_fault', args: { name: 'slow' } }),
    ];
    expect(toolkit(experiment(steps)).script).toMatchObject([
      { fault: 'service.delay', target: 'cart', peer: 'web', direction: 'both', durationSeconds: 30 },
    ]);
    expect(only(NETWORK, 'set_loss', { name: 'l', label_selectors: { app: 'cart' }, loss: '20' })).toMatchObject({
      parameters: { lossRatio: 0.2 },
    });
    const cpu = { name: 's', label_selectors: 'app=cart', workers: 1, load: 100 };
    expect(only('chaosk8s.chaosmesh.stress.actions', 'stress_cpu', cpu)).toMatchObject({
      fault: 'service.cpu-stress',
      durationSeconds: 30,
      parameters: { stolenRatio: 0.5 },
    });
    const resource = {
      kind: 'PodChaos',
      metadata: { name: 'p' },
      spec: { action: 'pod-failure', mode: 'one', selector: { labelSelectors: { app: 'cart' } }, duration: '45s' },
    };
    expect(only('chaosk8s.crd.actions', 'create_custom_object', { resource })).toMatchObject({ durationSeconds: 45 });
    const applied = { resource: JSON.stringify(resource) };
    expect(only('chaosk8s.crd.actions', 'apply_from_yaml', applied)).toMatchObject({ fault: 'service.hang' });
  });
});

describe('actions of other drivers', () => {
  test('put toxics before a service that has the name of the proxy', () => {
    const toxic = (func: string, more: object) => only(TOXIC, func, { for_proxy: 'cart', toxic_name: 't', ...more });
    expect(toxic('create_latency_toxic', { latency: 200, jitter: 0 })).toMatchObject({
      fault: 'service.delay',
      mode: 'all',
      direction: 'to',
      parameters: { delaySeconds: 0.2 },
    });
    expect(
      toxic('create_toxic', { toxic_type: 'reset_peer', toxicity: 0.3, attributes: { timeout: 0 } }),
    ).toMatchObject({
      fault: 'service.reset',
      parameters: { resetRatio: 0.3 },
    });
    expect(toxic('create_timeout_toxic', { timeout: 0 })).toMatchObject({ fault: 'service.hang', severity: 'severe' });
    expect(only('chaostoxi.proxy.actions', 'disable_proxy', { proxy_name: 'cart' })).toMatchObject({
      fault: 'service.partition',
    });
    expect(reason(TOXIC, 'create_latency_toxic', { for_proxy: 'gate', toxic_name: 't', latency: 1 })).toContain(
      '--bind',
    );
    expect(reason(TOXIC, 'create_slicer_toxic', {})).toContain('size of packets');
  });

  test('delay and abort in a mesh, for a share of requests', () => {
    const istio = (func: string, more: object) =>
      only('chaosistio.fault.actions', func, { virtual_service_name: 'cart', routes: [], ...more });
    expect(istio('add_delay_fault', { fixed_delay: '5s', percentage: 50 })).toMatchObject({
      fault: 'service.rpc-delay',
      parameters: { delaySeconds: 2.5 },
    });
    expect(istio('add_abort_fault', { http_status: 503, percentage: 25 })).toMatchObject({
      fault: 'service.errors',
      parameters: { errorRatio: 0.25 },
    });
  });
});

describe('a method', () => {
  const kill = (rest: object = {}) =>
    action({
      module: 'chaosk8s.pod.actions',
      func: 'terminate_pods',
      args: { label_selector: 'app=cart', grace_period: 0 },
      ...rest,
    });
  const starts = (...texts: string[]) => toolkit(...texts).script.map(({ startSeconds }) => startSeconds);

  test('takes its time by pauses and sleeping processes; references are followed', () => {
    const sleep = {
      type: 'action',
      name: 'wait',
      provider: { type: 'process', path: '/bin/sleep', arguments: ['2m'] },
    };
    const method = [
      kill({ name: 'kill', pauses: { before: 10, after: 5 } }),
      sleep,
      { ref: 'kill' },
      { ref: 'wait' },
      kill(),
    ];
    expect(starts(experiment(method))).toEqual([10, 145, 270]);
  });

  test('of several files runs one after another', () => {
    const one = experiment([kill({ pauses: { after: 30 } })]);
    expect(starts(one, one, one)).toEqual([0, 30, 60]);
  });

  test('is undone by rollbacks when it is over', () => {
    const deny = action({
      module: 'chaosk8s.networking.actions',
      func: 'deny_all_egress',
      args: { label_selectors: { app: 'cart' } },
      pauses: { after: 40 },
    });
    const allow = action({ module: 'chaosk8s.networking.actions', func: 'remove_deny_all_egress' });
    const { script, report } = toolkit(
      experiment([deny, kill({ pauses: { after: 20 } })], { rollbacks: [allow, kill()] }),
    );
    expect(script.map(({ fault, durationSeconds }) => [fault, durationSeconds])).toEqual([
      ['service.partition', 60],
      ['service.kill', 1],
    ]);
    expect(report.notImported).toEqual([expect.stringMatching(/terminate_pods .*a rollback that ends none/)]);
  });

  test('takes values from its own configuration, and names those that come from outside', () => {
    const configuration = {
      app: 'cart',
      count: { type: 'env', key: 'N', default: '2' },
      ns: { type: 'env', key: 'NS' },
    };
    const args = { label_selector: 'app=${app}', qty: '${count}', ns: '${ns}', grace_period: 0 };
    const { script, report } = toolkit(
      experiment([action({ module: 'chaosk8s.pod.actions', func: 'terminate_pods', args })], { configuration }),
    );
    expect(script).toMatchObject([{ target: 'cart', mode: 'fixed', value: 2 }]);
    expect(report.notImported).toEqual(['file-1: no value is known for ns']);
  });

  test('lists probes, processes, requests, unknown actions and the steady state', () => {
    const hypothesis = { title: 'all is well', probes: [] };
    const { report } = toolkit(
      experiment(
        [
          { type: 'probe', name: 'alive', provider: { type: 'http', url: 'http://web' } },
          { type: 'action', name: 'script', provider: { type: 'process', path: 'break.sh' } },
          { type: 'action', name: 'call', provider: { type: 'http', url: 'http://chaos' } },
          action({ module: 'chaosaws.ec2.actions', func: 'stop_instances' }),
          action({ module: NETWORK, func: 'delete_network_fault', args: { name: 'gone' } }),
          kill(),
        ],
        { 'steady-state-hypothesis': hypothesis },
      ),
    );
    expect(report.notImported.map((line) => line.replace(/ \(file-1:1\)/, ''))).toEqual([
      'steady state all is well: the simulated system has objectives of its own',
      'probe alive: probes are not run',
      'action script: what process break.sh does is not known',
      'action call: what http http://chaos does is not known',
      'action stop_instances: chaosaws.ec2.actions.stop_instances has no counterpart',
      'action delete_network_fault: it ends nothing that has begun',
    ]);
  });
});

describe('files', () => {
  const wrong: [what: string, text: string, code: string, says: RegExp, line: number | undefined][] = [
    ['nothing', '', 'MANIFEST_EMPTY', /no experiment/, undefined],
    ['no method', 'title: x', 'MANIFEST_INVALID', /method: must be a list/, 1],
    ['text', 'hello', 'MANIFEST_INVALID', /is not a Chaos Toolkit experiment/, 1],
    ['a wrong pause', 'title: x\nmethod:\n- pauses: { after: long }', 'MANIFEST_INVALID', /after: must be a number/, 3],
    [
      'a missing argument',
      'title: x\nmethod:\n- type: action\n  name: a\n  provider:\n    type: python\n    module: chaosk8s.deployment.actions\n    func: scale_deployment\n    arguments: { name: web }',
      'MANIFEST_INVALID',
      /replicas: must be a number/,
      9,
    ],
  ];
  for (const [what, text, code, says, line] of wrong) {
    test(`with ${what} are refused`, () => {
      const error = errorOf(() => toolkit(text));
      expect([error.code, error.place?.line]).toEqual([code, line]);
      expect(error.message).toMatch(says);
    });
  }
});
