/**
 * Health-checked load balancing: which replica of a callee each replica of a caller sends to. Weights change only with
 * endpoints and rerouting, so they are kept and computed anew on demand.
 */

import type { StateLayout, Table } from '../base/index.ts';
import type { Effects } from './effects.ts';
import type { ClusterSpec } from './spec.ts';
import { type ClusterState, Phase } from './state.ts';
import type { ClusterTopology, Rows } from './topology.ts';

/** Load-balancing weights of every call, per pair of replica slots, and of every workload, per replica slot. */
export class Routes {
  readonly #spec: ClusterSpec;
  readonly #topology: ClusterTopology;
  readonly #state: ClusterState;
  readonly #effects: Effects;
  readonly #pairs: Table<{ weight: 'f64' }>;
  readonly #doors: Table<{ weight: 'f64' }>;
  /** First weight of each call: caller slots x callee slots, row major. */
  readonly pairStart: Int32Array;
  /** First weight of each workload: one per slot of its service. */
  readonly doorStart: Int32Array;

  constructor(layout: StateLayout, parts: RouteParts) {
    this.#spec = parts.spec;
    this.#topology = parts.topology;
    this.#state = parts.state;
    this.#effects = parts.effects;
    this.pairStart = starts(parts.spec.calls.map((call) => this.slots(call.caller) * this.slots(call.callee)));
    this.doorStart = starts(parts.spec.workloads.map((workload) => this.slots(workload.service)));
    this.#pairs = layout.table('route', this.pairStart.at(-1)!, { weight: 'f64' });
    this.#doors = layout.table('door', this.doorStart.at(-1)!, { weight: 'f64' });
  }

  /** Weights per pair; those of one caller slot sum to 1, or to 0 when the callee has no endpoint. */
  get pairWeights(): Float64Array {
    return this.#pairs.weight;
  }

  /** Weights per slot of each workload's service; they sum to 1, or to 0 without an endpoint. */
  get doorWeights(): Float64Array {
    return this.#doors.weight;
  }

  /** Replica slots of a service. */
  slots(service: number): number {
    return this.#topology.replicaStart[service + 1]! - this.#topology.replicaStart[service]!;
  }

  /** Whether load balancing may send to a replica at all: it is ready, or runs while too few are (fail open). */
  isEndpoint(replica: number): boolean {
    const { replicas, services } = this.#state;
    const service = this.#topology.replicaService[replica]!;
    const { storage, failOpenRatio } = this.#spec.services[service]!;
    if (storage !== null && services.leader[service] !== replica) return false;
    if (this.#isReady(replica)) return true;
    return failOpenRatio > 0 && replicas.phase[replica] === Phase.running && this.#failsOpen(service, failOpenRatio);
  }

  /** Computes the weights anew if anything they depend on has changed. */
  refresh(): void {
    const { global, services } = this.#state;
    if (global.routesStale[0] === 0) return;
    const all = global.routesScoped[0] === 0;
    global.routesStale[0] = 0;
    global.routesScoped[0] = 0;
    const { callsIn, callsOut } = this.#topology;
    for (let service = 0; service < this.#topology.services; service += 1) {
      const stale = services.routesStale[service] === 1;
      services.routesStale[service] = 0;
      if (all || stale) this.#refreshCalls(callsIn, service);
      if (stale && !all) this.#refreshCalls(callsOut, service);
    }
    for (let workload = 0; workload < this.#spec.workloads.length; workload += 1) {
      const service = this.#spec.workloads[workload]!.service;
      this.#fillRow(this.#doors.weight, { at: this.doorStart[workload]!, service, fromNode: -1 });
    }
  }

  #refreshCalls({ starts, items }: Rows, service: number): void {
    for (let at = starts[service]!; at < starts[service + 1]!; at += 1) this.#refreshCall(items[at]!);
  }

  #isReady(replica: number): boolean {
    const { replicas } = this.#state;
    return replicas.ready[replica] === 1 && replicas.phase[replica] !== Phase.absent;
  }

  /** Whether fewer replicas are ready than probes are trusted with. */
  #failsOpen(service: number, ratio: number): boolean {
    let ready = 0;
    const end = this.#topology.replicaStart[service + 1]!;
    for (let replica = this.#topology.replicaStart[service]!; replica < end; replica += 1) {
      if (this.#isReady(replica)) ready += 1;
    }
    return ready < ratio * this.#state.services.desired[service]!;
  }

  #refreshCall(call: number): void {
    const { caller, callee } = this.#spec.calls[call]!;
    const first = this.#topology.replicaStart[caller]!;
    const slots = this.slots(callee);
    for (let slot = 0; slot < this.slots(caller); slot += 1) {
      const at = this.pairStart[call]! + slot * slots;
      this.#fillRow(this.#pairs.weight, { at, service: callee, fromNode: this.#state.replicas.node[first + slot]! });
    }
  }

  /** Equal weights over endpoints, keeping off avoided links and excluded replicas where another endpoint is left. */
  #fillRow(weights: Float64Array, row: { at: number; service: number; fromNode: number }): void {
    const first = this.#topology.replicaStart[row.service]!;
    const slots = this.slots(row.service);
    let preferred = 0;
    let endpoints = 0;
    for (let slot = 0; slot < slots; slot += 1) {
      const level = this.#preference(first + slot, row.fromNode);
      weights[row.at + slot] = level;
      if (level === 2) preferred += 1;
      if (level >= 1) endpoints += 1;
    }
    const least = preferred > 0 ? 2 : 1;
    const share = endpoints === 0 ? 0 : 1 / (preferred > 0 ? preferred : endpoints);
    for (let slot = 0; slot < slots; slot += 1) weights[row.at + slot] = weights[row.at + slot]! >= least ? share : 0;
  }

  /** 0 = no endpoint, 1 = endpoint to be kept off, 2 = endpoint. */
  #preference(replica: number, fromNode: number): number {
    if (!this.isEndpoint(replica)) return 0;
    if (this.#effects.values.replicaExcluded[replica]! > 0) return 1;
    return this.#pathAvoided(fromNode, this.#state.replicas.node[replica]!) ? 1 : 2;
  }

  #pathAvoided(fromNode: number, toNode: number): boolean {
    const avoided = this.#effects.values.linkAvoided;
    if (toNode < 0 || fromNode === toNode) return false;
    if (avoided[toNode]! > 0) return true;
    if (fromNode < 0) return false;
    const { interconnect, nodeZone } = this.#topology;
    const link = interconnect[nodeZone[fromNode]! * this.#spec.zones.length + nodeZone[toNode]!]!;
    return link >= 0 && avoided[link]! > 0;
  }
}

interface RouteParts {
  readonly spec: ClusterSpec;
  readonly topology: ClusterTopology;
  readonly state: ClusterState;
  readonly effects: Effects;
}

function starts(lengths: readonly number[]): Int32Array {
  const result = new Int32Array(lengths.length + 1);
  lengths.forEach((length, index) => {
    result[index + 1] = result[index]! + length;
  });
  return result;
}
