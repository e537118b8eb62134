/**
 * Pools of connections: an attempt holds one of its caller replica's for as long as it is under way, and waits for one
 * when all are taken. A pool is the M/M/c queue whose servers are connections; the callee gets what it serves.
 */

import { log } from '../../base/index.ts';
import { Answer, type CallSpec } from '../../cluster/index.ts';
import { upToDate } from './calm.ts';
import { FiniteQueue } from './finite-queue.ts';
import type { FlowParts } from './parts.ts';
import {
  EDGE_FACTS,
  EDGE_WIDTH,
  Edge,
  EdgeFact,
  GATE_WIDTH,
  Gate,
  REPLICA_WIDTH,
  Replica,
  SERVICE_FACTS,
  SERVICE_WIDTH,
  Service,
  ServiceFact,
} from './rows.ts';

const { inPool, waiting, room, waitSeconds, waitVariance, holdSeconds, holdFactor, logLoad, starved } = Gate;
const GATE = GATE_WIDTH;

/** Keeps every rate finite before the first answer has come. */
const HOLD_SECONDS_MIN = 1e-6;
/** Chances below e to minus this power are as good as none. */
const UNLIKELY = 12;
/** Waits shorter than this are none: most attempts find a connection at once. */
const WAIT_SECONDS_SMALL = 1e-7;
const NO_LIMIT: number = Number.POSITIVE_INFINITY;
/** Keeps capacities positive. */
const RATE_MIN = 1e-3;
/** What is left of chance in a queue that cannot run empty. */
const SCARCE_FACTOR = 0.1;

/** Hands out connections. */
export class Pools {
  /** By service: 1 when it has calls with a bounded number of connections. */
  readonly pooled: Uint8Array;
  readonly #parts: FlowParts;
  readonly #tick: number;
  readonly #queue: FiniteQueue = new FiniteQueue();

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#tick = parts.plan.tickSeconds;
    this.pooled = new Uint8Array(parts.context.topology.services);
    for (const call of parts.context.spec.calls) if (call.connectionsMax !== null) this.pooled[call.caller] = 1;
  }

  /** One tick of the pool of a gate's row at which `rate` attempts a second ask; returns those a second that get one. */
  take(edge: number, at: number, rate: number): number {
    const gates = this.#parts.gates;
    const call = this.#parts.context.spec.calls[edge]!;
    const connections = call.connectionsMax!;
    const hold = this.#holdOf(edge, at);
    const before = gates[at + inPool]!;
    // Without waiting, all are served at once: dn/dt = rate - n / hold, implicitly.
    const free = (before + this.#tick * rate) / (1 + this.#tick / hold);
    const load = free / connections;
    gates[at + starved] = 0;
    if (gates[at + waiting] === 0 && load < 1 && connections * (load - 1 - log(load)) > UNLIKELY) {
      gates[at + inPool] = free;
      gates[at + waitSeconds] = 0;
      gates[at + waitVariance] = 0;
      return rate;
    }
    return this.#takeWaiting(at, call, rate, hold);
  }

  /** Tells each replica of a service how many requests a second its connections allow, its workers waiting for them. */
  limit(service: number): void {
    const { context, services, replicas } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const first = context.topology.replicaStart[service]!;
    const end = services[service * SERVICE_WIDTH + Service.slotEnd]!;
    for (let replica = first; replica < end; replica += 1) {
      let most = NO_LIMIT;
      for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
        const edge = items[index]!;
        if (context.spec.calls[edge]!.connectionsMax === null) continue;
        most = Math.min(most, this.#limitOf(edge, replica, service));
      }
      replicas[replica * REPLICA_WIDTH + Replica.poolRateMax] = most;
    }
    services[service * SERVICE_WIDTH + Service.equippedSeconds] = -1;
  }

  /** The callee's replicas have changed: how long attempts will be under way at least, before any has been. */
  expect(edge: number): void {
    const { plan, context, replicas, edges } = this.#parts;
    const callee = plan.callee[edge]!;
    const own = plan.serviceFacts[callee * SERVICE_FACTS + ServiceFact.serviceSeconds]!;
    const timeout = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.timeoutSeconds]!;
    let seconds = 0;
    let endpoints = 0;
    const end = context.topology.replicaStart[callee + 1]!;
    for (let replica = context.topology.replicaStart[callee]!; replica < end; replica += 1) {
      const at = replica * REPLICA_WIDTH;
      if (replicas[at + Replica.endpoint] === 0) continue;
      endpoints += 1;
      const answer = replicas[at + Replica.answer];
      const served = own * replicas[at + Replica.slowFactor]! + replicas[at + Replica.fixedSeconds]!;
      if (answer !== Answer.refuses) seconds += answer === Answer.serves ? Math.min(timeout, served) : timeout;
    }
    edges[edge * EDGE_WIDTH + Edge.holdFloor] = endpoints > 0 ? seconds / endpoints : 0;
  }

  /** All connections and who waits for them are gone with a replica. */
  drop(replica: number): void {
    const { plan, context, gates } = this.#parts;
    const service = context.topology.replicaService[replica]!;
    const { starts, items } = context.topology.callsOut;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
      const row = plan.rowStart[items[index]!]! + replica - context.topology.replicaStart[service]!;
      gates[row * GATE + inPool] = 0;
      gates[row * GATE + waiting] = 0;
    }
  }

  /**
   * Those who would wait longer than allowed find no room and give up. Where the caller's workers run out before that,
   * those for whom there is no room are the last who wait: they ask again in the next tick.
   */
  #takeWaiting(at: number, call: CallSpec, rate: number, hold: number): number {
    const gates = this.#parts.gates;
    const queue = this.#queue;
    const { step } = queue;
    const connections = call.connectionsMax!;
    const perSecond = connections / hold;
    const patience = call.connectionWaitSeconds * perSecond;
    const stay = gates[at + room]! < patience;
    const waitingBefore = gates[at + waiting]!;
    step.room = stay ? gates[at + room]! : patience;
    step.before = Math.min(gates[at + inPool]!, connections + step.room);
    const outside = gates[at + inPool]! - step.before;
    step.offered = this.#tick * rate + outside;
    step.served = this.#tick * perSecond;
    step.servers = connections;
    const factor = Math.max(0.5, gates[at + holdFactor]!);
    // Where most workers wait, the next is always there when a connection becomes free.
    const left = 2 - (2 * waitingBefore) / Math.max(1, gates[at + room]!);
    step.queueFactor = stay && left < 1 ? factor * Math.max(SCARCE_FACTOR, left) : factor;
    gates[at + logLoad] = queue.solve(gates[at + logLoad]!);
    const taken = connections * queue.utilisation;
    const queued = queue.waiting > WAIT_SECONDS_SMALL * perSecond ? queue.waiting : 0;
    const refused = step.offered * queue.refused;
    const done = step.before + step.offered - refused - taken - queued;
    // A hold that has grown leaves less room than there are: they are not new, and stay as well.
    const kept = stay ? refused : Math.min(refused, outside);
    const unsent = Math.max(0, waitingBefore + this.#tick * rate - (refused - kept));
    // Those who are under way already do not wait again, or they would be sent twice.
    const waits = Math.min(queued + kept, unsent);
    gates[at + inPool] = taken + queued + kept;
    gates[at + waiting] = waits;
    gates[at + starved] = rate > 0 ? Math.min(1, (refused - kept) / (this.#tick * rate)) : 0;
    const seconds = done > 0 ? (waits * this.#tick) / done : 0;
    this.#writeWait(at, call.connectionWaitSeconds, seconds, perSecond);
    return (unsent - waits) / this.#tick;
  }

  /** Nobody waits longer than allowed. */
  #writeWait(at: number, longest: number, seconds: number, perSecond: number): void {
    const gates = this.#parts.gates;
    const { allBusy, waitingVariance } = this.#queue;
    const wait = Math.min(longest, seconds);
    const services = wait * perSecond;
    const spread = allBusy > 0 ? allBusy * waitingVariance + services * services * (1 / allBusy - 1) : 0;
    gates[at + waitSeconds] = wait;
    gates[at + waitVariance] = Math.min(wait * (longest - wait), (services + spread) / (perSecond * perSecond));
  }

  /**
   * What the connections of a call let one replica begin. Where its workers run out before those who wait give up, no
   * more can wait than there are workers left from other work at the rate that the connections allow.
   */
  #limitOf(edge: number, replica: number, service: number): number {
    const { plan, context, gates, edges, services, replicas } = this.#parts;
    const call = context.spec.calls[edge]!;
    const at = (plan.rowStart[edge]! + replica - context.topology.replicaStart[service]!) * GATE;
    const hold = this.#holdOf(edge, at);
    const perSecond = call.connectionsMax! / hold;
    const tried = (1 - gates[at + Gate.barred]!) * (1 - gates[at + Gate.failed]!);
    const perRequest =
      plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.perRequest]! * (1 - gates[at + Gate.hitRatio]!) * tried;
    gates[at + room] = NO_LIMIT;
    if (perRequest <= 0) return NO_LIMIT;
    const differ = services[service * SERVICE_WIDTH + Service.rowsDiffer] === 1;
    const row = replica * REPLICA_WIDTH;
    const calls = differ
      ? replicas[row + Replica.callsSeconds]!
      : services[service * SERVICE_WIDTH + Service.callsSeconds]!;
    const here = perRequest * (hold + gates[at + waitSeconds]!);
    const others = Math.max(0, replicas[row + Replica.ownSeconds]! + calls - here);
    const workers = plan.serviceFacts[service * SERVICE_FACTS + ServiceFact.workers]!;
    gates[at + room] = Math.max(0, workers - call.connectionsMax! - (perSecond / perRequest) * others);
    if (gates[at + room]! >= call.connectionWaitSeconds * perSecond) return NO_LIMIT;
    const edgeAt = edge * EDGE_WIDTH;
    const retries = gates[at + Gate.share]! * (edges[edgeAt + Edge.attempts]! - edges[edgeAt + Edge.first]!);
    // Requests that begin beyond those that end fill idle workers, who wait as well: half of them, lest it overshoot.
    const idle = workers - replicas[upToDate(this.#parts, replica) * REPLICA_WIDTH + Replica.busy]!;
    const more = (gates[at + room]! - gates[at + waiting]! - Math.max(0, idle) / 2) / this.#tick;
    const most = Math.max(RATE_MIN, perSecond + more - retries * tried) / perRequest;
    return this.#demand(replica) < most ? NO_LIMIT : most;
  }

  #holdOf(edge: number, at: number): number {
    const floor = Math.max(HOLD_SECONDS_MIN, this.#parts.edges[edge * EDGE_WIDTH + Edge.holdFloor]!);
    return Math.max(floor, this.#parts.gates[at + holdSeconds]!);
  }

  /** Requests a second that a replica would begin if it could: those that arrive and those that wait. */
  #demand(replica: number): number {
    const { replicas } = this.#parts;
    const at = upToDate(this.#parts, replica) * REPLICA_WIDTH;
    const waits = replicas[at + Replica.inSystem]! - replicas[at + Replica.busy]!;
    return replicas[at + Replica.arrivals]! + waits / this.#tick;
  }
}
