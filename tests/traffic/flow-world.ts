/** A flow engine on a hand-set cluster without a control plane: every replica runs and is ready until a test says not. */
import { type StateArena, StateLayout } from '../../src/base/index.ts';
import {
  type CallSpec,
  type ClusterSpec,
  type ClusterState,
  type ClusterTopology,
  clusterState,
  clusterTopology,
  type EffectKind,
  Effects,
  type Meters,
  meters,
  Phase,
  Routes,
  type ServiceSpec,
  type TrafficEngine,
  type TrafficFactory,
} from '../../src/cluster/index.ts';
import { createEvenFlowTraffic } from '../../src/traffic/index.ts';
import { callSpec, clusterSpec, serviceSpec } from '../support/cluster-spec.ts';

export interface FlowWorld {
  readonly spec: ClusterSpec;
  readonly topology: ClusterTopology;
  readonly state: ClusterState;
  readonly effects: Effects;
  readonly meters: Meters;
  readonly engine: TrafficEngine;
  readonly arena: StateArena;
  /** Puts an effect in force; the number returned ends it. */
  start(kind: EffectKind, target: number, value: number): number;
  end(owner: number): void;
  setPhase(replica: number, phase: number, options?: { ready?: boolean }): void;
  runTo(seconds: number): void;
}

/** Builds the engine and resets it with the seed. */
export function flowWorld(
  spec: ClusterSpec,
  options: { engine?: TrafficFactory; seed?: number; placement?: (replica: number) => number } = {},
): FlowWorld {
  const layout = new StateLayout();
  const topology = clusterTopology(spec);
  const state = clusterState(layout, topology);
  const effects = new Effects(layout, topology);
  const routes = new Routes(layout, { spec, topology, state, effects });
  const totals = meters(layout, topology, { name: 'meter', workloads: spec.workloads.length });
  const context = { spec, topology, state, effects, routes, meters: totals };
  const engine = (options.engine ?? createEvenFlowTraffic)(layout, context);
  const arena = layout.build();
  effects.bind();
  effects.reset();
  effects.onChange = (kind) => {
    if (kind === 'replicaExcluded' || kind === 'linkAvoided') state.global.routesStale[0] = 1;
  };
  state.replicas.node.fill(-1);
  state.services.leader.fill(-1);
  state.disks.intact.fill(1);
  topology.diskService.forEach((service, disk) => {
    state.disks.usedBytes[disk] = spec.services[service]!.storage!.usedBytes;
  });
  const placement = options.placement ?? ((replica: number) => replica % spec.nodes.length);
  const setPhase = (replica: number, phase: number, { ready = phase === Phase.running } = {}): void => {
    state.replicas.phase[replica] = phase;
    state.replicas.ready[replica] = ready ? 1 : 0;
    state.replicas.node[replica] = placement(replica);
    state.replicas.startedMicros[replica] = -1e9;
    state.global.routesStale[0] = 1;
  };
  spec.services.forEach((service, index) => {
    const first = topology.replicaStart[index]!;
    for (let slot = 0; slot < service.replicas; slot += 1) setPhase(first + slot, Phase.running);
    if (service.storage !== null) state.services.leader[index] = first;
  });
  engine.reset(options.seed ?? 1);
  let owners = 0;
  return {
    spec,
    topology,
    state,
    effects,
    meters: totals,
    engine,
    arena,
    start: (kind, target, value) => {
      owners += 1;
      effects.start({ kind, target, value, owner: owners });
      return owners;
    },
    end: (owner) => {
      effects.endOwner(owner);
    },
    setPhase,
    runTo: (seconds) => {
      engine.advance(Math.round(seconds * 1e6));
    },
  };
}

/** One service of one replica, users and nothing else; work needs no core worth mentioning. */
export function queueSpec(queue: {
  workers: number;
  serviceSeconds: number;
  rate: number;
  changes?: Partial<ServiceSpec>;
  timeoutSeconds?: number;
}): ClusterSpec {
  return chainSpec([{ workers: queue.workers, serviceTimeSeconds: queue.serviceSeconds, ...queue.changes }], {
    rate: queue.rate,
    timeoutSeconds: queue.timeoutSeconds ?? 1000,
  });
}

/** Services of one replica each, every one calling the next once. */
export function chainSpec(
  services: readonly Partial<ServiceSpec>[],
  options: { rate: number; timeoutSeconds?: number; call?: Partial<CallSpec>; tickSeconds?: number },
): ClusterSpec {
  const base = clusterSpec();
  const free = { replicas: 1, replicasMax: 1, cpuSecondsPerRequest: 0, queueMax: 1e6 };
  return {
    ...base,
    services: services.map((changes, index) => serviceSpec(`service-${index}`, { ...free, ...changes })),
    calls: services.slice(1).map((_, index) => callSpec(index, index + 1, options.call ?? {})),
    workloads: [
      {
        ...base.workloads[0]!,
        requestsPerSecond: options.rate,
        timeoutSeconds: options.timeoutSeconds ?? 1000,
      },
    ],
    tickSeconds: options.tickSeconds ?? 0.5,
  };
}

/** Runs to a time and returns by how much the totals grew. */
export function difference<K extends string>(
  world: FlowWorld,
  toSeconds: number,
  read: (meters: Meters) => Record<K, number>,
): Record<K, number> {
  const before = read(world.meters);
  world.runTo(toSeconds);
  const after = read(world.meters);
  for (const key of Object.keys(after) as K[]) after[key] -= before[key];
  return after;
}

/** What users sent and got until a time, per second. */
export function users(
  world: FlowWorld,
  fromSeconds: number,
  toSeconds: number,
): { offered: number; good: number; latency: number; shed: number } {
  world.runTo(fromSeconds);
  const seconds = toSeconds - fromSeconds;
  const { offered, good, latency, answered, shed } = difference(world, toSeconds, ({ workloads }) => ({
    offered: workloads.offered[0]!,
    good: workloads.good[0]!,
    shed: workloads.shed[0]!,
    latency: workloads.latencySum[0]!,
    answered: workloads.answered[0]!,
  }));
  return {
    offered: offered / seconds,
    good: good / seconds,
    shed: shed / seconds,
    latency: latency / Math.max(1e-9, answered),
  };
}
