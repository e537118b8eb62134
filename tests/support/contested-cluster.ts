/** A cluster with both boards, on which faults and repairs can be started by name. */
import { StateLayout } from '../../src/base/index.ts';
import { Cluster, type ClusterSpec, REPAIR_EVENTS_FROM, type TrafficFactory } from '../../src/cluster/index.ts';
import { FaultBoard, type FaultRules, faultVerbIndex, faultVerbs } from '../../src/faults/index.ts';
import { RepairBoard, repairVerbIndex, repairVerbs } from '../../src/repairs/index.ts';
import { clusterSpec } from './cluster-spec.ts';

/** With this seed none of the first three repairs on any component of `clusterSpec` has bad luck. */
const LUCKY_SEED = 8;

/** No users at all: the control plane alone. */
const stillTraffic: TrafficFactory = () => ({
  name: 'still',
  reset: () => {},
  reseed: () => {},
  advance: () => {},
  dropReplica: () => {},
  probeTimeoutProbability: () => 0,
  inSystem: () => 0,
});

const looseRules: FaultRules = {
  chaosBudget: 1000,
  faultsConcurrentMax: 50,
  replicaShareMax: 1,
  cooldownSeconds: 0,
  protected: [],
  faultsAllowed: null,
};

export interface ContestedCluster {
  readonly cluster: Cluster;
  readonly faults: FaultBoard;
  readonly repairs: RepairBoard;
  runTo(seconds: number): void;
  /** Starts a fault, for example `fault('node.down', 'mild', 'node-a')`. */
  fault(name: string, severity: string, place: string): void;
  repair(name: string, place: string): void;
  /** Names of what chaos may do now, as `node.down.mild node-a`. */
  legal(): string[];
  /** Names of the repairs on offer now, as `node.drain node-a`. */
  offered(): string[];
  snapshot(): ArrayBuffer;
  restore(state: ArrayBuffer): void;
  hash(): string;
}

export interface ContestOptions {
  readonly spec?: ClusterSpec;
  readonly rules?: Partial<FaultRules>;
  readonly repairBudget?: number;
  readonly seed?: number;
  readonly traffic?: TrafficFactory;
}

/** Builds and resets it. */
export function contestedCluster(options: ContestOptions = {}): ContestedCluster {
  const layout = new StateLayout();
  const cluster = new Cluster(layout, options.spec ?? clusterSpec(), options.traffic ?? stillTraffic);
  const faults = new FaultBoard(layout, cluster, { ...looseRules, ...options.rules });
  const repairs = new RepairBoard(layout, cluster, { repairBudget: options.repairBudget ?? 1000 });
  const arena = layout.build();
  cluster.bind();
  cluster.onAction = (kind, a, b) => {
    if (kind >= REPAIR_EVENTS_FROM) repairs.onEvent(kind, a, b);
    else faults.onEvent(kind, a, b);
  };
  const seed = options.seed ?? LUCKY_SEED;
  cluster.reset(seed);
  faults.reset(seed);
  repairs.reset(seed);
  const { componentNames } = cluster.topology;
  const named = (verbs: readonly { readonly name: string }[], write: (mask: Uint8Array) => void): string[] => {
    const mask = new Uint8Array(componentNames.length * verbs.length);
    write(mask);
    return componentNames.flatMap((place, component) =>
      verbs.flatMap(({ name }, verb) => (mask[component * verbs.length + verb] === 1 ? [`${name} ${place}`] : [])),
    );
  };
  return {
    cluster,
    faults,
    repairs,
    runTo: (seconds) => {
      cluster.runUntil(Math.round(seconds * 1e6));
    },
    fault: (name, severity, place) => {
      faults.start({ component: componentNames.indexOf(place), verb: faultVerbIndex(name, severity) });
    },
    repair: (name, place) => {
      repairs.start({ component: componentNames.indexOf(place), verb: repairVerbIndex(name) });
    },
    legal: () => named(faultVerbs, (mask) => faults.legalInto(mask)),
    offered: () => named(repairVerbs, (mask) => repairs.offeredInto(mask)),
    snapshot: () => arena.snapshot(),
    restore: (state) => {
      arena.restore(state);
      cluster.restored();
    },
    hash: () => arena.hash(),
  };
}
