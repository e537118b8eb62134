/** What each kind of Chaos Mesh experiment becomes in a script, and what is listed because it cannot. */
import { describe, expect, test } from 'vitest';
import { faultKinds } from '../../src/faults/index.ts';
import { CART, mesh, object, only, reason } from './chaos-mesh.ts';

describe('a NetworkChaos', () => {
  const target = 'direction: both, target: { mode: all, selector: { labelSelectors: { app: web } } }';

  test('delays packets, with jitter as a standard deviation', () => {
    expect(
      only('NetworkChaos', 'action: delay, delay: { latency: 90ms, jitter: 30ms, correlation: "25" }'),
    ).toMatchObject({
      fault: 'service.delay',
      target: 'cart',
      direction: 'to',
      mode: 'all',
      startSeconds: 0,
      durationSeconds: 30,
      parameters: { delaySeconds: 0.09, jitterSeconds: 0.0173205080757, correlationRatio: 0.25 },
    });
  });

  test('loses them, with a target and a direction', () => {
    expect(only('NetworkChaos', `action: loss, loss: { loss: "12.5" }, ${target}`)).toMatchObject({
      fault: 'service.loss',
      target: 'cart',
      peer: 'web',
      direction: 'both',
      parameters: { lossRatio: 0.125 },
    });
  });

  test('parts services, and corrupt packets count as lost', () => {
    expect(only('NetworkChaos', `action: partition, ${target}`)).toMatchObject({
      fault: 'service.partition',
      peer: 'web',
    });
    expect(only('NetworkChaos', 'action: corrupt, corrupt: { corrupt: "10" }')).toMatchObject({
      fault: 'service.loss',
      parameters: { lossRatio: 0.1 },
    });
  });

  test('of netem does all of its parts, loss and corruption as one', () => {
    const parts = 'delay: { latency: 10ms }, loss: { loss: 50 }, corrupt: { corrupt: 50 }, duplicate: { duplicate: 5 }';
    // Chaos Mesh gives netem all parts, whichever of them the action is named after.
    for (const action of ['netem', 'delay']) {
      const { script, report } = mesh(object('NetworkChaos', `{ mode: one, ${CART}, action: ${action}, ${parts} }`));
      expect(script.map(({ fault, parameters }) => [fault, Object.values(parameters)[0]])).toEqual([
        ['service.delay', 0.01],
        ['service.loss', 0.75],
      ]);
      expect(report.notImported).toEqual([expect.stringMatching(/duplicated on links only/)]);
    }
  });

  test('by machine is on its uplink, and between two zones on the link between them', () => {
    const machine = 'selector: { nodes: [east-2] }';
    const fault = (spec: string) => only('NetworkChaos', spec, machine);
    expect(fault('action: duplicate, duplicate: { duplicate: 30 }')).toMatchObject({
      fault: 'link.duplicate',
      target: 'east-2-uplink',
    });
    expect(fault('action: bandwidth, bandwidth: { rate: 25mbps, limit: 500000, buffer: 10000 }')).toMatchObject({
      fault: 'link.bandwidth',
      parameters: { rateRatio: 0.2, bufferRatio: 0.5 },
    });
    expect(fault('action: delay, delay: { latency: 30ms, reorder: { reorder: "50", gap: 5 } }')).toMatchObject({
      fault: 'link.reorder',
      parameters: { reorderRatio: 0.5, gapPackets: 5, delaySeconds: 0.03 },
    });
    const zone = (name: string) => `selector: { nodeSelectors: { topology.kubernetes.io/zone: ${name} } }`;
    expect(
      only('NetworkChaos', `action: partition, target: { mode: all, ${zone('east')} }`, zone('west')),
    ).toMatchObject({
      fault: 'link.partition',
      target: 'east--west',
      direction: 'from',
    });
  });

  test('of a bandwidth is on the machines of a service where the scenario states them', () => {
    const bandwidth = 'action: bandwidth, bandwidth: { rate: 1gbit, limit: 1, buffer: 1 }';
    const { script } = mesh(
      object('NetworkChaos', `{ mode: all, selector: { labelSelectors: { app: store } }, ${bandwidth} }`),
    );
    expect(script.map(({ target }) => target)).toEqual(['east-1-uplink', 'west-1-uplink']);
    expect(reason('NetworkChaos', `{ mode: all, ${CART}, ${bandwidth} }`)).toContain(
      'does not say on which machines cart runs',
    );
  });

  test('with several peers is seen from their side, or without a peer where they are all there are', () => {
    const both =
      'target: { mode: all, selector: { expressionSelectors: [{ key: app, operator: In, values: [cart, stock] }] } }';
    const web = 'selector: { labelSelectors: { app: web } }';
    const faults = (mode: string, more = both) =>
      mesh(object('NetworkChaos', `{ mode: ${mode}, ${web}, action: partition, ${more} }`)).script.map(
        ({ target: at, peer, direction }) => `${at} ${direction} ${peer}`,
      );
    expect(faults('all')).toEqual(['cart from web', 'stock from web']);
    expect(faults('one')).toEqual(['web to null']);
    expect(faults('all', 'externalTargets: [cart.shop.svc.cluster.local]')).toEqual(['web to cart']);
  });

  test('with strangers is listed', () => {
    expect(
      reason('NetworkChaos', `{ mode: all, ${CART}, action: partition, externalTargets: [example.org] }`),
    ).toContain('example.org lies outside of the scenario');
    const self = 'target: { mode: one, selector: { labelSelectors: { app: cart } } }';
    expect(reason('NetworkChaos', `{ mode: one, ${CART}, action: partition, ${self} }`)).toContain(
      'no call to or from cart',
    );
  });
});

describe('other kinds', () => {
  test('kill once, or hang with probes that fail', () => {
    expect(only('PodChaos', 'action: pod-kill, gracePeriod: 5')).toMatchObject({
      fault: 'service.kill',
      durationSeconds: 6,
      parameters: { graceSeconds: 5, intervalSeconds: 1e6 },
    });
    expect(only('PodChaos', 'action: container-kill, containerNames: [main]')).toMatchObject({ fault: 'service.kill' });
    expect(only('PodChaos', 'action: pod-failure')).toMatchObject({
      fault: 'service.hang',
      durationSeconds: 30,
      parameters: { probesAnswered: 0 },
    });
  });

  test('stress the processor and the memory by the limits of the service', () => {
    expect(only('StressChaos', 'stressors: { cpu: { workers: 2, load: 50 } }')).toMatchObject({
      fault: 'service.cpu-stress',
      parameters: { stolenRatio: 0.5 },
    });
    expect(only('StressChaos', 'stressors: { memory: { workers: 1, size: 100MiB } }')).toMatchObject({
      fault: 'service.memory-stress',
      parameters: { takenShare: 0.5 },
    });
    expect(only('StressChaos', 'stressors: { memory: { workers: 1, size: 50% } }')?.parameters.takenShare).toBeCloseTo(
      0.64,
    );
    expect(reason('StressChaos', `{ mode: all, ${CART}, stressngStressors: "--cpu 1" }`)).toContain('stress-ng');
  });

  test('are on disks, those of the replicas that are selected', () => {
    const store = 'selector: { labelSelectors: { app: store } }, volumePath: /data';
    const faults = (spec: string) =>
      mesh(object('IOChaos', `{ ${store}, ${spec} }`)).script.map(({ fault, target }) => `${fault} ${target}`);
    expect(faults('mode: all, action: latency, delay: 100ms')).toEqual([
      'disk.latency store-disk-0',
      'disk.latency store-disk-1',
    ]);
    expect(faults('mode: one, action: latency, delay: 2h')).toEqual(['disk.pause store-disk-0']);
    expect(faults('mode: one, action: fault, errno: 5, percent: 40')).toEqual(['disk.errors store-disk-0']);
    expect(faults('mode: one, action: fault, errno: 28')).toEqual(['disk.fill store-disk-0']);
    expect(faults('mode: one, action: fault, errno: 30')).toEqual(['disk.read-only store-disk-0']);
    expect(faults('mode: fixed-percent, value: "100", action: mistake, mistake: { filling: zero }')).toHaveLength(2);
    const pod = 'mode: all, selector: { pods: { default: [store-1] } }, volumePath: /data, action: latency, delay: 1s';
    expect(mesh(object('IOChaos', `{ ${pod} }`)).script.map(({ target }) => target)).toEqual(['store-disk-1']);
    expect(reason('IOChaos', `{ ${store}, mode: all, action: attrOverride }`)).toContain('no attributes');
    expect(reason('IOChaos', `{ mode: all, ${CART}, volumePath: /d, action: latency, delay: 1s }`)).toContain(
      'has no disk',
    );
    const block =
      '{ mode: one, selector: { labelSelectors: { app: store } }, volumeName: v, action: delay, delay: { latency: 1s } }';
    expect(mesh(object('BlockChaos', block)).script[0]).toMatchObject({ fault: 'disk.latency' });
  });

  test('break names for the share of calls that the selected pods make', () => {
    // Two of web's four pods; stock is called by web alone, the store by cart and stock.
    expect(
      only('DNSChaos', 'action: error, patterns: ["stock*"]', 'selector: { labelSelectors: { app: web } }'),
    ).toMatchObject({ fault: 'service.dns-error', target: 'stock', parameters: { failureRatio: 1 } });
    const half = { mode: 'fixed', value: 2 };
    const { script } = mesh(
      object(
        'DNSChaos',
        `{ mode: ${half.mode}, value: "${half.value}", selector: { labelSelectors: { app: web } }, action: random }`,
      ),
    );
    expect(script.map(({ fault, target, parameters }) => [fault, target, parameters.misdirectedRatio])).toEqual([
      ['service.dns-spoof', 'cart', 0.5],
      ['service.dns-spoof', 'stock', 0.5],
    ]);
    // Cart makes 20 of the store's 50 calls a second.
    const share = only('DNSChaos', 'action: error, patterns: [store.default.svc.cluster.local]');
    expect(share).toMatchObject({ target: 'store', parameters: { failureRatio: 0.4 } });
    expect(reason('DNSChaos', `{ mode: all, ${CART}, action: error, patterns: [example.org] }`)).toContain(
      'example.org',
    );
  });

  test('break, delay and fail requests', () => {
    expect(only('HTTPChaos', 'target: Request, port: 80, abort: true')).toMatchObject({
      fault: 'service.reset',
      direction: 'from',
      parameters: { resetRatio: 1 },
    });
    expect(only('HTTPChaos', 'target: Response, port: 80, abort: true')).toMatchObject({ fault: 'service.cut' });
    expect(only('HTTPChaos', 'target: Request, port: 80, delay: 2s')).toMatchObject({
      fault: 'service.rpc-delay',
      parameters: { delaySeconds: 2 },
    });
    expect(only('HTTPChaos', 'target: Response, port: 80, replace: { code: 503 }')).toMatchObject({
      fault: 'service.errors',
    });
    const all = `{ mode: all, ${CART}, target: Response, port: 80`;
    expect(reason('HTTPChaos', `${all}, replace: { code: 201 } }`)).toContain('`replace`');
    expect(reason('HTTPChaos', `${all}, patch: { body: { type: JSON, value: "{}" } } }`)).toContain('`patch`');
    const { report } = mesh(object('HTTPChaos', `${all}, duration: 5m, delay: 1s, path: /api/*, method: GET }`));
    expect(report.approximated).toEqual([expect.stringContaining('not only those that fit by path, method')]);
  });

  test('set clocks of machines', () => {
    const { script } = mesh(
      object('TimeChaos', '{ mode: all, selector: { nodes: [west-1] }, timeOffset: "-10m100ns" }'),
    );
    expect(script[0]).toMatchObject({
      fault: 'node.clock-skew',
      target: 'west-1',
      parameters: { skewSeconds: 600.0000001 },
    });
    const store = mesh(
      object('TimeChaos', '{ mode: one, selector: { labelSelectors: { app: store } }, timeOffset: 2m }'),
    );
    expect(store.script.map(({ target }) => target)).toEqual(['east-1']);
    expect(reason('TimeChaos', `{ mode: one, ${CART}, timeOffset: 2m }`)).toContain('clocks are those of machines');
  });

  test('act within Java programs where that shows outside', () => {
    expect(only('JVMChaos', 'action: latency, latency: 250')).toMatchObject({ parameters: { delaySeconds: 0.25 } });
    expect(only('JVMChaos', 'action: exception, exception: x')).toMatchObject({ fault: 'service.errors' });
    expect(only('JVMChaos', 'action: gc')).toMatchObject({ fault: 'service.gc-pause', durationSeconds: 3 });
    expect(only('JVMChaos', 'action: stress, cpuCount: 1')).toMatchObject({ parameters: { stolenRatio: 0.5 } });
    expect(reason('JVMChaos', `{ mode: all, ${CART}, action: return }`)).toContain('not simulated');
  });

  test('act on machines by name', () => {
    const machine = (spec: string) =>
      mesh(object('PhysicalMachineChaos', `{ address: ["http://east-1:31767"], mode: all, ${spec} }`)).script[0];
    expect(machine('action: stress-cpu, stress-cpu: { workers: 8, load: 50 }')).toMatchObject({
      fault: 'node.cpu-stress',
      target: 'east-1',
      parameters: { stolenCoreShare: 1 },
    });
    expect(machine('action: network-flood, network-flood: { rate: 250mbps, duration: 40s }')).toMatchObject({
      fault: 'link.flood',
      durationSeconds: 40,
      parameters: { offeredShare: 2 },
    });
    expect(machine('action: network-down, network-down: { duration: 20s }')).toMatchObject({
      fault: 'link.partition',
      durationSeconds: 20,
    });
    expect(machine('action: clock, clock: { time-offset: 5m }')).toMatchObject({ fault: 'node.clock-skew' });
    const by = (spec: string) => reason('PhysicalMachineChaos', `{ mode: all, ${spec} }`);
    expect(by('selector: { physicalMachines: { default: [north] } }, action: clock')).toContain('no machine north');
    expect(by('address: [east-1], action: kafka-io')).toContain('kafka-io is not simulated');
    expect(reason('AWSChaos', '{ action: ec2-stop }')).toContain('identities');
    expect(reason('KernelChaos', `{ mode: all, ${CART} }`)).toContain('kernel');
  });

  test('as the fault catalogue says they are known, are imported as just those faults', () => {
    const spec: Record<string, [kind: string, spec: string]> = {
      'NetworkChaos delay': ['NetworkChaos', `mode: all, ${CART}, action: delay, delay: { latency: 1s }`],
      'NetworkChaos loss': ['NetworkChaos', `mode: all, ${CART}, action: loss, loss: { loss: 1 }`],
      'NetworkChaos partition': ['NetworkChaos', `mode: all, ${CART}, action: partition`],
      'PodChaos pod-kill': ['PodChaos', `mode: all, ${CART}, action: pod-kill`],
      'PodChaos container-kill': ['PodChaos', `mode: all, ${CART}, action: container-kill`],
      'PodChaos pod-failure': ['PodChaos', `mode: all, ${CART}, action: pod-failure`],
      'StressChaos cpu': ['StressChaos', `mode: all, ${CART}, stressors: { cpu: { workers: 1 } }`],
      'StressChaos memory': ['StressChaos', `mode: all, ${CART}, stressors: { memory: { workers: 1 } }`],
      'DNSChaos error': ['DNSChaos', `mode: all, ${CART}, action: error`],
      'DNSChaos random': ['DNSChaos', `mode: all, ${CART}, action: random`],
      'HTTPChaos Request abort': ['HTTPChaos', `mode: all, ${CART}, target: Request, abort: true`],
      'HTTPChaos Response abort': ['HTTPChaos', `mode: all, ${CART}, target: Response, abort: true`],
      'HTTPChaos delay': ['HTTPChaos', `mode: all, ${CART}, target: Request, delay: 1s`],
      'HTTPChaos replace code': ['HTTPChaos', `mode: all, ${CART}, target: Response, replace: { code: 500 }`],
      'JVMChaos gc': ['JVMChaos', `mode: all, ${CART}, action: gc`],
      'JVMChaos latency': ['JVMChaos', `mode: all, ${CART}, action: latency, latency: 5`],
      'JVMChaos exception': ['JVMChaos', `mode: all, ${CART}, action: exception`],
      TimeChaos: ['TimeChaos', 'mode: all, selector: { nodes: [east-1] }, timeOffset: 1m'],
    };
    for (const kind of faultKinds) {
      for (const name of kind.knownAs.chaosMesh ?? []) {
        const written = spec[name];
        if (written)
          expect([name, mesh(object(written[0], `{ ${written[1]} }`)).script[0]?.fault]).toEqual([name, kind.name]);
      }
    }
  });
});
