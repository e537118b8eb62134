/** How much a replica can serve now, and which occupancy curve its queue follows. */

import { CURVE_ROW_LENGTH } from './occupancy.ts';
import type { FlowParts } from './parts.ts';
import { REPLICA_WIDTH, Replica, SERVICE_FACTS, SERVICE_WIDTH, Service, ServiceFact } from './rows.ts';

const { special, servers, capacity, curveRow, curveRowAbove, curveBlend, ownSeconds, waitSeconds } = Replica;
const { diskSeconds, diskSecondsLeast, diskRateMax, poolRateMax, cores, limitCores, fixedSeconds } = Replica;
const { queueFactor } = Replica;
const { rowsDiffer, callsSeconds, callsVariance } = Service;
const { workers, workersRow, firstRow, requestsPerCore, requestsPerLimit, serviceSeconds } = ServiceFact;
const { variationSquare } = ServiceFact;
const REPLICA = REPLICA_WIDTH;
const SERVICE = SERVICE_WIDTH;
const FACTS = SERVICE_FACTS;
/** Queue factors that differ by less are the same. */
const FACTOR_DRIFT = 0.06;

/** Equips replicas for a tick. */
export class Capacity {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Whether a replica must be computed by itself. */
  standsAlone(replica: number, service: number): boolean {
    const { clock, nodes } = this.#parts.flow;
    if (this.#parts.replicas[replica * REPLICA + special] === 1) return true;
    if (this.#parts.services[service * SERVICE + rowsDiffer] === 1) return true;
    return clock.nodesTight[0] === 1 && nodes.tight[this.#parts.context.state.replicas.node[replica]!] === 1;
  }

  /**
   * Requests are held by a worker for their own time and that of their calls, and need a core for part of the former.
   * Whatever runs out first sets the capacity; by Little's law, capacity times hold is how many are served at once.
   */
  equip(replica: number, service: number, alone: boolean): void {
    const { plan } = this.#parts;
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const facts = plan.serviceFacts;
    const at = replica * REPLICA;
    if (alone) this.#refreshOwnTime(replica, service);
    const differ = services[service * SERVICE + rowsDiffer] === 1;
    const calls = differ ? row[at + Replica.callsSeconds]! : services[service * SERVICE + callsSeconds]!;
    const hold = row[at + ownSeconds]! + calls;
    const byCores = alone ? this.#coresRate(replica, service) : facts[service * FACTS + requestsPerLimit]!;
    const bound = Math.min(byCores, row[at + diskRateMax]!, row[at + poolRateMax]!);
    const most = facts[service * FACTS + workers]!;
    const byDisk = bound < byCores && bound === row[at + diskRateMax];
    // Workers who wait for the disk are not what it lacks.
    const held = byDisk ? hold - row[at + diskSeconds]! + row[at + diskSecondsLeast]! : hold;
    if (bound * held >= most) {
      row[at + capacity] = most / hold;
      row[at + servers] = most;
      const first = this.#chooseFactor(at, service, hold);
      row[at + curveRow] = first + facts[service * FACTS + workersRow]! - facts[service * FACTS + firstRow]!;
      row[at + curveBlend] = 0;
      return;
    }
    const excess = byDisk ? this.#diskExcess(at) : 0;
    row[at + ownSeconds]! -= excess;
    row[at + capacity] = bound;
    row[at + servers] = Math.min(most, Math.max(1, bound * (hold - excess)));
    // What it waits for are cores, a disk or connections, and no longer a worker.
    row[at + queueFactor] = facts[service * FACTS + ServiceFact.queueFactor]!;
    this.#chooseCurve(at, facts[service * FACTS + firstRow]!);
  }

  /** By the variability of the time that a worker is held: sets the queue factor and returns the first of its curves. */
  #chooseFactor(at: number, service: number, hold: number): number {
    const { plan, services } = this.#parts;
    const row = this.#parts.replicas;
    const facts = service * FACTS;
    const differ = services[service * SERVICE + rowsDiffer] === 1;
    const calls = differ ? row[at + Replica.callsVariance]! : services[service * SERVICE + callsVariance]!;
    const varied = row[at + ownSeconds]! - row[at + fixedSeconds]!;
    const square = (plan.serviceFacts[facts + variationSquare]! * varied * varied + calls) / (hold * hold);
    const wanted = (1 + square) / 2;
    const own = plan.serviceFacts[facts + ServiceFact.queueFactor]!;
    row[at + queueFactor] = own;
    if (Math.abs(wanted - own) < FACTOR_DRIFT) return plan.serviceFacts[facts + firstRow]!;
    const { holdFactors, holdRows } = plan;
    let index = 0;
    while (index + 1 < holdFactors.length && wanted > (holdFactors[index]! + holdFactors[index + 1]!) / 2) index += 1;
    row[at + queueFactor] = holdFactors[index]!;
    return holdRows[index]!;
  }

  /** Where the disk is what the queue waits for, that wait must not count as a wait for the disk once more. */
  #diskExcess(at: number): number {
    const row = this.#parts.replicas;
    return Math.min(row[at + waitSeconds]!, row[at + diskSeconds]! - row[at + diskSecondsLeast]!);
  }

  /** The curves of a queue factor begin at `first`. */
  #chooseCurve(at: number, first: number): void {
    const { plan } = this.#parts;
    const { servers: counts, rowBelow } = plan.curves;
    const row = this.#parts.replicas;
    const count = row[at + servers]!;
    const index = rowBelow[Math.min(rowBelow.length - 1, count | 0)]!;
    const below = first + index * CURVE_ROW_LENGTH;
    const last = index + 1 === counts.length;
    row[at + curveRow] = below;
    row[at + curveRowAbove] = last ? below : below + CURVE_ROW_LENGTH;
    row[at + curveBlend] = last ? 0 : (count - counts[index]!) / (counts[index + 1]! - counts[index]!);
  }

  #coresRate(replica: number, service: number): number {
    const { plan, flow, context } = this.#parts;
    const isTight = flow.nodes.tight[context.state.replicas.node[replica]!] === 1;
    const available = this.#parts.replicas[replica * REPLICA + (isTight ? cores : limitCores)]!;
    return plan.serviceFacts[service * FACTS + requestsPerCore]! * available;
  }

  /** Service time slowed by faults and cold caches, plus the disk's and a proxy's. */
  #refreshOwnTime(replica: number, service: number): void {
    const { plan, flow, context } = this.#parts;
    const row = this.#parts.replicas;
    const at = replica * REPLICA;
    const { warmUpSeconds, warmUpFactor } = context.spec.services[service]!;
    const coldMicros = row[at + Replica.warmUntilMicros]! - flow.clock.ticks[0]! * plan.tickMicros;
    const cold = coldMicros > 0 ? Math.min(1, coldMicros / (1e6 * warmUpSeconds)) : 0;
    const slow = row[at + Replica.slowFactor]! * (1 + (warmUpFactor - 1) * cold);
    const own = plan.serviceFacts[service * FACTS + serviceSeconds]! * slow;
    row[at + ownSeconds] = own + row[at + diskSeconds]! + row[at + fixedSeconds]!;
    // Warm at last: from the next tick on it may be like the others.
    if (coldMicros <= 0 && coldMicros > -plan.tickMicros) flow.clock.conditionsStale[0] = 1;
  }
}
