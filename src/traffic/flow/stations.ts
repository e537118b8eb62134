/** Replicas as queues: how much each can serve now, and one tick of all replicas of a service. */

import { copyReplica } from './calm.ts';
import { CURVE_ROW_LENGTH } from './occupancy.ts';
import type { FlowParts } from './parts.ts';
import { QueueStep } from './queue-step.ts';
import { Answer, REPLICA_WIDTH, Replica, SERVICE_FACTS, SERVICE_WIDTH, Service, ServiceFact } from './rows.ts';

const { answer, endpoint, special, arrivals, inSystem, busy, servers, capacity, started, completed } = Replica;
const {
  curveRow,
  curveRowAbove,
  curveBlend,
  ownSeconds,
  waitSeconds,
  diskSeconds,
  diskSecondsLeast,
  diskRateMax,
  cores,
} = Replica;
const { slotEnd, endpoints, representative, calm, plain, rowsDiffer, callsSeconds, equippedSeconds } = Service;
const { workers, workersRow, firstRow, requestsPerCore, requestsPerLimit, serviceSeconds, cpuSeconds } = ServiceFact;
const { serves, hangs } = Answer;
const REPLICA = REPLICA_WIDTH;
const SERVICE = SERVICE_WIDTH;
const FACTS = SERVICE_FACTS;

/** Two queues whose lengths differ by less than this are the same but for rounding. */
const ROUNDING = 1e-12;
/** A queue never drains entirely; this little is nothing. */
const REST_SMALL = 1e-9;

/** Advances the queues of one service after another. */
export class Stations {
  readonly #parts: FlowParts;
  readonly #queue: QueueStep;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#queue = new QueueStep(parts);
  }

  /** One tick of a service whose arrivals are known. */
  step(service: number): void {
    if (this.#parts.services[service * SERVICE + calm] === 1) this.#stepCalm(service);
    else this.#stepAll(service);
  }

  /** Adds what all replicas did in the tick to their meters and to the use of their nodes. */
  meter(): void {
    const { context, plan } = this.#parts;
    const { replicaStart, services: count } = context.topology;
    const { requests, cpuSeconds: coreSeconds, inSystemSeconds } = context.meters.replicas;
    const { cpuUsedCores } = context.state.nodes;
    const { node } = context.state.replicas;
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const tick = plan.tickSeconds;
    cpuUsedCores.fill(0);
    for (let service = 0; service < count; service += 1) {
      const at = service * SERVICE;
      const cpu = plan.serviceFacts[service * FACTS + cpuSeconds]!;
      const end = services[at + slotEnd]! | 0;
      const isCalm = services[at + calm] === 1;
      const standsFor = (services[at + representative]! | 0) * REPLICA;
      for (let replica = replicaStart[service]!; replica < end; replica += 1) {
        const own = replica * REPLICA;
        const from = isCalm && row[own + endpoint] === 1 ? standsFor : own;
        const used = row[from + completed]! * cpu;
        requests[replica]! += row[from + arrivals]! * tick;
        coreSeconds[replica]! += used * tick;
        inSystemSeconds[replica]! += row[from + inSystem]! * tick;
        if (node[replica]! >= 0) cpuUsedCores[node[replica]!]! += used;
      }
    }
  }

  /** One endpoint for all. */
  #stepCalm(service: number): void {
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const at = service * SERVICE;
    const replica = services[at + representative]! | 0;
    const calls = services[at + callsSeconds]!;
    row[replica * REPLICA + arrivals] = services[at + Service.arrivals]!;
    services[at + Service.arrivals] = 0;
    if (this.#standsAlone(replica, service)) this.#equip(replica, service, true);
    else if (services[at + equippedSeconds] !== calls) {
      services[at + equippedSeconds] = calls;
      this.#equip(replica, service, false);
    }
    this.#queue.serve(replica, service);
    services[at + Service.started] = row[replica * REPLICA + started]! * services[at + endpoints]!;
  }

  /** Replica by replica; endpoints that fare like the first are copied from it, so that they stay like it. */
  #stepAll(service: number): void {
    const { context } = this.#parts;
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const end = services[service * SERVICE + slotEnd]!;
    const single = services[service * SERVICE + endpoints] === 1;
    let first = -1;
    let firstBefore = 0;
    let alike = 0;
    let others = 0;
    let sum = 0;
    for (let replica = context.topology.replicaStart[service]!; replica < end; replica += 1) {
      const at = replica * REPLICA;
      const before = row[at + inSystem]!;
      const isEndpoint = row[at + endpoint] === 1;
      if (!isEndpoint && this.#isDrained(at)) continue;
      if (!isEndpoint) others += 1;
      if (row[at + answer] === serves) {
        const alone = this.#standsAlone(replica, service);
        const like = first >= 0 && !alone && row[at + arrivals] === row[first * REPLICA + arrivals];
        if (like && Math.abs(before - firstBefore) <= ROUNDING * before) {
          copyReplica(row, first, replica);
          alike += 1;
        } else {
          this.#equip(replica, service, alone);
          this.#queue.serve(replica, service);
          if (first < 0 && isEndpoint && (!alone || single)) {
            first = replica;
            firstBefore = before;
            alike = 1;
          }
        }
      } else if (row[at + answer] === hangs) this.#queue.pileUp(replica, service);
      sum += row[at + started]!;
    }
    services[service * SERVICE + Service.started] = sum;
    this.#settle(service, alike === services[service * SERVICE + endpoints] ? first : -1, others);
  }

  /** Whether nothing is left in a replica that gets no more requests. */
  #isDrained(at: number): boolean {
    const row = this.#parts.replicas;
    if (row[at + inSystem]! >= REST_SMALL) return false;
    row[at + inSystem] = 0;
    row[at + busy] = 0;
    row[at + started] = 0;
    row[at + completed] = 0;
    return true;
  }

  /** One endpoint may stand for all from the next tick on. */
  #settle(service: number, standsFor: number, others: number): void {
    const services = this.#parts.services;
    const at = service * SERVICE;
    const undisturbed = services[at + plain] === 1 && services[at + rowsDiffer] === 0;
    services[at + representative] = standsFor;
    services[at + calm] = standsFor >= 0 && others === 0 && undisturbed ? 1 : 0;
    services[at + equippedSeconds] = -1;
  }

  #standsAlone(replica: number, service: number): boolean {
    const { clock, nodes } = this.#parts.flow;
    if (this.#parts.replicas[replica * REPLICA + special] === 1) return true;
    if (this.#parts.services[service * SERVICE + rowsDiffer] === 1) return true;
    return clock.nodesTight[0] === 1 && nodes.tight[this.#parts.context.state.replicas.node[replica]!] === 1;
  }

  /**
   * Requests are held by a worker for their own time and that of their calls, and need a core for part of the former.
   * Whatever runs out first sets the capacity; by Little's law, capacity times hold is how many are served at once.
   */
  #equip(replica: number, service: number, alone: boolean): void {
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
