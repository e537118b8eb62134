/** What must hold for the flow engine whatever happens: nothing lost or invented, same seed same bits, finite numbers. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { type ClusterSpec, type EffectKind, effectForms, type Meters, Phase } from '../../src/cluster/index.ts';
import { createTraffic } from '../../src/traffic/index.ts';
import { callSpec, clusterSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { chainSpec, type FlowWorld, flowWorld } from './flow-world.ts';

const engine = createTraffic('flow');

/** Four services, two ways to the store, three machines, noise. */
function shop(): ClusterSpec {
  const base = clusterSpec();
  const services = [
    serviceSpec('front', { workers: 16, cpuLimitCores: 0.5 }),
    serviceSpec('cart', { warmUpSeconds: 20, warmUpFactor: 2 }),
    serviceSpec('catalogue', { serviceTimeCv: 0.5 }),
    serviceSpec('store', { replicasMax: 2, storage: storageSpec({ operationsPerSecondMax: 500 }), placement: [0, 1] }),
  ];
  const calls = [
    callSpec(0, 1, { perRequest: 0.5 }),
    callSpec(0, 2, { perRequest: 1.5, retriesMax: 3, required: false }),
    callSpec(1, 3, { retryBudgetRatio: 1e6 }),
    callSpec(2, 3, { perRequest: 0.2 }),
  ];
  return { ...base, services, calls, workloads: [{ ...base.workloads[0]!, swingRatio: 0.1 }] };
}

function columns(meters: Meters): Float64Array[] {
  return Object.values(meters).flatMap((table) => Object.values(table as Record<string, Float64Array>));
}

/** Plays the same random disturbances on a world, one every two seconds, for two minutes. */
function disturb(world: FlowWorld, after: (seconds: number) => void): void {
  const draws = new RandomStream(11, 'disturbances');
  const kinds = Object.keys(effectForms) as EffectKind[];
  const { topology } = world;
  const counts = {
    service: topology.services,
    replica: topology.replicas,
    call: topology.calls,
    port: topology.ports,
    node: topology.nodes,
    link: topology.links,
    disk: topology.disks,
  };
  const sizes = { any: 1, union: 0.7, product: 8, minimum: 1e6, sum: 0 };
  const sums: Partial<Record<EffectKind, number>> = {
    nodeCpuStolen: 9,
    linkDelay: 0.3,
    linkFlood: 4e8,
    diskHoard: 9e9,
  };
  for (let second = 2; second <= 120; second += 2) {
    const kind = kinds[draws.integer(kinds.length)]!;
    const { target, combine } = effectForms[kind];
    const owner = world.start(kind, draws.integer(counts[target]), sums[kind] ?? sizes[combine]);
    const replica = draws.integer(topology.replicas);
    if (second % 10 === 0) {
      world.engine.dropReplica(replica);
      world.setPhase(replica, draws.integer(6), { ready: draws.uniform() < 0.5 });
    }
    world.runTo(second);
    if (draws.uniform() < 0.8) world.end(owner);
    after(second);
  }
}

/** The same with connections, breakers and caches that are soon exhausted, open and cold. */
function guardedShop(): ClusterSpec {
  const spec = shop();
  const breaker = { failureRatioMax: 0.3, windowSeconds: 5, attemptsMin: 5, openSeconds: 5, trialsPerSecond: 3 };
  const cache = { hitRatio: 0.5, entries: 300 };
  const guards = { connectionsMax: 2, connectionWaitSeconds: 0.2, breaker, cache };
  return { ...spec, calls: spec.calls.map((call) => ({ ...call, ...guards })) };
}

test.each([
  { name: 'with nothing between callers and callees', spec: shop },
  { name: 'with connections, breakers and caches', spec: guardedShop },
])('every number stays finite and every total only grows, whatever is disturbed, $name', ({ spec }) => {
  const world = flowWorld(spec(), { engine });
  let before = columns(world.meters).map((column) => column.slice());
  disturb(world, (second) => {
    for (let row = 0; row < world.topology.callerPorts; row += 1)
      world.state.callers.breaker[row] = ((second + row) % 7) % 3;
    const now = columns(world.meters).map((column) => column.slice());
    for (const [index, column] of now.entries()) {
      expect(column.every((value, row) => Number.isFinite(value) && value >= before[index]![row]! - 1e-9)).toBe(true);
    }
    for (let replica = 0; replica < world.topology.replicas; replica += 1) {
      expect(world.engine.inSystem(replica)).toBeGreaterThanOrEqual(0);
      const chance = world.engine.probeTimeoutProbability(replica, 1);
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
    }
    before = now;
  });
});

test('no more requests succeed than were sent, and no more fail', () => {
  const world = flowWorld(shop(), { engine });
  disturb(world, () => {
    const { workloads, services } = world.meters;
    expect(workloads.good[0]!).toBeLessThanOrEqual(workloads.offered[0]! - workloads.shed[0]! + 1e-6);
    for (let service = 0; service < world.topology.services; service += 1) {
      expect(services.failures[service]!).toBeLessThanOrEqual(services.requests[service]! + 1e-6);
      expect(services.answered[service]!).toBeLessThanOrEqual(services.requests[service]! + 1e-6);
    }
  });
});

test('what arrives at a replica is refused, done or still there', () => {
  const changes = {
    workers: 4,
    queueMax: 30,
    cpuSecondsPerRequest: 0.01,
    cpuLimitCores: 2,
    replicas: 2,
    replicasMax: 2,
  };
  const world = flowWorld(chainSpec([changes], { rate: 300, timeoutSeconds: 1e6 }), { engine });
  for (const seconds of [1, 7, 30, 31.5]) {
    world.runTo(seconds);
    if (seconds === 7) world.start('replicaSlow', 0, 4);
    for (const replica of [0, 1]) {
      const { requests, failures, cpuSeconds } = world.meters.replicas;
      const done = cpuSeconds[replica]! / 0.01;
      const accountedFor = failures[replica]! + done + world.engine.inSystem(replica);
      expect(Math.abs(accountedFor / requests[replica]! - 1)).toBeLessThan(1e-9);
    }
  }
});

describe('with pools, caches and breakers, under faults that lose no work', () => {
  const work = {
    cpuSecondsPerRequest: 0.001,
    cpuLimitCores: 8,
    replicas: 2,
    replicasMax: 2,
    workers: 12,
    queueMax: 20,
  };
  // Callers do without failed calls: an error would count as failed what is done as well.
  const patient = {
    timeoutSeconds: 1e6,
    retriesMax: 2,
    retryBudgetRatio: 0.5,
    connectionWaitSeconds: 0.3,
    required: false,
  };
  const breaker = { failureRatioMax: 0.3, windowSeconds: 5, attemptsMin: 5, openSeconds: 5, trialsPerSecond: 3 };

  function guarded(): ClusterSpec {
    const base = clusterSpec();
    const services = ['front', 'cart', 'prices'].map((name) => serviceSpec(name, work));
    const calls = [
      callSpec(0, 1, { ...patient, connectionsMax: 3, breaker }),
      callSpec(0, 2, { ...patient, cache: { hitRatio: 0.8, entries: 200 }, perRequest: 1.5 }),
      callSpec(1, 2, {
        ...patient,
        connectionsMax: 2,
        connectionWaitSeconds: 100,
        cache: { hitRatio: 0.5, entries: 50 },
      }),
    ];
    return { ...base, services, calls, workloads: [{ ...base.workloads[0]!, timeoutSeconds: 1e6, swingRatio: 0.2 }] };
  }

  const faults: readonly [EffectKind, number, number][] = [
    ['replicaSlow', 5, 6],
    ['portLinger', 1, 0.4],
    ['serviceUnresolved', 2, 0.5],
    ['replicaSlow', 2, 10],
    ['callQuota', 0, 30],
    ['portReset', 0, 0.7],
    ['callMisconfigured', 1, 0.4],
    ['replicaSlow', 0, 8],
    ['serviceBreakerOpen', 2, 1],
    ['serviceRetryBudgetOff', 1, 1],
  ];

  test('what arrives at a replica is refused, done, lost with it or still there, at every step', () => {
    const world = flowWorld(guarded(), { engine });
    const lost = new Float64Array(world.topology.replicas);
    const { requests, failures, cpuSeconds } = world.meters.replicas;
    const running: number[] = [];
    for (let tick = 1; tick <= 400; tick += 1) {
      if (tick % 20 === 0) running.push(world.start(...faults[(tick / 20) % faults.length]!));
      if (tick % 50 === 0) world.end(running.shift()!);
      if (tick % 90 === 0) world.state.callers.cacheEntries.fill(0);
      if (tick % 70 === 0) world.state.callers.breaker[(tick / 70) % 2] = (tick / 70) % 3;
      if (tick % 130 === 0) {
        lost[4]! += world.engine.inSystem(4);
        world.engine.dropReplica(4);
      }
      world.runTo(tick / 2);
      for (let replica = 0; replica < world.topology.replicas; replica += 1) {
        const done = cpuSeconds[replica]! / 0.001;
        const accountedFor = failures[replica]! + done + lost[replica]! + world.engine.inSystem(replica);
        expect(Math.abs(accountedFor - requests[replica]!)).toBeLessThan(1e-9 * (1 + requests[replica]!));
      }
      const { offered, shed } = world.meters.workloads;
      expect(Math.abs(requests[0]! + requests[1]! - (offered[0]! - shed[0]!))).toBeLessThan(1e-6);
    }
  });

  test('the same faults give the same bits, and a snapshot goes on as the run it was taken from', () => {
    const play = (world: FlowWorld, from: number, to: number): string => {
      for (let tick = from; tick <= to; tick += 1) {
        // Owners are numbered outside the arena.
        if (tick % 20 === 0 && tick <= 100) world.start(...faults[(tick / 20) % faults.length]!);
        if (tick % 70 === 0) world.state.callers.breaker[0] = (tick / 70) % 3;
        world.runTo(tick / 2);
      }
      return world.arena.hash();
    };
    const [first, second] = [flowWorld(guarded(), { engine }), flowWorld(guarded(), { engine })];
    expect(play(first, 1, 100)).toBe(play(second, 1, 100));
    const snapshot = first.arena.snapshot();
    const end = play(first, 101, 200);
    first.arena.restore(snapshot);
    expect(play(first, 101, 200)).toBe(end);
  });
});

test('calm services give the same totals as services computed replica by replica', () => {
  const calm = flowWorld(shop(), { engine });
  const restless = flowWorld(shop(), { engine });
  const trouble: Record<number, [EffectKind, number, number]> = {
    80: ['replicaSlow', 3, 3],
    120: ['linkLoss', 1, 0.02],
    160: ['replicaHung', 1, 1],
  };
  const started: number[] = [];
  for (let tick = 1; tick <= 240; tick += 1) {
    calm.runTo(tick / 2);
    restless.runTo(tick / 2);
    // A change too small to matter, but a change.
    const owner = restless.start('linkDelay', 2, 1e-15 * tick);
    if (tick % 2 === 0) restless.end(owner);
    const fault = trouble[tick];
    if (fault !== undefined) for (const world of [calm, restless]) started.push(world.start(...fault));
    if (tick === 200) {
      calm.end(started[0]!);
      restless.end(started[1]!);
    }
  }
  const expected = columns(calm.meters);
  for (const [index, column] of columns(restless.meters).entries()) {
    for (const [row, value] of column.entries()) {
      expect(Math.abs(value - expected[index]![row]!)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(value)));
    }
  }
});

describe('determinism', () => {
  test('the same seed and the same disturbances give the same bits, step by step', () => {
    const trace = (world: FlowWorld): string[] => {
      const hashes: string[] = [];
      disturb(world, () => hashes.push(world.arena.hash()));
      return hashes;
    };
    expect(trace(flowWorld(shop(), { engine, seed: 5 }))).toEqual(trace(flowWorld(shop(), { engine, seed: 5 })));
  });

  test('a restored snapshot continues as the run it was taken from', () => {
    const world = flowWorld(shop(), { engine });
    disturb(world, () => {});
    const snapshot = world.arena.snapshot();
    world.runTo(150);
    const end = world.arena.hash();
    world.start('replicaSlow', 0, 3);
    world.runTo(180);
    world.arena.restore(snapshot);
    world.runTo(150);
    expect(world.arena.hash()).toBe(end);
  });

  test('a reset engine does what a new one does', () => {
    const world = flowWorld(shop(), { engine, seed: 5 });
    const snapshot = world.arena.snapshot();
    world.runTo(30);
    const end = world.arena.hash();
    world.runTo(60);
    world.arena.restore(snapshot);
    world.engine.reset(5);
    world.runTo(30);
    expect(world.arena.hash()).toBe(end);
  });

  test('another seed gives other traffic, and so does a reseed from there on', () => {
    const [first, second, third] = [5, 6, 5].map((seed) => flowWorld(shop(), { engine, seed }));
    for (const world of [first!, second!, third!]) world.runTo(10);
    expect(first!.meters.workloads.offered[0]).not.toBe(second!.meters.workloads.offered[0]);
    expect(first!.meters.workloads.offered[0]).toBe(third!.meters.workloads.offered[0]);
    third!.engine.reseed('another future');
    for (const world of [first!, third!]) world.runTo(20);
    expect(first!.meters.workloads.offered[0]).not.toBe(third!.meters.workloads.offered[0]);
  });

  test('it makes no difference in how many calls time advances', () => {
    const [once, often] = [flowWorld(shop(), { engine }), flowWorld(shop(), { engine })];
    once.runTo(20);
    for (let time = 0.1; time < 20.05; time += 0.1) often.runTo(time);
    expect(often.arena.hash()).toBe(once.arena.hash());
  });
});

test('users come at the stated rate, noise and swing included', () => {
  const world = flowWorld(shop(), { engine });
  world.runTo(4000);
  expect(Math.abs(world.meters.workloads.offered[0]! / 4000 / 100 - 1)).toBeLessThan(0.03);
});

test('a replica that starts cold is served by others meanwhile', () => {
  const world = flowWorld(shop(), { engine });
  world.runTo(10);
  world.setPhase(2, Phase.starting);
  world.engine.dropReplica(2);
  world.runTo(20);
  world.setPhase(2, Phase.running);
  const before = world.meters.workloads.good[0]!;
  world.runTo(30);
  expect((world.meters.workloads.good[0]! - before) / 10).toBeGreaterThan(80);
});
