/** Replicas as queues: how much each can serve now, and one tick of all replicas of a service. */

import { CURVE_ROW_LENGTH } from './occupancy.ts';
import type { FlowParts } from './parts.ts';
import { QueueStep } from './queue-step.ts';
import { Answer } from './state.ts';

/** Two queues whose lengths differ by less than this are the same but for rounding. */
const ROUNDING = 1e-12;

/** Advances the queues of one service after another. */
export class Stations {
  readonly #parts: FlowParts;
  readonly #queue: QueueStep;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#queue = new QueueStep(parts);
  }

  /** One tick of a service whose arrivals are known. Endpoints like the first are copied from it, for speed. */
  step(service: number): void {
    const { flow, context } = this.#parts;
    const { answer, endpoint, inSystem, arrivals, started } = flow.replicas;
    const end = flow.services.slotEnd[service]!;
    let first = -1;
    let firstBefore = 0;
    let alike = 0;
    let sum = 0;
    for (let replica = context.topology.replicaStart[service]!; replica < end; replica += 1) {
      const before = inSystem[replica]!;
      if (answer[replica] === Answer.serves) {
        if (endpoint[replica] === 0 && before === 0) continue;
        const alone = this.#standsAlone(replica, service);
        const like = first >= 0 && !alone && arrivals[replica] === arrivals[first];
        if (like && Math.abs(before - firstBefore) <= ROUNDING * before) {
          this.#copy(first, replica);
          alike += 1;
        } else {
          this.#equip(replica, service, alone);
          this.#queue.serve(replica, service);
          if (first < 0 && endpoint[replica] === 1 && (!alone || flow.services.endpoints[service] === 1)) {
            first = replica;
            firstBefore = before;
            alike = 1;
          }
        }
      } else if (answer[replica] === Answer.hangs) this.#queue.pileUp(replica, service);
      sum += started[replica]!;
      this.#meter(replica, service);
    }
    flow.services.started[service] = sum;
    flow.services.representative[service] = first >= 0 && alike === flow.services.endpoints[service] ? first : -1;
  }

  #standsAlone(replica: number, service: number): boolean {
    const { replicas, services, clock, nodes } = this.#parts.flow;
    if (replicas.special[replica] === 1 || services.rowsDiffer[service] === 1) return true;
    return clock.nodesTight[0] === 1 && nodes.tight[this.#parts.context.state.replicas.node[replica]!] === 1;
  }

  /**
   * Requests are held by a worker for their own time and that of their calls, and need a core for part of the former.
   * Whatever runs out first sets the capacity; by Little's law, capacity times hold is how many are served at once.
   */
  #equip(replica: number, service: number, alone: boolean): void {
    const { plan, flow } = this.#parts;
    const { replicas, services } = flow;
    if (alone) this.#refreshOwnTime(replica, service);
    const calls =
      services.rowsDiffer[service] === 1 ? replicas.callsSeconds[replica]! : services.callsSeconds[service]!;
    const hold = replicas.ownSeconds[replica]! + calls;
    const cores = alone ? this.#cores(replica, service) : plan.cpuLimitCores[service]!;
    const workers = plan.workers[service]!;
    const bound = Math.min(cores * plan.requestsPerCore[service]!, replicas.diskRateMax[replica]!);
    if (bound * hold >= workers) {
      replicas.capacity[replica] = workers / hold;
      replicas.servers[replica] = workers;
      replicas.curveRow[replica] = plan.workersRow[service]!;
      replicas.curveBlend[replica] = 0;
      return;
    }
    replicas.capacity[replica] = bound;
    replicas.servers[replica] = Math.max(1, bound * hold);
    this.#chooseCurve(replica, service);
  }

  #chooseCurve(replica: number, service: number): void {
    const { plan, flow } = this.#parts;
    const { servers: counts, rowBelow } = plan.curves;
    const { curveRow, curveRowAbove, curveBlend, servers } = flow.replicas;
    const count = servers[replica]!;
    const index = rowBelow[Math.min(rowBelow.length - 1, Math.floor(count))]!;
    const row = plan.firstRow[service]! + index * CURVE_ROW_LENGTH;
    const last = index + 1 === counts.length;
    curveRow[replica] = row;
    curveRowAbove[replica] = last ? row : row + CURVE_ROW_LENGTH;
    curveBlend[replica] = last ? 0 : (count - counts[index]!) / (counts[index + 1]! - counts[index]!);
  }

  #cores(replica: number, service: number): number {
    const { plan, flow, context } = this.#parts;
    const tight = flow.nodes.tight[context.state.replicas.node[replica]!] === 1;
    return tight ? flow.replicas.cores[replica]! : plan.cpuLimitCores[service]!;
  }

  /** Service time slowed by faults and cold caches, plus the disk's. */
  #refreshOwnTime(replica: number, service: number): void {
    const { plan, flow, context } = this.#parts;
    const { ownSeconds, slowFactor, diskSeconds, warmUntilMicros } = flow.replicas;
    const { warmUpSeconds, warmUpFactor } = context.spec.services[service]!;
    const coldMicros = warmUntilMicros[replica]! - flow.clock.ticks[0]! * plan.tickMicros;
    const cold = coldMicros > 0 ? Math.min(1, coldMicros / (1e6 * warmUpSeconds)) : 0;
    const slow = slowFactor[replica]! * (1 + (warmUpFactor - 1) * cold);
    ownSeconds[replica] = plan.serviceSeconds[service]! * slow + diskSeconds[replica]!;
    // Warm at last: from the next tick on it may be like the others.
    if (coldMicros <= 0 && coldMicros > -plan.tickMicros) flow.clock.conditionsStale[0] = 1;
  }

  #copy(from: number, to: number): void {
    const { inSystem, busy, waitSeconds, waitVariance, refusedRatio, started, completed } = this.#parts.flow.replicas;
    inSystem[to] = inSystem[from]!;
    busy[to] = busy[from]!;
    waitSeconds[to] = waitSeconds[from]!;
    waitVariance[to] = waitVariance[from]!;
    refusedRatio[to] = refusedRatio[from]!;
    started[to] = started[from]!;
    completed[to] = completed[from]!;
  }

  #meter(replica: number, service: number): void {
    const { plan, flow, context } = this.#parts;
    const { requests, cpuSeconds, inSystemSeconds } = context.meters.replicas;
    const cores = flow.replicas.completed[replica]! * plan.cpuSeconds[service]!;
    requests[replica]! += flow.replicas.arrivals[replica]! * plan.tickSeconds;
    cpuSeconds[replica]! += cores * plan.tickSeconds;
    inSystemSeconds[replica]! += flow.replicas.inSystem[replica]! * plan.tickSeconds;
    const node = context.state.replicas.node[replica]!;
    if (node >= 0) context.state.nodes.cpuUsedCores[node]! += cores;
  }
}
