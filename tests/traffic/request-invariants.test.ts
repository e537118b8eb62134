/** What must hold for the request engine whatever happens: nothing lost or invented, same seed same bits. */
import { expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import {
  Breaker,
  type ClusterSpec,
  type EffectKind,
  effectForms,
  type Meters,
  Phase,
} from '../../src/cluster/index.ts';
import { callSpec, clusterSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { lostOrInvented, type RequestWorld, requestWorld } from './request-world.ts';

/** Four services with every feature there is, three machines, noise. */
function shop(): ClusterSpec {
  const base = clusterSpec();
  const breaker = { failureRatioMax: 0.5, windowSeconds: 5, attemptsMin: 10, openSeconds: 10, trialsPerSecond: 2 };
  const services = [
    serviceSpec('front', { workers: 16, cpuLimitCores: 0.5 }),
    serviceSpec('cart', { warmUpSeconds: 20, warmUpFactor: 2, balancing: 'round-robin' }),
    serviceSpec('catalogue', { serviceTimeShape: 'gamma', serviceTimeCv: 0.5, balancing: 'two-choices' }),
    serviceSpec('store', { replicasMax: 2, storage: storageSpec({ operationsPerSecondMax: 500 }), placement: [0, 1] }),
  ];
  const calls = [
    callSpec(0, 1, { perRequest: 0.5, connectionsMax: 2, connectionWaitSeconds: 0.5, breaker }),
    callSpec(0, 2, { perRequest: 1.5, retriesMax: 3, required: false, cache: { hitRatio: 0.8, entries: 100 } }),
    callSpec(1, 3, { retryBudgetRatio: Infinity, connectionsMax: 1, connectionWaitSeconds: 2 }),
    callSpec(2, 3, { perRequest: 0.2 }),
  ];
  return { ...base, services, calls, workloads: [{ ...base.workloads[0]!, swingRatio: 0.1 }] };
}

const values: Partial<Record<EffectKind, number>> = {
  nodeCpuStolen: 9,
  linkDelay: 0.3,
  linkFlood: 4e8,
  linkThrottle: 1e6,
  linkRate: 1e6,
  linkBuffer: 1e4,
  diskHoard: 9e9,
  serviceSurge: 3,
};
const usual = { any: 1, union: 0.7, product: 8, minimum: 20, sum: 0.2 };

/** Plays the same random disturbances on a world, one a second. */
function disturb(world: RequestWorld, seed: number, seconds: number, after: () => void = () => {}): void {
  const draws = new RandomStream(seed, 'disturbances');
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
  for (let second = 1; second <= seconds; second += 1) {
    const kind = kinds[draws.integer(kinds.length)]!;
    const { target, combine } = effectForms[kind];
    const owner = world.start(kind, draws.integer(counts[target]), values[kind] ?? usual[combine]);
    const replica = draws.integer(topology.replicas);
    world.state.callers.breaker[draws.integer(topology.callerPorts)] = draws.integer(3);
    if (second % 3 === 0) {
      world.engine.dropReplica(replica);
      world.setPhase(replica, draws.integer(6), { ready: draws.uniform() < 0.7 });
    }
    world.runTo(second);
    if (draws.uniform() < 0.9) world.end(owner);
    after();
  }
}

function columns(meters: Meters): Float64Array[] {
  return Object.values(meters).flatMap((table) => Object.values(table as Record<string, Float64Array>));
}

test.each([1, 2, 3])('no attempt and no request is lost or invented, whatever is disturbed (seed %i)', (seed) => {
  const world = requestWorld(shop(), { seed });
  disturb(world, seed, 60, () => {
    expect(lostOrInvented(world)).toEqual([]);
  });
  expect(world.counts.edge(4).attempts).toBeGreaterThan(1000);
});

test('every number stays finite and every total only grows, whatever is disturbed', () => {
  const world = requestWorld(shop());
  let before = columns(world.meters).map((column) => column.slice());
  disturb(world, 4, 60, () => {
    const now = columns(world.meters).map((column) => column.slice());
    const shrunk = now.some((column, index) =>
      column.some((value, row) => !Number.isFinite(value) || value < before[index]![row]! - 1e-9),
    );
    expect(shrunk).toBe(false);
    before = now;
  });
});

test('when all has healed users are served again, and without users everything empties', () => {
  const world = requestWorld(shop());
  disturb(world, 5, 60);
  for (let owner = 1; owner <= 60; owner += 1) world.end(owner);
  world.state.callers.breaker.fill(Breaker.closed);
  for (let replica = 0; replica < world.topology.replicas; replica += 1) world.setPhase(replica, Phase.running);
  world.runTo(100);
  const { good, offered } = world.meters.workloads;
  const [goodBefore, offeredBefore] = [good[0]!, offered[0]!];
  world.runTo(110);
  expect((good[0]! - goodBefore) / (offered[0]! - offeredBefore)).toBeGreaterThan(0.98);
  world.start('serviceSurge', 0, 0);
  world.runTo(130);
  expect(world.counts.entities).toBe(0);
  for (let replica = 0; replica < world.topology.replicas; replica += 1) {
    expect(world.engine.inSystem(replica)).toBe(0);
  }
});

test('the same seed gives the same bits, another seed does not', () => {
  const hashes = [1, 1, 2].map((seed) => {
    const world = requestWorld(shop(), { seed });
    disturb(world, 6, 20);
    return world.arena.hash();
  });
  expect(hashes[1]).toBe(hashes[0]);
  expect(hashes[2]).not.toBe(hashes[0]);
});

test('a second episode on the same engine is like the first', () => {
  const world = requestWorld(clusterSpec());
  world.runTo(5);
  const good = world.meters.workloads.good[0]!;
  world.engine.reset(1);
  world.runTo(5);
  expect(world.meters.workloads.good[0]).toBe(2 * good);
});

test('a restored snapshot goes on bit by bit, in another engine too, with or without strides', () => {
  const world = requestWorld(shop());
  disturb(world, 7, 20);
  const snapshot = world.arena.snapshot();
  world.runTo(40);
  const straight = world.arena.tableHashes();
  world.runTo(50);
  world.arena.restore(snapshot);
  world.runTo(40);
  expect(world.arena.tableHashes()).toEqual(straight);
  const other = requestWorld(shop(), { seed: 99 });
  other.arena.restore(snapshot);
  other.runTo(40);
  expect(other.arena.tableHashes()).toEqual(straight);
});

test('how far it runs at a time changes nothing that users and callers see', () => {
  const [long, short] = [requestWorld(shop()), requestWorld(shop())];
  long.runTo(20);
  for (let tenth = 1; tenth <= 200; tenth += 1) short.runTo(tenth / 10);
  expect(short.meters.workloads).toEqual(long.meters.workloads);
  expect(short.meters.services).toEqual(long.meters.services);
});

test('another future has other dice', () => {
  const world = requestWorld(clusterSpec());
  world.runTo(5);
  const snapshot = world.arena.snapshot();
  world.runTo(10);
  const known = world.meters.workloads.latencySum[0];
  world.arena.restore(snapshot);
  world.engine.reseed('another');
  world.runTo(10);
  expect(world.meters.workloads.latencySum[0]).not.toBe(known);
});

test('users beyond what memory holds are refused and counted', () => {
  const base = clusterSpec();
  const world = requestWorld({ ...base, workloads: [{ ...base.workloads[0]!, timeoutSeconds: 1 }] });
  world.start('serviceMisdirected', 0, 1);
  world.start('serviceSurge', 0, 200);
  world.runTo(3);
  expect(world.counts.entities).toBeLessThanOrEqual(world.counts.entitiesMax);
  expect(world.counts.usersRefused).toBeGreaterThan(1000);
  expect(world.counts.callsRefused).toBe(0);
  expect(lostOrInvented(world)).toEqual([]);
});
