/** Compares the control plane at the ends of two steps and tells what happened between them; only for listeners. */

import { Breaker, type Cluster, Phase } from '../cluster/index.ts';
import type { ControlHappening, ControlKind } from './contest-info.ts';

/** What is remembered of the last look. */
interface Seen {
  readonly phase: Uint8Array;
  readonly ready: Uint8Array;
  readonly node: Int32Array;
  readonly crashes: Int32Array;
  readonly restarts: Int32Array;
  readonly available: Uint8Array;
  readonly leader: Int32Array;
  readonly leaderLost: Uint8Array;
  readonly writesLost: Float64Array;
  readonly breaker: Uint8Array;
  readonly overWatermark: Uint8Array;
}

type Tell = (happening: Omit<ControlHappening, 'timeSeconds'>) => void;

/** Follows the control plane of one cluster. It holds no part of the simulation's state. */
export class ControlWatch {
  readonly #cluster: Cluster;
  #seen: Seen | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Another episode, or another point of it: the next `look` has nothing to compare with. */
  forget(): void {
    this.#seen = undefined;
  }

  /** Tells what has happened since the last look: machines, then services by index, then disks. */
  look(tell: Tell): void {
    const now = see(this.#cluster);
    const before = this.#seen;
    this.#seen = now;
    if (before === undefined) return;
    const { topology } = this.#cluster;
    for (let node = 0; node < topology.nodes; node += 1) tellNode(this.#cluster, node, { before, now, tell });
    for (let service = 0; service < topology.services; service += 1) {
      tellReplicas(this.#cluster, service, { before, now, tell });
      tellLeader(this.#cluster, service, { before, now, tell });
    }
    for (let call = 0; call < topology.calls; call += 1) tellBreakers(this.#cluster, call, { before, now, tell });
    for (let disk = 0; disk < topology.disks; disk += 1) tellDisk(this.#cluster, disk, { before, now, tell });
  }
}

interface Look {
  readonly before: Seen;
  readonly now: Seen;
  readonly tell: Tell;
}

function see({ state, effects, spec, topology }: Cluster): Seen {
  const { replicas, nodes, services, callers, disks } = state;
  const overWatermark = Uint8Array.from(topology.diskService, (service, disk) => {
    const { watermarkRatio, diskBytes } = spec.services[service]!.storage!;
    return disks.usedBytes[disk]! + effects.values.diskHoard[disk]! > watermarkRatio * diskBytes ? 1 : 0;
  });
  return {
    phase: replicas.phase.slice(),
    ready: replicas.ready.slice(),
    node: replicas.node.slice(),
    crashes: replicas.crashes.slice(),
    restarts: replicas.restarts.slice(),
    available: nodes.available.slice(),
    leader: services.leader.slice(),
    leaderLost: Uint8Array.from(services.leaderLostMicros, (micros) => (micros >= 0 ? 1 : 0)),
    writesLost: services.writesLost.slice(),
    breaker: callers.breaker.slice(),
    overWatermark,
  };
}

function tellNode({ spec }: Cluster, node: number, { before, now, tell }: Look): void {
  if (before.available[node] === now.available[node]) return;
  tell({ kind: now.available[node] === 1 ? 'nodeBack' : 'nodeLost', component: spec.nodes[node]!.name });
}

/** One happening per kind, with the replicas it concerns. */
function tellReplicas({ spec, topology }: Cluster, service: number, { before, now, tell }: Look): void {
  const first = topology.replicaStart[service]!;
  const concerned = new Map<ControlKind, number[]>();
  for (let replica = first; replica < topology.replicaStart[service + 1]!; replica += 1) {
    const kind = replicaChange(replica, before, now);
    if (kind !== undefined) concerned.set(kind, [...(concerned.get(kind) ?? []), replica - first]);
  }
  const component = spec.services[service]!.name;
  for (const [kind, replicas] of concerned) {
    const nodes = replicas.map((replica) => spec.nodes[now.node[first + replica]!]?.name ?? '-');
    tell({ kind, component, replicas, nodes });
  }
}

/** The one change of a replica that says most. */
function replicaChange(replica: number, before: Seen, now: Seen): ControlKind | undefined {
  const [was, is] = [before.phase[replica], now.phase[replica]];
  if (was === Phase.absent || is === Phase.absent) {
    if (was === is) return undefined;
    return is === Phase.absent ? 'replicaRemoved' : 'replicaAdded';
  }
  if (now.restarts[replica]! > before.restarts[replica]!) {
    if (now.node[replica] !== before.node[replica]) return 'replicaMoved';
    return now.crashes[replica]! > 0 ? 'replicaCrashed' : 'replicaRestarted';
  }
  if (is === Phase.lost && was !== Phase.lost) return 'replicaLost';
  if (is === Phase.pending && was !== Phase.pending) return 'replicaPending';
  if (now.ready[replica] === before.ready[replica]) return undefined;
  return now.ready[replica] === 1 ? 'replicaReady' : 'replicaNotReady';
}

function tellLeader({ spec, topology }: Cluster, service: number, { before, now, tell }: Look): void {
  const component = spec.services[service]!.name;
  const leader = now.leader[service]!;
  if (leader !== before.leader[service]) {
    const writesLost = now.writesLost[service]! - before.writesLost[service]!;
    tell({ kind: 'leaderElected', component, replicas: [leader - topology.replicaStart[service]!], writesLost });
  } else if (now.leaderLost[service] !== before.leaderLost[service]) {
    tell({ kind: now.leaderLost[service] === 1 ? 'leaderLost' : 'leaderBack', component });
  }
}

/** A call's breakers as one, told when the number of open ones changes or all are closed again. */
function tellBreakers({ spec, topology }: Cluster, call: number, { before, now, tell }: Look): void {
  const { caller, callee, breaker } = spec.calls[call]!;
  if (breaker === null) return;
  const [first, end] = [topology.callerPortStart[call]!, topology.callerPortStart[call + 1]!];
  const rows = (seen: Seen, state: number) => seen.breaker.subarray(first, end).filter((is) => is === state).length;
  const [openBefore, open] = [rows(before, Breaker.open), rows(now, Breaker.open)];
  const [tryingBefore, trying] = [rows(before, Breaker.halfOpen), rows(now, Breaker.halfOpen)];
  const ends = { component: spec.services[caller]!.name, peer: spec.services[callee]!.name };
  if (open > openBefore) tell({ kind: 'breakerOpened', ...ends, count: open });
  else if (trying > tryingBefore) tell({ kind: 'breakerTrying', ...ends, count: trying });
  else if (openBefore + tryingBefore > 0 && open + trying === 0) tell({ kind: 'breakerClosed', ...ends });
}

function tellDisk({ topology }: Cluster, disk: number, { before, now, tell }: Look): void {
  if (before.overWatermark[disk] === now.overWatermark[disk]) return;
  const component = topology.componentNames[topology.offsets.disk + disk]!;
  tell({ kind: now.overWatermark[disk] === 1 ? 'diskOverWatermark' : 'diskBelowWatermark', component });
}
