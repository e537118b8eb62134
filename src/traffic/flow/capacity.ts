/** How much a replica can serve now, and which occupancy curve its queue follows. */

import { CURVE_ROW_LENGTH } from './occupancy.ts';
import type { FlowParts } from './parts.ts';
import { REPLICA_WIDTH, Replica, SERVICE_FACTS, SERVICE_WIDTH, Service, ServiceFact } from './rows.ts';

const { special, servers, capacity, curveRow, curveRowAbove, curveBlend, ownSeconds, waitSeconds } = Replica;
const { diskSeconds, diskSecondsLeast, diskRateMax, cores } = Replica;
const { rowsDiffer, callsSeconds } = Service;
const { workers, workersRow, firstRow, requestsPerCore, requestsPerLimit, serviceSeconds } = ServiceFact;
const REPLICA = REPLICA_WIDTH;
const SERVICE = SERVICE_WIDTH;
const FACTS = SERVICE_FACTS;

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
    const bound = Math.min(byCores, row[at + diskRateMax]!);
    const most = facts[service * FACTS + workers]!;
    if (bound * hold >= most) {
      row[at + capacity] = most / hold;
      row[at + servers] = most;
      row[at + curveRow] = facts[service * FACTS + workersRow]!;
      row[at + curveBlend] = 0;
      return;
    }
    const excess = bound < byCores ? this.#diskExcess(at) : 0;
    row[at + ownSeconds]! -= excess;
    row[at + capacity] = bound;
    row[at + servers] = Math.max(1, bound * (hold - excess));
    this.#chooseCurve(at, service);
  }

  /** Where the disk is what the queue waits for, that wait must not count as a wait for the disk once more. */
  #diskExcess(at: number): number {
    const row = this.#parts.replicas;
    return Math.min(row[at + waitSeconds]!, row[at + diskSeconds]! - row[at + diskSecondsLeast]!);
  }

  #chooseCurve(at: number, service: number): void {
    const { plan } = this.#parts;
    const { servers: counts, rowBelow } = plan.curves;
    const row = this.#parts.replicas;
    const count = row[at + servers]!;
    const index = rowBelow[Math.min(rowBelow.length - 1, count | 0)]!;
    const below = plan.serviceFacts[service * FACTS + firstRow]! + index * CURVE_ROW_LENGTH;
    const last = index + 1 === counts.length;
    row[at + curveRow] = below;
    row[at + curveRowAbove] = last ? below : below + CURVE_ROW_LENGTH;
    row[at + curveBlend] = last ? 0 : (count - counts[index]!) / (counts[index + 1]! - counts[index]!);
  }

  #coresRate(replica: number, service: number): number {
    const { plan, flow, context } = this.#parts;
    const facts = service * FACTS;
    if (flow.nodes.tight[context.state.replicas.node[replica]!] === 0) {
      return plan.serviceFacts[facts + requestsPerLimit]!;
    }
    return plan.serviceFacts[facts + requestsPerCore]! * this.#parts.replicas[replica * REPLICA + cores]!;
  }

  /** Service time slowed by faults and cold caches, plus the disk's. */
  #refreshOwnTime(replica: number, service: number): void {
    const { plan, flow, context } = this.#parts;
    const row = this.#parts.replicas;
    const at = replica * REPLICA;
    const { warmUpSeconds, warmUpFactor } = context.spec.services[service]!;
    const coldMicros = row[at + Replica.warmUntilMicros]! - flow.clock.ticks[0]! * plan.tickMicros;
    const cold = coldMicros > 0 ? Math.min(1, coldMicros / (1e6 * warmUpSeconds)) : 0;
    const slow = row[at + Replica.slowFactor]! * (1 + (warmUpFactor - 1) * cold);
    row[at + ownSeconds] = plan.serviceFacts[service * FACTS + serviceSeconds]! * slow + row[at + diskSeconds]!;
    // Warm at last: from the next tick on it may be like the others.
    if (coldMicros <= 0 && coldMicros > -plan.tickMicros) flow.clock.conditionsStale[0] = 1;
  }
}
