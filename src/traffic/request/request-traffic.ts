/**
 * The `request` engine: every request is an entity with arrival, queue, service, calls, time-out and retries, and time
 * jumps from event to event. For final evaluation, replay and trust, where the `flow` engine is for training.
 */

import type { StateLayout } from '../../base/index.ts';
import { Answer, type TrafficContext, type TrafficEngine } from '../../cluster/index.ts';
import { refreshConditions } from './conditions.ts';
import { createParts } from './create-parts.ts';
import { Demand } from './demand.ts';
import { dropReplica } from './drop-replica.ts';
import type { RequestParts } from './parts.ts';
import { requestPlan } from './plan.ts';
import { waitBeyond } from './probe-wait.ts';
import { type RequestCounts, StateCounts } from './request-counts.ts';
import { Field, LOAD, Load, ROW, STATION, Stage, Station } from './rows.ts';
import { clearRequestState } from './state.ts';

/** The engine behind the port, with its exact counts. */
export interface RequestTraffic extends TrafficEngine {
  readonly counts: RequestCounts;
}

/** Makes the request engine. */
export function createRequestTraffic(layout: StateLayout, context: TrafficContext): RequestTraffic {
  return new DiscreteTraffic(layout, context);
}

class DiscreteTraffic implements RequestTraffic {
  readonly name: string = 'request';
  readonly counts: RequestCounts;
  readonly #parts: RequestParts;
  readonly #demand: Demand;
  /** Payloads of the heap that are no entities: edges, callers' ports, workloads, the tick. */
  readonly #firstPort: number;
  readonly #firstUser: number;
  readonly #tick: number;
  readonly #portEdge: Int32Array;

  constructor(layout: StateLayout, context: TrafficContext) {
    const { spec, topology } = context;
    const plan = requestPlan(spec, topology);
    const workloads = spec.workloads.length;
    this.#firstPort = -1 - plan.edges;
    this.#firstUser = this.#firstPort - topology.callerPorts;
    this.#tick = this.#firstUser - workloads;
    this.#portEdge = portEdges(topology.callerPortStart, topology.callerPorts);
    this.#parts = createParts(layout, context, { plan, heapCapacity: plan.entitiesMax - this.#tick + 1 });
    this.#demand = new Demand(layout, this.#parts, this.#firstUser);
    this.counts = new StateCounts(this.#parts.state, plan.entitiesMax, (replica) => this.inSystem(replica));
  }

  /** Starts empty at time 0. */
  reset(seed: number | string): void {
    const { state, heap, pool, latencies, deadlines, connections, stations, network, disks, hosts } = this.#parts;
    clearRequestState(state);
    for (const part of [heap, pool, latencies, deadlines, connections, stations]) {
      part.bind();
      part.clear();
    }
    for (const part of [this.#parts.balancer, this.#parts.attempts, this.#parts.calls]) part.bind();
    network.reset(seed);
    disks.reset(seed);
    hosts.reset();
    this.#parts.streams.seed(seed);
    this.#demand.seed(seed);
    state.clock.conditionsStale[0] = 1;
    heap.push(0, this.#tick);
  }

  reseed(seed: number | string): void {
    this.#parts.streams.seed(seed);
    this.#parts.network.reseed(seed);
    this.#parts.disks.reseed(seed);
    this.#demand.seed(seed);
  }

  advance(toMicros: number): void {
    const { heap, state, network, disks, hosts } = this.#parts;
    this.#parts.nowMicros = state.clock.nowMicros[0]!;
    this.#observe();
    let events = 0;
    while (heap.take(toMicros)) {
      this.#parts.nowMicros = heap.micros;
      events += this.#happen(heap.payload);
    }
    heap.settle();
    state.clock.events[0]! += events;
    state.clock.nowMicros[0] = toMicros;
    this.#parts.nowMicros = toMicros;
    network.settle(toMicros);
    disks.settle(toMicros);
    hosts.settle(toMicros);
    this.#meterInside(toMicros);
  }

  dropReplica(replica: number): void {
    this.#parts.nowMicros = this.#parts.state.clock.nowMicros[0]!;
    dropReplica(this.#parts, replica);
  }

  /** A probe waits in the queue like a request, but makes no calls. */
  probeTimeoutProbability(replica: number, timeoutSeconds: number): number {
    const { state, context } = this.#parts;
    const stations = state.stations.value;
    const at = replica * STATION;
    if (stations[at + Station.answer] !== Answer.serves) return 0;
    const inside = stations[at + Station.inSystem]!;
    const workers = stations[at + Station.workers]!;
    if (inside >= stations[at + Station.inSystemMax]!) return 1;
    const own = state.loads.value[replica * LOAD + Load.ownMicros]! / 1e6;
    const { serviceTimeCv } = context.spec.services[context.topology.replicaService[replica]!]!;
    // Each of those ahead leaves after a share of the time that workers are held.
    const ahead = Math.max(0, inside - workers + 1);
    const each = state.loads.value[replica * LOAD + Load.holdSeconds]! / workers;
    const mean = ahead * each + own;
    return waitBeyond(
      { mean, variance: ahead * each * each + own * own * serviceTimeCv * serviceTimeCv },
      timeoutSeconds,
    );
  }

  inSystem(replica: number): number {
    return this.#parts.state.stations.value[replica * STATION + Station.inSystem]!;
  }

  /** Takes in what the control plane has changed since the last time. */
  #observe(): void {
    const { context, state } = this.#parts;
    const routesChanged = context.state.global.routesStale[0] === 1;
    context.routes.refresh();
    const effectsChanged = context.effects.takeChanged();
    if (!effectsChanged && !routesChanged && state.clock.conditionsStale[0] === 0) return;
    state.clock.conditionsStale[0] = 0;
    refreshConditions(this.#parts);
  }

  /** One event; returns how many things happened by it. */
  #happen(payload: number): number {
    const { attempts, calls } = this.#parts;
    if (payload >= 0) {
      this.#move(payload);
      return 1;
    }
    if (payload > this.#firstPort) return attempts.timeOut(-1 - payload);
    if (payload > this.#firstUser) {
      const port = this.#firstPort - payload;
      return calls.endWait(this.#portEdge[port]!, port);
    }
    if (payload === this.#tick) this.#passTick();
    else this.#welcome(this.#firstUser - payload);
    return 1;
  }

  /** What an entity waited for has come. */
  #move(entity: number): void {
    const { attempts, calls, stations, state } = this.#parts;
    switch (state.entities.value[entity * ROW + Field.stage]) {
      case Stage.travelling:
        stations.arrive(entity);
        return;
      case Stage.working:
        calls.proceed(entity);
        return;
      case Stage.answering:
        attempts.receive(entity);
        return;
      case Stage.pausing:
        calls.tryAgain(entity);
        return;
      case Stage.connecting:
        calls.connected(entity);
        return;
      default:
        attempts.endLinger(entity);
    }
  }

  /** A user comes. */
  #welcome(workload: number): void {
    const { plan, attempts, context, nowMicros } = this.#parts;
    const { workloads } = context.meters;
    if (this.#demand.isShed(workload)) {
      workloads.offered[workload]! += 1;
      workloads.shed[workload]! += 1;
    } else attempts.admit(plan.calls + workload);
    this.#demand.scheduleNext(workload, nowMicros);
  }

  /** The grid on which rates of users, shares of cores and windows of latency change. */
  #passTick(): void {
    const { plan, state, network, disks, hosts, budgets, heap, nowMicros } = this.#parts;
    const next = nowMicros + plan.tickMicros;
    state.clock.tickMicros[0] = next;
    network.settle(nowMicros);
    disks.settle(nowMicros);
    hosts.settle(nowMicros);
    budgets.averageRates();
    this.#meterLatencies(nowMicros);
    this.#demand.beginTick(nowMicros);
    heap.push(next, this.#tick);
  }

  #meterLatencies(nowMicros: number): void {
    const { latencies, context } = this.#parts;
    const { services, workloads } = context.meters;
    const count = context.topology.services;
    for (let service = 0; service < count; service += 1) {
      services.latencyP99Sum[service]! += latencies.credit(service);
    }
    for (let workload = 0; workload < context.spec.workloads.length; workload += 1) {
      workloads.latencyP99Sum[workload]! += latencies.credit(count + workload);
    }
    latencies.turn(nowMicros);
  }

  /** The integral of the number inside: leaving minus arrival times of those gone, now minus arrival of the others. */
  #meterInside(nowMicros: number): void {
    const { inSystemSeconds } = this.#parts.context.meters.replicas;
    const loads = this.#parts.state.loads.value;
    for (let replica = 0; replica < inSystemSeconds.length; replica += 1) {
      const balance = loads[replica * LOAD + Load.balanceMicros]!;
      inSystemSeconds[replica] = (balance + this.inSystem(replica) * nowMicros) / 1e6;
    }
  }
}

function portEdges(starts: Int32Array, ports: number): Int32Array {
  const edges = new Int32Array(ports);
  for (let edge = 0; edge + 1 < starts.length; edge += 1) edges.fill(edge, starts[edge], starts[edge + 1]);
  return edges;
}
