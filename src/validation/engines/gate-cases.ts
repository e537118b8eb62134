/** The systems on which the engines are compared. */

import type { BreakerSpec, CallSpec, ClusterSpec, EffectKind, ServiceSpec, StorageSpec } from '../../cluster/index.ts';
import { attempts, type GateCase, type GateQuantity, goodput, inSystem, latency, latencyP99 } from './gate-case.ts';
import type { MeasuredCluster } from './measured-cluster.ts';
import { ENDLESS, frontService, modelCall, modelCluster, modelService, singleService } from './model-cluster.ts';

/** All of them, by group. */
export function gateCases(): GateCase[] {
  return [...singles(), ...trees(), ...pools(), ...breakers(), ...caches(), ...faults()];
}

const SETTLE_SECONDS = 60;
const MEASURE_SECONDS = 300;

type Options = Partial<Pick<GateCase, 'quick' | 'settleSeconds' | 'measureSeconds' | 'disturb'>>;

function gateCase(
  group: string,
  title: string,
  spec: ClusterSpec,
  quantities: readonly GateQuantity[],
  options: Options = {},
): GateCase {
  return {
    group,
    title,
    spec,
    quantities: [...quantities, latency, latencyP99],
    quick: false,
    settleSeconds: SETTLE_SECONDS,
    measureSeconds: MEASURE_SECONDS,
    ...options,
  };
}

/** Eight workers of 20 ms: 400 requests a second. */
const eight: Partial<ServiceSpec> = { workers: 8, serviceTimeSeconds: 0.02 };

function singles(): GateCase[] {
  const group = 'single services';
  const calm = [goodput(), inSystem(0, 'service')];
  const over = [goodput(), inSystem(0, 'service', 'backlog')];
  const single = (title: string, rate: number, service: Partial<ServiceSpec>, options: Options = {}): GateCase =>
    gateCase(group, title, singleService(rate, { ...eight, ...service }), calm, options);
  return [
    single('8 workers at 0.5', 200, {}, { quick: true }),
    single('8 workers at 0.8', 320, {}, { measureSeconds: 1200 }),
    single('8 workers at 0.95', 380, {}, { measureSeconds: 1200 }),
    single('3 replicas at 0.8', 960, { replicas: 3 }),
    single('lognormal, variation 2, at 0.8', 320, { serviceTimeCv: 2, serviceTimeShape: 'lognormal' }),
    single('one worker, deterministic, at 0.8', 40, {
      workers: 1,
      serviceTimeCv: 0,
      serviceTimeShape: 'deterministic',
    }),
    single('one core of 10 ms work at 0.8', 80, { workers: 64, cpuSecondsPerRequest: 0.01, cpuLimitCores: 1 }),
    gateCase(group, 'room for 16 more at 1.2', singleService(480, { ...eight, queueMax: 16 }), over, { quick: true }),
    gateCase(group, 'room for 500 more at 1.2', singleService(480, { ...eight, queueMax: 500 }), over),
    gateCase(
      group,
      'users wait 1 s, room for 2000, at 1.05',
      singleService(420, { ...eight, queueMax: 2000 }, { timeoutSeconds: 1 }),
      [goodput('criticalGoodput'), inSystem(0, 'service', 'backlog')],
      { settleSeconds: 200 },
    ),
    gateCase(
      group,
      'users wait 0.1 s, at 0.95',
      singleService(380, eight, { timeoutSeconds: 0.1 }),
      [goodput('criticalGoodput'), inSystem(0, 'service')],
      { measureSeconds: 1200 },
    ),
  ];
}

/** A front, two services behind it, a store behind one of them that both replicas share. */
function treeSpec(call: Partial<CallSpec> = {}): ClusterSpec {
  return modelCluster({
    services: [
      modelService('front', { workers: 64, serviceTimeSeconds: 0.005 }),
      modelService('left', { workers: 16, serviceTimeSeconds: 0.02, replicas: 2 }),
      modelService('right', { workers: 8, serviceTimeSeconds: 0.02 }),
      modelService('store', { workers: 8, serviceTimeSeconds: 0.01 }),
    ],
    calls: [
      modelCall(0, 1, { timeoutSeconds: 2, retriesMax: 2, ...call }),
      modelCall(0, 2, { timeoutSeconds: 2, retriesMax: 2, ...call }),
      modelCall(1, 3, { timeoutSeconds: 1, retriesMax: 2, perRequest: 2, ...call }),
    ],
    requestsPerSecond: 300,
  });
}

const treeQuantities = [
  goodput(),
  attempts(3, 'store'),
  inSystem(1, 'left'),
  inSystem(2, 'right'),
  inSystem(3, 'store'),
];

/** Near capacity: neither at rest nor overloaded for good. */
const edgeQuantities = [
  goodput('criticalGoodput'),
  attempts(3, 'store'),
  inSystem(1, 'left', 'backlog'),
  inSystem(3, 'store', 'backlog'),
];

function trees(): GateCase[] {
  const group = 'call trees';
  const optional = treeSpec({ required: false, retriesMax: 0 });
  const storeFails = (ratio: number): Options => ({
    disturb: (cluster) => onReplicas(cluster, 3, 'replicaErrors', ratio),
  });
  return [
    gateCase(group, 'four services at up to 0.75', treeSpec(), treeQuantities, { quick: true }),
    gateCase(group, 'store answers 10 % with errors, two retries', treeSpec(), treeQuantities, storeFails(0.1)),
    gateCase(group, 'store answers 20 % with errors, near capacity', treeSpec(), edgeQuantities, storeFails(0.2)),
    gateCase(
      group,
      'store answers 20 % with errors, a budget of 10 %, near capacity',
      treeSpec({ retryBudgetRatio: 0.1 }),
      edgeQuantities,
      storeFails(0.2),
    ),
    gateCase(group, 'calls that may fail, half of them do', optional, treeQuantities, storeFails(0.5)),
    gateCase(group, 'half a call per request', treeSpec({ perRequest: 0.5 }), treeQuantities),
  ];
}

/** A front whose replicas share few connections to a service of 20 ms. */
function pairSpec(rate: number, call: Partial<CallSpec>, back: Partial<ServiceSpec> = {}): ClusterSpec {
  return modelCluster({
    services: [frontService('front'), modelService('back', { workers: 64, serviceTimeSeconds: 0.02, ...back })],
    calls: [modelCall(0, 1, { timeoutSeconds: 1, ...call })],
    requestsPerSecond: rate,
  });
}

const pairQuantities = [goodput(), attempts(1, 'back'), inSystem(1, 'back')];

function pools(): GateCase[] {
  const group = 'pools';
  const pool = (rate: number, connectionWaitSeconds: number): ClusterSpec =>
    pairSpec(rate, { connectionsMax: 8, connectionWaitSeconds });
  return [
    gateCase(group, '8 connections, 0.7 of them in use', pool(280, 30), [...pairQuantities, inSystem(0, 'front')], {
      quick: true,
    }),
    gateCase(group, '8 connections, 0.9 of them in use', pool(360, 30), [...pairQuantities, inSystem(0, 'front')]),
    gateCase(group, '8 connections for 1.2 times as many, waiting 0.2 s', pool(480, 0.2), [
      ...pairQuantities,
      inSystem(0, 'front', 'backlog'),
    ]),
  ];
}

const breaker: BreakerSpec = {
  failureRatioMax: 0.5,
  windowSeconds: 10,
  attemptsMin: 20,
  openSeconds: 20,
  trialsPerSecond: 2,
};

function breakers(): GateCase[] {
  const group = 'breakers';
  const spec = pairSpec(200, { breaker });
  const failing = (ratio: number): Options => ({
    settleSeconds: 0,
    measureSeconds: 600,
    disturb: (cluster) => onReplicas(cluster, 1, 'replicaErrors', ratio),
  });
  return [
    gateCase(group, 'all well', spec, pairQuantities),
    gateCase(group, '30 % errors, which it bears', spec, pairQuantities, failing(0.3)),
    gateCase(group, 'everything fails', spec, [attempts(1, 'back'), inSystem(1, 'back')], {
      ...failing(1),
      quick: true,
    }),
    gateCase(group, 'opened by hand', spec, [attempts(0, 'front')], {
      disturb: (cluster) => {
        cluster.start('serviceBreakerOpen', 1, 1);
      },
    }),
  ];
}

function caches(): GateCase[] {
  const group = 'caches';
  const spec = pairSpec(300, { cache: { hitRatio: 0.9, entries: 3000 } });
  return [
    gateCase(group, 'full, 90 % hits', spec, pairQuantities, { quick: true }),
    gateCase(group, 'filling from empty', spec, [attempts(1, 'back')], {
      settleSeconds: 0,
      measureSeconds: 30,
      disturb: ({ cluster }) => {
        cluster.state.callers.cacheEntries.fill(0);
      },
    }),
  ];
}

const storage: StorageSpec = {
  diskBytes: ENDLESS,
  usedBytes: 1e9,
  writeRatio: 0.2,
  bytesPerWrite: 1000,
  compactionBytesPerSecond: 1e9,
  operationsPerSecondMax: 1000,
  operationsPerRequest: 1,
  watermarkRatio: 0.95,
  replicationLagSeconds: 1,
  electionSeconds: null,
  rebuildBytesPerSecond: 1e8,
};

/** Users -> front -> back of three replicas, each service on a machine of its own. */
function faultSpec(): ClusterSpec {
  const spec = pairSpec(300, { timeoutSeconds: 0.5, retriesMax: 2, backoffSeconds: 0.05 }, { replicas: 3, workers: 8 });
  const node = spec.nodes[0]!;
  const [front, back] = spec.services as [ServiceSpec, ServiceSpec];
  return {
    ...spec,
    nodes: [node, { ...node, name: 'far' }],
    network: { ...spec.network, uplinkLatencySeconds: 0.0005 },
    services: [
      { ...front, placement: [0] },
      { ...back, placement: [1, 1, 1] },
    ],
  };
}

function faults(): GateCase[] {
  const group = 'faults';
  const far = 1;
  const fault = (title: string, disturb: (cluster: MeasuredCluster) => void, options: Options = {}): GateCase =>
    gateCase(group, title, faultSpec(), pairQuantities, { disturb, ...options });
  const one = (kind: EffectKind, value: number) => (cluster: MeasuredCluster) => {
    cluster.start(kind, cluster.cluster.topology.replicaStart[1]!, value);
  };
  const onEffect = (kind: EffectKind, target: number, value: number) => (cluster: MeasuredCluster) => {
    cluster.start(kind, target, value);
  };
  const onPorts = (kind: EffectKind, value: number) => (cluster: MeasuredCluster) => {
    const { calleePortStart } = cluster.cluster.topology;
    for (let port = calleePortStart[0]!; port < calleePortStart[1]!; port += 1) cluster.start(kind, port, value);
  };
  return [
    fault('nothing', () => {}),
    fault('one replica of three three times slower', one('replicaSlow', 3), { quick: true }),
    fault('one replica of three hangs', one('replicaHung', 1), { quick: true }),
    fault('one replica of three answers half with errors', one('replicaErrors', 0.5)),
    fault('50 ms beside one replica', one('replicaDelay', 0.05)),
    fault('a bad release: 10 % errors', onEffect('serviceMisconfigured', 1, 0.1)),
    fault('twice the users', onEffect('serviceSurge', 0, 2)),
    fault('a third of names unresolved', onEffect('serviceUnresolved', 1, 1 / 3)),
    fault('a tenth of calls misdirected', onEffect('serviceMisdirected', 1, 0.1)),
    fault('a quota of 200 calls a second', onEffect('callQuota', 0, 200)),
    fault('5 % of packets lost on the way', onEffect('linkLoss', far, 0.05), { quick: true }),
    fault('20 ms more on the way', onEffect('linkDelay', far, 0.02)),
    fault('a tenth of requests lost at the port', onPorts('portRequestLoss', 0.1)),
    fault('a tenth of responses lost at the port', onPorts('portResponseLoss', 0.1)),
    fault('a tenth of connections reset', onPorts('portReset', 0.1)),
    fault('a tenth of answers cut off', onPorts('portCut', 0.1)),
    fault('30 ms of delay at the port', onPorts('portDelay', 0.03)),
    ...diskFaults(),
  ];
}

function diskFaults(): GateCase[] {
  const spec = pairSpec(300, { timeoutSeconds: 0.5, retriesMax: 2 }, { workers: 32, storage });
  const disk = (title: string, kind: EffectKind, value: number): GateCase =>
    gateCase('faults', title, spec, pairQuantities, {
      disturb: (cluster) => {
        if (value !== 0) cluster.start(kind, 0, value);
      },
    });
  return [
    disk('a healthy disk at 0.3', 'diskSlow', 0),
    disk('a disk 2.5 times slower, at 0.75', 'diskSlow', 2.5),
    disk('10 ms more per disk operation', 'diskDelay', 0.01),
    disk('a tenth of disk operations fail', 'diskErrors', 0.1),
    disk('a disk busy with 400 foreign operations a second', 'diskStress', 400),
  ];
}

function onReplicas(cluster: MeasuredCluster, service: number, kind: EffectKind, value: number): void {
  const { replicaStart } = cluster.cluster.topology;
  for (let replica = replicaStart[service]!; replica < replicaStart[service + 1]!; replica += 1) {
    cluster.start(kind, replica, value);
  }
}
