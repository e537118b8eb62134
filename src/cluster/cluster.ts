/** The cluster as one object: state, physics and control plane behind the verbs that faults and repairs use. */

import { RandomStreams, type StateLayout } from '../base/index.ts';
import { EventQueue, runUntil } from '../kernel/index.ts';
import { Answer, answerOf } from './conditions.ts';
import { dispatchClusterEvent, isCurrentEvent } from './control/dispatch.ts';
import { canLead, failOver } from './control/leadership.ts';
import {
  addReplica,
  crashReplica,
  crashSoon,
  moveReplica,
  placeReplicas,
  removeReplica,
  replicaWantedChanged,
  restartReplica,
} from './control/lifecycle.ts';
import { nodePowerChanged, nodeReachChanged } from './control/nodes.ts';
import { probeStreamName, startProbes } from './control/probes.ts';
import { chooseNode, forReplicasOn } from './control/scheduling.ts';
import { completeDisk, completeSource, diskLossChanged, freeDisk, rebuildDisk } from './control/storage.ts';
import { type ClusterCore, scheduleAfter, touchRoutes } from './core.ts';
import type { EffectKind } from './effect-forms.ts';
import { Effects } from './effects.ts';
import { ClusterEvent, EventPriority, FAULT_EVENTS_FROM } from './events.ts';
import { clearMeters, type Meters, meters } from './meters.ts';
import { Routes } from './routes.ts';
import { Monitoring, type MonitoringGaps } from './signals/monitoring.ts';
import type { ClusterSpec } from './spec.ts';
import { type ClusterState, clusterState, Phase } from './state.ts';
import { type ClusterTopology, clusterTopology } from './topology.ts';
import type { TrafficEngine, TrafficFactory } from './traffic-port.ts';

/** Handles an event of a kind that is not the cluster's own. */
export type ActionHandler = (kind: number, a: number, b: number) => void;

/** A simulated cluster; all its state lies in the layout it was given. */
export class Cluster {
  readonly spec: ClusterSpec;
  readonly topology: ClusterTopology;
  readonly state: ClusterState;
  readonly effects: Effects;
  readonly routes: Routes;
  readonly meters: Meters;
  readonly queue: EventQueue;
  readonly traffic: TrafficEngine;
  readonly monitoring: Monitoring;
  /** Where events of faults and repairs go. */
  onAction: ActionHandler = () => {};
  /** Whether such an event would still do something when its time comes. */
  isActionCurrent: (kind: number, a: number, b: number) => boolean = () => true;

  readonly #core: ClusterCore;
  readonly #advance: (toMicros: number) => void;
  readonly #dispatch: () => void;

  constructor(layout: StateLayout, spec: ClusterSpec, createTraffic: TrafficFactory) {
    this.spec = spec;
    this.topology = clusterTopology(spec);
    this.state = clusterState(layout, this.topology);
    this.effects = new Effects(layout, this.topology);
    const parts = { spec, topology: this.topology, state: this.state, effects: this.effects };
    this.routes = new Routes(layout, parts);
    this.meters = meters(layout, this.topology, { name: 'meter', workloads: spec.workloads.length });
    this.queue = new EventQueue(layout, 16 * this.topology.replicas + 8 * this.topology.components + 256);
    const streams = new RandomStreams(layout, probeStreams(this.topology), 'probeRandom');
    const context = { ...parts, routes: this.routes, meters: this.meters };
    this.traffic = createTraffic(layout, context);
    this.monitoring = new Monitoring(layout, spec, this.topology);
    const { queue, traffic } = this;
    const isCurrent = (kind: number, a: number, b: number): boolean =>
      kind >= FAULT_EVENTS_FROM ? this.isActionCurrent(kind, a, b) : isCurrentEvent(this, { kind, a, b });
    this.#core = { ...context, queue, streams, traffic, changes: { count: 0 }, isCurrent };
    this.#advance = (toMicros) => {
      this.traffic.advance(toMicros);
      this.state.global.nowMicros[0] = toMicros;
    };
    this.#dispatch = () => {
      this.#handle();
    };
  }

  /** Binds what needs the built layout; call once after `layout.build()`. */
  bind(): void {
    this.effects.bind();
    this.effects.onChange = (kind, target) => {
      this.#effectChanged(kind, target);
    };
  }

  /**
   * Grows with every change of replicas, nodes, disks and effects, so that what was worked out from them can be kept while
   * it stands still. No part of the state: after a restore, call `restored`.
   */
  get revision(): number {
    return this.#core.changes.count + this.effects.revision;
  }

  /** Tells that the state has become another. */
  restored(): void {
    this.#core.changes.count += 1;
  }

  get nowMicros(): number {
    return this.state.global.nowMicros[0]!;
  }

  get nowSeconds(): number {
    return this.nowMicros / 1e6;
  }

  /** A healthy cluster at time 0; all draws of the episode come from `seed`. `gaps`: see `Monitoring.reset`. */
  reset(seed: number | string, gaps: MonitoringGaps = this.spec.monitoring): void {
    this.queue.clear();
    this.#clearState();
    this.effects.reset();
    clearMeters(this.meters);
    this.#core.streams.seed(seed);
    placeReplicas(this.#core);
    this.#electFirstLeaders();
    touchRoutes(this.#core);
    this.traffic.reset(seed);
    this.monitoring.reset(seed, gaps);
    startProbes(this.#core);
    this.#schedulePeriodic();
  }

  /** Draws the rest of the episode from other streams. */
  reseed(seed: number | string): void {
    this.#core.streams.seed(seed);
    this.traffic.reseed(seed);
    this.monitoring.reseed(seed);
  }

  /** Runs until a time: every event before or at it happens, in order. */
  runUntil(untilMicros: number): void {
    runUntil({ queue: this.queue, untilMicros, advance: this.#advance, dispatch: this.#dispatch });
  }

  /** Schedules an event of a fault or a repair. */
  scheduleAction(afterSeconds: number, event: { kind: number; a: number; b: number }): void {
    scheduleAfter(this.#core, { afterSeconds, priority: EventPriority.action, ...event });
  }

  restartReplica(replica: number): void {
    restartReplica(this.#core, replica);
  }

  /** The process dies; the orchestrator restarts it after its back-off. */
  killReplica(replica: number): void {
    const phase = this.state.replicas.phase[replica];
    if (phase === Phase.running || phase === Phase.starting) crashReplica(this.#core, replica);
  }

  /** Starts a replica on another node; false = no room anywhere. */
  moveReplica(replica: number, options: { avoidNode?: number } = {}): boolean {
    return moveReplica(this.#core, replica, options.avoidNode ?? -1);
  }

  /** Wants one replica more; its slot, -1 = the service is at its most. */
  addReplica(service: number): number {
    return addReplica(this.#core, service);
  }

  removeReplica(replica: number): void {
    removeReplica(this.#core, replica);
  }

  /** Promotes the freshest follower that can lead, losing its lag; false = there is none. */
  failOver(service: number): boolean {
    return failOver(this.#core, service);
  }

  /** See `rebuildDisk` in control/storage. */
  rebuildDisk(disk: number): number | null {
    return rebuildDisk(this.#core, disk);
  }

  completeDisk(disk: number): void {
    completeDisk(this.#core, disk);
  }

  freeDisk(disk: number): void {
    freeDisk(this.#core, disk);
  }

  /** A disk with complete data and a living process other than this one; -1 = none. */
  completeSource(disk: number): number {
    return completeSource(this.#core, disk);
  }

  /** The node a new replica of a service would go to; -1 = no room. */
  chooseNode(service: number, avoid: readonly number[] = []): number {
    return chooseNode(this.#core, service, avoid);
  }

  /** Whether a replica could lead its service with storage. */
  canLead(replica: number): boolean {
    return canLead(this.#core, replica);
  }

  /** Calls `visit` for every replica placed on a node. */
  forReplicasOn(node: number, visit: (replica: number) => void): void {
    forReplicasOn(this.#core, node, visit);
  }

  /** Whether a replica's process lives. */
  isLive(replica: number): boolean {
    return this.state.replicas.phase[replica] === Phase.running;
  }

  /** Whether a replica really answers requests. */
  isServing(replica: number): boolean {
    return this.state.replicas.ready[replica] === 1 && answerOf(this, replica) === Answer.serves;
  }

  /** Replicas of a service whose process lives. */
  liveReplicas(service: number): number {
    return this.#count(service, (replica) => this.isLive(replica));
  }

  /** Replicas of a service that really answer. */
  servingReplicas(service: number): number {
    return this.#count(service, (replica) => this.isServing(replica));
  }

  #count(service: number, holds: (replica: number) => boolean): number {
    let count = 0;
    const end = this.topology.replicaStart[service + 1]!;
    for (let replica = this.topology.replicaStart[service]!; replica < end; replica += 1)
      if (holds(replica)) count += 1;
    return count;
  }

  #handle(): void {
    const { kind, a, b } = this.queue;
    if (kind >= FAULT_EVENTS_FROM) this.onAction(kind, a, b);
    else if (kind === ClusterEvent.scrape) this.monitoring.scrape(this.#core);
    else dispatchClusterEvent(this.#core, { kind, a, b });
  }

  #effectChanged(kind: EffectKind, target: number): void {
    if (kind === 'nodeDown') nodePowerChanged(this.#core, target);
    else if ((kind === 'linkBlocked' || kind === 'linkOutBlocked') && target < this.topology.nodes) {
      nodeReachChanged(this.#core, target);
    } else if (kind === 'replicaUnwanted') replicaWantedChanged(this.#core, target);
    else if (kind === 'diskLost') diskLossChanged(this.#core, target);
    else if (kind === 'replicaCrashing') crashSoon(this.#core, target);
    else if (kind === 'replicaExcluded') touchRoutes(this.#core, this.topology.replicaService[target]!);
    else if (kind === 'linkAvoided') touchRoutes(this.#core);
  }

  #clearState(): void {
    const { global, nodes, replicas, services, disks, callers } = this.state;
    for (const table of [global, nodes, replicas, services, disks, callers]) {
      for (const column of Object.values(table)) column.fill(0);
    }
    nodes.available.fill(1);
    nodes.firstReplica.fill(-1);
    replicas.node.fill(-1);
    replicas.nextOnNode.fill(-1);
    services.leader.fill(-1);
    services.leaderLostMicros.fill(-1);
    disks.intact.fill(1);
  }

  #electFirstLeaders(): void {
    this.spec.services.forEach((service, index) => {
      if (service.storage === null) return;
      const first = this.topology.replicaStart[index]!;
      this.state.services.leader[index] = first;
      for (let slot = 0; slot < service.replicas; slot += 1) {
        this.state.disks.usedBytes[this.topology.replicaDisk[first + slot]!] = service.storage.usedBytes;
        this.state.replicas.lagSeconds[first + slot] = slot === 0 ? 0 : service.storage.replicationLagSeconds;
      }
    });
  }

  #schedulePeriodic(): void {
    const { scrapeSeconds } = this.spec.monitoring;
    scheduleAfter(this.#core, { afterSeconds: 1, kind: ClusterEvent.housekeeping, a: 0, b: 0 });
    const scrape = { kind: ClusterEvent.scrape, a: 0, b: 0 };
    scheduleAfter(this.#core, { afterSeconds: scrapeSeconds, priority: EventPriority.monitoring, ...scrape });
  }
}

function probeStreams(topology: ClusterTopology): string[] {
  return Array.from(topology.replicaService, (_, replica) => probeStreamName(replica));
}
