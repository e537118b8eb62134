/** The cluster as chaos must see it to stay within what repairs can undo: what faults touch already, and ways around. */

import { type Cluster, type ComponentKind, type EffectKind, effectForms, Phase } from '../cluster/index.ts';
import type { FaultObstacle } from './obstacle.ts';
import { Room } from './room.ts';

const LEFT_OF_LINK = 1;
const RIGHT_OF_LINK = 2;
const ELSEWHERE = 4;

/** Replicas faults touch and may touch, and what the system can do without; as of the last `refresh`. */
export class Situation {
  readonly cluster: Cluster;
  readonly room: Room;
  readonly #replicaShareMax: number;
  /** 1 where a fault is on a replica, its disk, its node or its node's uplink. */
  readonly #touched: Uint8Array;
  readonly #nodeTouched: Uint8Array;
  /** Replicas of a service that may still be touched. */
  readonly #allowance: Int32Array;
  /** Live replicas of a service that no fault touches. */
  readonly #candidates: Int32Array;
  /** Replicas placed on a node, and 1 where they are more than some service allows to be touched. */
  readonly #nodeReplicas: Int32Array;
  readonly #nodeExceeds: Uint8Array;
  /** Answers of `canBeAvoided` since the last refresh: 0 = not asked yet, 1 = no, 2 = yes. */
  readonly #avoidable: Uint8Array;
  /** Zone that faults on nodes and uplinks are confined to, -1 = any. */
  #zone = -1;
  /** The cluster's revision at the last refresh. */
  #revision = -1;

  constructor(cluster: Cluster, replicaShareMax: number) {
    const { replicas, services, nodes, links } = cluster.topology;
    this.cluster = cluster;
    this.room = new Room(cluster);
    this.#replicaShareMax = replicaShareMax;
    this.#touched = new Uint8Array(replicas);
    this.#nodeTouched = new Uint8Array(nodes);
    this.#allowance = new Int32Array(services);
    this.#candidates = new Int32Array(services);
    this.#nodeReplicas = new Int32Array(nodes);
    this.#nodeExceeds = new Uint8Array(nodes);
    this.#avoidable = new Uint8Array(links);
  }

  /** Looks at the cluster anew, if it has changed. */
  refresh(): void {
    if (this.#revision === this.cluster.revision) return;
    this.#revision = this.cluster.revision;
    this.room.refresh();
    this.#zone = -1;
    this.#touched.fill(0);
    this.#nodeTouched.fill(0);
    this.#nodeReplicas.fill(0);
    this.#nodeExceeds.fill(0);
    this.#avoidable.fill(0);
    this.cluster.effects.forEach(this.#noteEffect);
    for (let service = 0; service < this.cluster.topology.services; service += 1) {
      this.#countReplicas(service);
      this.#countByNode(service);
    }
  }

  /** Whether chaos may act on a component at all: replicas within their share, machines of one zone only. */
  mayTouch(kind: ComponentKind, target: number): boolean {
    return this.obstacle(kind, target) === null;
  }

  /** Why chaos may not act on a component; null = it may. */
  obstacle(kind: ComponentKind, target: number): FaultObstacle | null {
    const { nodes, diskReplica, diskService } = this.cluster.topology;
    switch (kind) {
      case 'service':
        if (this.#allowance[target]! <= 0) return 'replicaShare';
        return this.#candidates[target]! > 0 ? null : 'noReplica';
      case 'node':
        return this.#nodeObstacle(target);
      case 'link':
        return target >= nodes ? null : this.#nodeObstacle(target);
      case 'disk': {
        const mayTouch = this.#touched[diskReplica[target]!] === 1 || this.#allowance[diskService[target]!]! > 0;
        return mayTouch ? null : 'replicaShare';
      }
    }
  }

  /** Live replicas of a service that no fault touches, the leader first. */
  untouchedReplicas(service: number): number[] {
    return this.liveReplicas(service).filter((replica) => this.#touched[replica] === 0);
  }

  /** Live replicas of a service, touched or not, the leader first. */
  liveReplicas(service: number): number[] {
    const { topology, state } = this.cluster;
    const result: number[] = [];
    for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
      if (!this.cluster.isLive(replica)) continue;
      if (state.services.leader[service] === replica) result.unshift(replica);
      else result.push(replica);
    }
    return result;
  }

  /** Replicas of a service that may still be touched. */
  allowance(service: number): number {
    return this.#allowance[service]!;
  }

  /**
   * Whether the system can do without a link: the node behind an uplink can be emptied; where two zones part, each
   * service has replicas on both sides or in a third zone (there one that can lead, if it has storage).
   */
  canBeAvoided(link: number): boolean {
    if (this.#avoidable[link] === 0) this.#avoidable[link] = this.#findWayAround(link) ? 2 : 1;
    return this.#avoidable[link] === 2;
  }

  #findWayAround(link: number): boolean {
    const { topology, spec } = this.cluster;
    if (link < topology.nodes) return this.room.canBeEmptied(link);
    for (let service = 0; service < topology.services; service += 1) {
      const sides = this.#sidesOf(service, link);
      const onBoth = spec.services[service]!.storage === null && sides === (LEFT_OF_LINK | RIGHT_OF_LINK);
      if (!onBoth && (sides & ELSEWHERE) === 0) return false;
    }
    return true;
  }

  #sidesOf(service: number, link: number): number {
    const { topology, spec, state } = this.cluster;
    const stores = spec.services[service]!.storage !== null;
    let sides = 0;
    for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
      if (!(stores ? this.cluster.canLead(replica) : this.cluster.isServing(replica))) continue;
      const zone = topology.nodeZone[state.replicas.node[replica]!]!;
      if (zone === topology.linkZones[2 * link]) sides |= LEFT_OF_LINK;
      else if (zone === topology.linkZones[2 * link + 1]) sides |= RIGHT_OF_LINK;
      else sides |= ELSEWHERE;
    }
    return sides;
  }

  /** A node without replicas is left alone: a fault there would change nothing. */
  #nodeObstacle(node: number): FaultObstacle | null {
    if (this.#zone >= 0 && this.#zone !== this.cluster.topology.nodeZone[node]) return 'otherZone';
    if (this.#nodeReplicas[node] === 0) return 'emptyNode';
    return this.#nodeExceeds[node] === 0 ? null : 'replicaShare';
  }

  readonly #noteEffect = (kind: EffectKind, target: number, owner: number): void => {
    // Repairs own their effects by negative numbers.
    if (owner < 0) return;
    const { topology } = this.cluster;
    const on = effectForms[kind].target;
    if (on === 'replica') this.#touched[target] = 1;
    else if (on === 'port') this.#touched[topology.portReplica[target]!] = 1;
    else if (on === 'disk') this.#touched[topology.diskReplica[target]!] = 1;
    else if (on === 'node' || (on === 'link' && target < topology.nodes)) {
      this.#nodeTouched[target] = 1;
      this.#zone = topology.nodeZone[target]!;
    }
  };

  #countReplicas(service: number): void {
    const { topology, state, effects } = this.cluster;
    let wanted = 0;
    let touched = 0;
    let candidates = 0;
    for (let replica = topology.replicaStart[service]!; replica < topology.replicaStart[service + 1]!; replica += 1) {
      if (state.replicas.phase[replica] === Phase.absent) {
        // Scaled away by a fault: it counts as one that is there and touched.
        wanted += effects.values.replicaUnwanted[replica]!;
        touched += effects.values.replicaUnwanted[replica]!;
        continue;
      }
      wanted += 1;
      const node = state.replicas.node[replica]!;
      if (node >= 0 && this.#nodeTouched[node] === 1) this.#touched[replica] = 1;
      if (this.#touched[replica] === 1) touched += 1;
      else if (this.cluster.isLive(replica)) candidates += 1;
    }
    // The small addend keeps 0.29 * 100 from counting as 28.
    this.#allowance[service] = Math.max(1, Math.floor(this.#replicaShareMax * wanted + 1e-9)) - touched;
    this.#candidates[service] = candidates;
  }

  #countByNode(service: number): void {
    const { replicaStart } = this.cluster.topology;
    const { phase, node } = this.cluster.state.replicas;
    const first = replicaStart[service]!;
    for (let replica = first; replica < replicaStart[service + 1]!; replica += 1) {
      const at = node[replica]!;
      if (phase[replica] === Phase.absent || at < 0) continue;
      this.#nodeReplicas[at]! += 1;
      let untouched = 0;
      for (let other = first; other <= replica; other += 1) {
        if (phase[other] !== Phase.absent && node[other] === at && this.#touched[other] === 0) untouched += 1;
      }
      if (untouched > this.#allowance[service]!) this.#nodeExceeds[at] = 1;
    }
  }
}
