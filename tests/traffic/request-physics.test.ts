/** Links, disks and machines of the request engine by themselves, against formulas. */
import { describe, expect, test } from 'vitest';
import { type StateArena, StateLayout } from '../../src/base/index.ts';
import {
  type ClusterSpec,
  clusterState,
  clusterTopology,
  Effects,
  meters,
  Phase,
  Routes,
  type TrafficContext,
} from '../../src/cluster/index.ts';
import { Disks } from '../../src/traffic/request/disks.ts';
import { Hosts } from '../../src/traffic/request/hosts.ts';
import { Network } from '../../src/traffic/request/network.ts';
import { callSpec, clusterSpec, nodeSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';

const QUIET = 0.0001 + 0.0005 + 0.0001;
const INTERCONNECT = 2;
const MESSAGES = 20_000;

interface Physics {
  readonly context: TrafficContext;
  readonly network: Network;
  readonly disks: Disks;
  readonly hosts: Hosts;
  readonly arena: StateArena;
  start(kind: Parameters<Effects['start']>[0]['kind'], target: number, value: number): void;
}

/** A front in zone a that calls a store in zone b; everything runs, nothing is sent. */
function physics(changes: Partial<ClusterSpec> = {}, seed: number = 1): Physics {
  const one = { replicas: 1, replicasMax: 1 };
  const storage = storageSpec({ operationsPerSecondMax: 100, operationsPerRequest: 1, writeRatio: 0.25 });
  const spec = clusterSpec({
    zones: ['a', 'b'],
    nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1)],
    services: [serviceSpec('front', one), serviceSpec('store', { ...one, storage })],
    calls: [callSpec(0, 1, { timeoutSeconds: 10, requestBytes: 1000, responseBytes: 4000 })],
    ...changes,
  });
  const layout = new StateLayout();
  const topology = clusterTopology(spec);
  const state = clusterState(layout, topology);
  const effects = new Effects(layout, topology);
  const routes = new Routes(layout, { spec, topology, state, effects });
  const totals = meters(layout, topology, { name: 'meter', workloads: spec.workloads.length });
  const context = { spec, topology, state, effects, routes, meters: totals };
  const network = new Network(layout, context);
  const disks = new Disks(layout, context);
  const hosts = new Hosts(layout, context);
  const arena = layout.build();
  effects.bind();
  effects.reset();
  state.replicas.phase.fill(Phase.running);
  state.replicas.node.set([0, 1].slice(0, topology.replicas));
  state.services.leader.fill(1);
  state.disks.intact.fill(1);
  network.reset(seed);
  disks.reset(seed);
  hosts.reset();
  const start: Physics['start'] = (kind, target, value) => {
    effects.start({ kind, target, value, owner: 1 });
    network.refresh();
    disks.refresh();
    hosts.refresh();
  };
  return { context, network, disks, hosts, arena, start };
}

describe('a message', () => {
  test('takes the latency of the links it crosses, users only that of the last', () => {
    const { network } = physics();
    expect(network.requestSeconds(0, 0, 1, 1e6)).toBeCloseTo(QUIET, 12);
    expect(network.responseSeconds(0, 0, 1, 2e6)).toBeCloseTo(QUIET, 12);
    expect(network.requestSeconds(1, -1, 0, 3e6)).toBeCloseTo(0.0001, 12);
  });

  test('waits for the bytes in front of it on every link, and the link drains', () => {
    const { network } = physics();
    network.requestSeconds(0, 0, 1, 0);
    expect(network.requestSeconds(0, 0, 1, 0) - QUIET).toBeCloseTo((3 * 1000) / 125e6, 9);
    expect(network.requestSeconds(0, 0, 1, 8) - QUIET).toBeCloseTo((3 * 1000) / 125e6, 9);
    expect(network.requestSeconds(0, 0, 1, 1e6)).toBeCloseTo(QUIET, 12);
  });

  test('is sent again after time-outs that double, as often as its packets are lost', () => {
    const { network, start } = physics();
    start('linkLoss', INTERCONNECT, 0.1);
    const counts = new Map<number, number>();
    for (let message = 0; message < MESSAGES; message += 1) {
      const late = network.responseSeconds(0, 0, 1, message * 1e5) - QUIET;
      const key = Math.round(late * 10);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // Three packets; 0.2 s, then 0.6 s, 1.4 s ...
    const lost = 1 - 0.9 ** 3;
    for (const [key, share] of [
      [0, 1 - lost],
      [2, lost * 0.9],
      [6, lost * 0.09],
      [14, lost * 0.009],
    ] as const) {
      const deviation = Math.sqrt((share * (1 - share)) / MESSAGES);
      expect(Math.abs((counts.get(key) ?? 0) / MESSAGES - share)).toBeLessThan(4 * deviation);
    }
  });

  test('never arrives where nothing passes, nor after the patience of its caller', () => {
    const { network, start } = physics();
    start('linkInBlocked', INTERCONNECT, 1);
    expect(network.requestSeconds(0, 0, 1, 0)).toBe(Infinity);
    expect(network.responseSeconds(0, 0, 1, 0)).toBeCloseTo(QUIET + 3000 / 125e6, 9);
    const other = physics();
    other.start('portRequestLoss', other.context.topology.callerPortStart[0]!, 0.9999);
    let arrived = 0;
    for (let message = 0; message < 100; message += 1) {
      const seconds = other.network.requestSeconds(0, 0, 1, message * 1e6);
      if (seconds !== Infinity) arrived += 1;
      expect(seconds === Infinity || seconds <= 10 + QUIET).toBe(true);
    }
    expect(arrived).toBeLessThan(5);
  });

  test('is spread by jitter around the same mean with the stated deviation', () => {
    const { network, start } = physics();
    start('linkDelay', INTERCONNECT, 0.1);
    start('linkJitter', INTERCONNECT, 0.03);
    let sum = 0;
    let square = 0;
    for (let message = 0; message < MESSAGES; message += 1) {
      const seconds = network.requestSeconds(0, 0, 1, message * 1e5) - QUIET;
      sum += seconds;
      square += seconds * seconds;
    }
    const mean = sum / MESSAGES;
    expect(Math.abs(mean - 0.1)).toBeLessThan((4 * 0.03) / Math.sqrt(MESSAGES));
    expect(Math.sqrt(square / MESSAGES - mean * mean) / 0.03).toBeCloseTo(1, 1);
  });

  test('passes with the share of an overloaded link that is carried', () => {
    const { network, context, start } = physics();
    start('linkFlood', INTERCONNECT, 4 * 125e6);
    let first = 0;
    for (let message = 0; message < MESSAGES; message += 1) {
      if (message % 100 === 0) network.settle(message * 1e4);
      if (network.requestSeconds(0, 0, 1, message * 1e4) < 0.1) first += 1;
    }
    expect(Math.abs(first / MESSAGES - 0.25)).toBeLessThan(0.015);
    network.settle(MESSAGES * 1e4);
    const { links } = context.meters;
    expect(links.lostBytes[INTERCONNECT]! / links.offeredBytes[INTERCONNECT]!).toBeCloseTo(0.75, 3);
    expect(links.delaySeconds[INTERCONNECT]! / (MESSAGES / 100)).toBeCloseTo(0.0005 + 1e6 / 125e6, 3);
  });

  test('travels alike after a snapshot has been restored', () => {
    const { network, arena, start } = physics();
    start('linkLoss', INTERCONNECT, 0.3);
    start('linkJitter', INTERCONNECT, 0.01);
    const run = (): number[] => Array.from({ length: 50 }, (_, index) => network.requestSeconds(0, 0, 1, index * 1e3));
    run();
    const kept = arena.snapshot();
    const straight = run();
    arena.restore(kept);
    expect(run()).toEqual(straight);
  });
});

describe('a disk', () => {
  test('serves operations first come first served, in exponential times', () => {
    const { disks, context } = physics();
    let sum = 0;
    for (let request = 0; request < MESSAGES; request += 1) {
      const alone = disks.work(1, request * 1e6);
      sum += alone;
      const second = disks.work(1, request * 1e6);
      expect(second).toBeGreaterThan(alone);
    }
    expect(Math.abs(sum / MESSAGES - 0.01)).toBeLessThan((4 * 0.01) / Math.sqrt(MESSAGES));
    disks.settle(MESSAGES * 1e6);
    expect(context.meters.disks.operations[0]).toBe(2 * MESSAGES);
    expect(context.meters.disks.busySeconds[0]! / (2 * MESSAGES * 0.01)).toBeCloseTo(1, 1);
  });

  test('fails the requests its effects say, and tells which wrote', () => {
    const { disks, start } = physics();
    start('diskCorrupt', 0, 0.5);
    start('diskReadOnly', 0, 1);
    let writes = 0;
    let failedReads = 0;
    for (let request = 0; request < MESSAGES; request += 1) {
      disks.work(1, request * 1e6);
      if (disks.wrote) {
        writes += 1;
        expect(disks.failed).toBe(true);
      } else if (disks.failed) failedReads += 1;
    }
    expect(Math.abs(writes / MESSAGES - 0.25)).toBeLessThan(0.015);
    expect(Math.abs(failedReads / (MESSAGES - writes) - 0.5)).toBeLessThan(0.02);
  });

  test('hangs while it is paused, and counts writes that are acknowledged', () => {
    const { disks, context, start } = physics();
    start('diskPaused', 0, 1);
    expect(disks.work(1, 0)).toBe(Infinity);
    for (let second = 1; second <= 40; second += 1) {
      for (let write = 0; write < 8; write += 1) disks.acknowledge(1, second * 1e6);
      disks.settle(second * 1e6);
    }
    expect(context.state.services.writesPerSecond[1]).toBeCloseTo(8, 1);
  });
});

describe('a machine', () => {
  /** Uses all cores it gets, 100 times a second, for some seconds. */
  function work({ hosts, context }: Physics, seconds: number, wantedCores: number): number {
    const before = context.meters.replicas.cpuSeconds[0]!;
    const limit = context.spec.services[0]!.cpuLimitCores;
    for (let step = 1; step <= seconds * 100; step += 1) {
      const now = (context.state.global.nowMicros[0]! + step * 1e4) | 0;
      hosts.queue(0, wantedCores / 100, now);
      hosts.use(0, Math.min(wantedCores, limit / hosts.stretch(0)) / 100);
      hosts.settle(now);
    }
    context.state.global.nowMicros[0]! += seconds * 1e6;
    return (context.meters.replicas.cpuSeconds[0]! - before) / seconds;
  }

  test('with cores to spare stretches nothing', () => {
    const at = physics();
    expect(work(at, 10, 0.5)).toBeCloseTo(0.5, 6);
    expect(at.hosts.stretch(0)).toBe(1);
    expect(at.context.state.nodes.cpuUsedCores[0]).toBeCloseTo(0.5, 6);
  });

  test('leaves a replica the rest of its limit, and shares what foreign work leaves', () => {
    const stolen = physics();
    stolen.start('replicaCpuStolen', 0, 0.75);
    expect(stolen.hosts.stretch(0)).toBeCloseTo(4, 9);
    // The meters show what the whole container uses.
    expect(work(stolen, 10, 1)).toBeCloseTo(1, 2);
    const crowded = physics();
    crowded.start('nodeCpuStolen', 0, 7);
    work(crowded, 20, 1);
    expect(crowded.hosts.stretch(0)).toBeCloseTo(2, 1);
    expect(work(crowded, 20, 1)).toBeCloseTo(0.5, 1);
  });
});
