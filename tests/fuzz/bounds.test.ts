/** Everything that can grow has a bound, and at its bound something stated happens: never a crash from legal input. */
import { expect, test } from 'vitest';
import { StateLayout } from '../../src/base/index.ts';
import { Cluster, type ClusterSpec } from '../../src/cluster/index.ts';
import { createEnvironment } from '../../src/environment/index.ts';
import { EventQueue } from '../../src/kernel/index.ts';
import { compileDocument, parseScenario, type ScenarioDocument, scenarioToYaml } from '../../src/scenario/index.ts';
import { createTraffic, type RequestTraffic } from '../../src/traffic/index.ts';
import { clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { smallScenario } from '../support/small-scenario.ts';

function running(spec: ClusterSpec, engine: 'flow' | 'request') {
  const layout = new StateLayout();
  const cluster = new Cluster(layout, spec, createTraffic(engine));
  const arena = layout.build();
  cluster.bind();
  cluster.reset(1);
  return { cluster, arena };
}

/** A small document with anything changed. */
function document(changes: Partial<ScenarioDocument>): ScenarioDocument {
  return {
    name: 'bounds',
    nodes: [{ name: 'node', count: 3 }],
    services: { front: { calls: { back: {} } }, back: {} },
    workloads: [{ name: 'users', service: 'front', rate: 20 }],
    contest: { duration: '2m', recovery: '1m', warmUp: '10s' },
    ...changes,
  };
}

test('a full event queue drops the events that are outdated, and the others still leave in order', () => {
  const layout = new StateLayout();
  const queue = new EventQueue(layout, 8);
  layout.build();
  for (const [index, micros] of [50, 10, 40, 30, 20, 70, 60, 80].entries()) queue.schedule(micros, 0, index, 0, 0);
  expect(queue.isFull).toBe(true);
  queue.prune((kind) => kind % 2 === 0);
  expect(queue.size).toBe(4);
  for (const micros of [45, 15]) queue.schedule(micros, 0, 100, 0, 0);
  const times: number[] = [];
  while (queue.size > 0) {
    queue.pop();
    times.push(queue.time);
  }
  expect(times).toEqual([15, 20, 40, 45, 50, 60]);
});

test('replicas that crash without end leave no more events behind than there is room for', () => {
  const rare = {
    initialDelaySeconds: 0,
    periodSeconds: 1e6,
    timeoutSeconds: 1,
    failureThreshold: 3,
    successThreshold: 1,
  };
  const base = clusterSpec();
  const control = { ...base.control, crashBackoffSeconds: 0, crashBackoffSecondsMax: 0 };
  const services = base.services.map((service) => ({ ...service, readiness: rare, liveness: rare, startSeconds: 0 }));
  const { cluster } = running({ ...base, services, control }, 'flow');
  for (let replica = 0; replica < cluster.topology.replicas; replica += 1) {
    cluster.effects.start({ kind: 'replicaCrashing', target: replica, value: 1, owner: replica + 1 });
  }
  cluster.runUntil(1800e6);
  // Two probes a start would be pending for eleven days each.
  expect(cluster.state.replicas.restarts[0]).toBeGreaterThan(300);
  expect(cluster.queue.size).toBeLessThan(700);
});

test('a process that dies at once and is started at once does not stop the clock', () => {
  const base = clusterSpec();
  const control = { ...base.control, crashBackoffSeconds: 0, crashBackoffSecondsMax: 0 };
  const services = base.services.map((service) => ({ ...service, startSeconds: 0 }));
  const { cluster } = running({ ...base, services, control }, 'flow');
  cluster.effects.start({ kind: 'diskLost', target: 0, value: 1, owner: 1 });
  cluster.runUntil(60e6);
  expect(cluster.nowSeconds).toBe(60);
  const replica = cluster.topology.diskReplica[0]!;
  expect(cluster.state.replicas.restarts[replica]).toBeLessThanOrEqual(61);
});

test('a script of as many faults as a file may hold is played to its end', () => {
  const faults = Array.from({ length: 1024 }, (_, index) => ({
    fault: 'service.slow',
    target: index % 2 === 0 ? 'front' : 'back',
    severity: 'mild',
    start: (index * 170) / 1024,
    duration: 0.1,
  }));
  const scenario = compileDocument(document({ script: faults }), { file: 'bounds' });
  const environment = createEnvironment(scenario, { engine: 'flow', script: true });
  environment.reset({ seed: 1 });
  let started = 0;
  environment.events.on('faultStarted', () => {
    started += 1;
  });
  while (environment.running) environment.advance(0, 0);
  expect(started).toBeGreaterThan(500);
  expect(environment.verdict?.faults).toBe(started);
});

test.each([
  ['retries that double their pause a hundred times', { retries: 100, backoff: '10s' }],
  ['a time-out of eleven days', { retries: 1, timeout: 1e6 }],
])('%s take no more memory than a ring of a few thousand ticks', (_, call) => {
  const services = { front: { calls: { back: call } }, back: {} };
  const scenario = compileDocument(document({ services, tick: '1ms' }), { file: 'bounds' });
  const { arena, cluster } = running(scenario.cluster, 'flow');
  expect(arena.byteLength).toBeLessThan(8e6);
  cluster.effects.start({ kind: 'replicaHung', target: cluster.topology.replicaStart[1]!, value: 1, owner: 1 });
  cluster.runUntil(5e6);
  expect(arena.firstNotANumber()).toBeNull();
});

test('when requests run out of entities, users are refused and counted, and nobody vanishes', () => {
  const base = clusterSpec();
  const hungry = {
    ...base,
    services: [
      serviceSpec('front', { workers: 1, queueMax: 1_000_000, serviceTimeSeconds: 10, memoryPerRequestBytes: 0 }),
    ],
    calls: [],
    workloads: [{ ...base.workloads[0]!, requestsPerSecond: 40_000, timeoutSeconds: 60 }],
  };
  const { cluster, arena } = running(hungry, 'request');
  cluster.runUntil(5e6);
  const { counts } = cluster.traffic as RequestTraffic;
  expect(counts.usersRefused).toBeGreaterThan(0);
  expect(counts.entities).toBeLessThanOrEqual(counts.entitiesMax);
  expect(arena.byteLength).toBeLessThan(64e6);
  const { attempts, succeeded, failed, abandoned, underWay } = counts.edge(0);
  expect(succeeded + failed + abandoned + underWay).toBe(attempts);
});

test('more faults at once than there are rows for are not offered, and a full board ends no episode', () => {
  const free = { chaosBudget: 1e6, faultsConcurrentMax: 1000, replicaShareMax: 1, cooldownSeconds: 0 };
  const scenario = smallScenario({ ...free, decisionSeconds: { chaos: 0.5, order: 5 }, contestSeconds: 100 });
  const environment = createEnvironment(scenario, { engine: 'flow' });
  environment.reset({ seed: 1 });
  while (environment.running) {
    const { mask } = environment.observations.chaos;
    environment.advance(Math.max(0, mask.indexOf(1, 1)), 0);
  }
  expect(environment.verdict!.faults).toBeGreaterThan(10);
});

test('periods too short to be more than events without end are refused with their place', () => {
  const short = [
    document({ monitoring: { scrape: '1us' } }),
    document({ contest: { decision: { chaos: 1e-7 } } }),
    document({ services: { front: { liveness: { period: '1us' } }, back: {} } }),
  ];
  for (const each of short) {
    const read = (): unknown => parseScenario(scenarioToYaml(each), { file: 'bounds.yaml' });
    expect(read).toThrowError(/must be at least 0\.1/);
  }
});
