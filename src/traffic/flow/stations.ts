/** Replicas as queues: one tick of all replicas of a service, one by one or one for all. */

import { copyReplica } from './calm.ts';
import { Capacity } from './capacity.ts';
import type { FlowParts } from './parts.ts';
import { QueueStep } from './queue-step.ts';
import { Answer, REPLICA_WIDTH, Replica, SERVICE_FACTS, SERVICE_WIDTH, Service, ServiceFact } from './rows.ts';

const { answer, endpoint, arrivals, inSystem, busy, started, completed } = Replica;
const { slotEnd, endpoints, representative, calm, plain, rowsDiffer, callsSeconds, equippedSeconds } = Service;
const { cpuSeconds } = ServiceFact;
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
  readonly #capacity: Capacity;
  readonly #queue: QueueStep;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#capacity = new Capacity(parts);
    this.#queue = new QueueStep(parts);
  }

  /** One tick of a service whose arrivals are known. */
  step(service: number): void {
    if (this.#parts.services[service * SERVICE + calm] === 1) this.stepCalm(service);
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
      let from = (services[at + representative]! | 0) * REPLICA;
      let came = isCalm ? row[from + arrivals]! * tick : 0;
      let used = isCalm ? row[from + completed]! * cpu : 0;
      let holds = isCalm ? row[from + inSystem]! * tick : 0;
      for (let replica = replicaStart[service]!; replica < end; replica += 1) {
        if (!isCalm) {
          from = replica * REPLICA;
          came = row[from + arrivals]! * tick;
          used = row[from + completed]! * cpu;
          holds = row[from + inSystem]! * tick;
        } else if (row[replica * REPLICA + endpoint] === 0) continue;
        requests[replica]! += came;
        coreSeconds[replica]! += used * tick;
        inSystemSeconds[replica]! += holds;
        if (node[replica]! >= 0) cpuUsedCores[node[replica]!]! += used;
      }
    }
  }

  /** One tick of a calm service: one endpoint for all. */
  stepCalm(service: number): void {
    const row = this.#parts.replicas;
    const services = this.#parts.services;
    const at = service * SERVICE;
    const replica = services[at + representative]! | 0;
    const calls = services[at + callsSeconds]!;
    row[replica * REPLICA + arrivals] = services[at + Service.arrivals]!;
    services[at + Service.arrivals] = 0;
    if (this.#capacity.standsAlone(replica, service)) this.#capacity.equip(replica, service, true);
    else if (services[at + equippedSeconds] !== calls) {
      services[at + equippedSeconds] = calls;
      this.#capacity.equip(replica, service, false);
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
        const alone = this.#capacity.standsAlone(replica, service);
        const like = first >= 0 && !alone && row[at + arrivals] === row[first * REPLICA + arrivals];
        if (like && Math.abs(before - firstBefore) <= ROUNDING * before) {
          copyReplica(row, first, replica);
          alike += 1;
        } else {
          this.#capacity.equip(replica, service, alone);
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
}
