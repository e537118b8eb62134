/**
 * The `flow` engine: requests as a fluid on a fixed grid of ticks. A tick goes forward from users to the last callee
 * (what arrives where, how long queues get), then back (how long answers take, what fails, what is tried again).
 */

import type { StateLayout } from '../../base/index.ts';
import type { TrafficContext, TrafficEngine, TrafficFactory } from '../../cluster/index.ts';
import { leaveCalm, leaveCalmAll, upToDate } from './calm.ts';
import { refreshConditions } from './conditions.ts';
import { Demand } from './demand.ts';
import { Gates } from './gates.ts';
import { Cut, cutLatency, prepareLatencyTables } from './latency.ts';
import { Links } from './links.ts';
import { NodeShares } from './node-shares.ts';
import { Outcomes } from './outcomes.ts';
import { FlowParts } from './parts.ts';
import { Paths } from './paths.ts';
import { flowPlan } from './plan.ts';
import { Responses } from './responses.ts';
import { Retries } from './retries.ts';
import { Answer, REPLICA_WIDTH, Replica, SERVICE_FACTS, SERVICE_WIDTH, Service, ServiceFact } from './rows.ts';
import { Sending } from './sending.ts';
import { clearFlowState, flowState } from './state.ts';
import { Stations } from './stations.ts';
import { Storage } from './storage.ts';
import { markSwift, SwiftServices } from './swift-services.ts';

/** Makes the fluid engine. */
export const createFlowTraffic: TrafficFactory = (layout, context) => new FlowTraffic(layout, context, true);

/** Makes the fluid engine with an even stream of users, to compare with theory. */
export const createEvenFlowTraffic: TrafficFactory = (layout, context) => new FlowTraffic(layout, context, false);

class FlowTraffic implements TrafficEngine {
  readonly name: string = 'flow';
  readonly #parts: FlowParts;
  readonly #demand: Demand;
  readonly #paths: Paths;
  readonly #links: Links;
  readonly #nodes: NodeShares;
  readonly #storage: Storage;
  readonly #stations: Stations;
  readonly #gates: Gates;
  readonly #sending: Sending;
  readonly #outcomes: Outcomes;
  readonly #responses: Responses;
  readonly #swift: SwiftServices;
  readonly #cut: Float64Array = new Float64Array(3);

  constructor(layout: StateLayout, context: TrafficContext, swings: boolean) {
    prepareLatencyTables();
    const plan = flowPlan(context.spec, context.topology);
    const parts = new FlowParts(plan, flowState(layout, context.topology, plan), context);
    const retries = new Retries(parts);
    this.#parts = parts;
    this.#demand = new Demand(layout, parts, swings);
    this.#paths = new Paths(parts);
    this.#links = new Links(parts);
    this.#nodes = new NodeShares(parts);
    this.#storage = new Storage(parts);
    this.#stations = new Stations(parts);
    this.#gates = new Gates(parts, retries);
    this.#sending = new Sending(parts, retries, this.#gates);
    this.#outcomes = new Outcomes(parts, retries);
    this.#responses = new Responses(parts, this.#outcomes, this.#gates.pools);
    this.#swift = new SwiftServices(parts, this.#stations, this.#sending, this.#outcomes);
  }

  /** Starts with empty queues at time 0. */
  reset(seed: number | string): void {
    const { flow } = this.#parts;
    clearFlowState(flow);
    this.#parts.bind();
    flow.clock.conditionsStale[0] = 1;
    const services = this.#parts.services;
    for (let at = Service.representative; at < services.length; at += SERVICE_WIDTH) services[at] = -1;
    const replicas = this.#parts.replicas;
    for (let at = Replica.poolRateMax; at < replicas.length; at += REPLICA_WIDTH)
      replicas[at] = Number.POSITIVE_INFINITY;
    this.#demand.seed(seed);
  }

  reseed(seed: number | string): void {
    this.#demand.seed(seed);
  }

  advance(toMicros: number): void {
    const { plan, flow } = this.#parts;
    while ((flow.clock.ticks[0]! + 1) * plan.tickMicros <= toMicros) this.#tick();
  }

  dropReplica(replica: number): void {
    leaveCalm(this.#parts, this.#parts.context.topology.replicaService[replica]!);
    const row = this.#parts.replicas;
    row[replica * REPLICA_WIDTH + Replica.inSystem] = 0;
    row[replica * REPLICA_WIDTH + Replica.busy] = 0;
    this.#gates.pools.drop(replica);
  }

  /** A probe waits in the queue like a request, but makes no calls. */
  probeTimeoutProbability(replica: number, timeoutSeconds: number): number {
    const { plan, context } = this.#parts;
    const row = this.#parts.replicas;
    if (row[replica * REPLICA_WIDTH + Replica.answer] !== Answer.serves) return 0;
    const at = upToDate(this.#parts, replica) * REPLICA_WIDTH;
    const own = row[at + Replica.ownSeconds]!;
    const facts = context.topology.replicaService[replica]! * SERVICE_FACTS;
    const varied = own - row[at + Replica.fixedSeconds]!;
    const spread = plan.serviceFacts[facts + ServiceFact.variationSquare]! * varied * varied;
    const variance = row[at + Replica.waitVariance]! + spread;
    cutLatency(row[at + Replica.waitSeconds]! + own, variance, timeoutSeconds, this.#cut);
    const refused = row[at + Replica.refusedRatio]!;
    return refused + (1 - refused) * this.#cut[Cut.beyond]!;
  }

  inSystem(replica: number): number {
    return this.#parts.replicas[upToDate(this.#parts, replica) * REPLICA_WIDTH + Replica.inSystem]!;
  }

  #tick(): void {
    const { flow, context } = this.#parts;
    const { callerFirst } = context.topology;
    const workloads = context.spec.workloads.length;
    flow.clock.ticks[0]! += 1;
    this.#observe();
    this.#demand.draw();
    for (let workload = 0; workload < workloads; workload += 1)
      this.#sending.sendUsers(this.#parts.plan.calls + workload);
    const count = callerFirst.length;
    for (let index = this.#swift.forward(0); index < count; index = this.#swift.forward(index + 1)) {
      this.#forward(callerFirst[index]!);
    }
    for (let index = this.#swift.backward(count - 1); index >= 0; index = this.#swift.backward(index - 1)) {
      this.#responses.evaluate(callerFirst[index]!);
    }
    for (let workload = 0; workload < workloads; workload += 1) this.#responses.evaluateUsers(workload);
    this.#outcomes.countSound();
    this.#stations.meter();
    this.#nodes.meter();
    this.#links.finish();
    this.#storage.finish();
  }

  /** Takes in what has changed since the last tick, and clears what this tick adds up. */
  #observe(): void {
    const { flow, context } = this.#parts;
    const { clock } = flow;
    const routesChanged = context.state.global.routesStale[0] === 1 || clock.ticks[0] === 1;
    context.routes.refresh();
    const changed = context.effects.takeChanged() || routesChanged || clock.conditionsStale[0] === 1;
    if (changed) {
      leaveCalmAll(this.#parts);
      refreshConditions(this.#parts);
      this.#gates.refresh();
      this.#links.update();
      if (routesChanged) this.#paths.refreshAll();
    }
    const edgesChanged = changed || clock.disturbedStale[0]! + clock.plainStale[0]! > 0;
    if (clock.disturbedStale[0] === 1) this.#paths.markDisturbed();
    else if (clock.plainStale[0] === 1) this.#paths.markPlain();
    if (edgesChanged) markSwift(this.#parts);
    if (clock.delaysStale[0] === 1) this.#paths.refreshDelays();
    this.#nodes.update();
    this.#storage.prepare();
    this.#sending.clear();
  }

  #forward(service: number): void {
    const { starts } = this.#parts.context.topology.callsOut;
    this.#stations.step(service);
    if (starts[service] === starts[service + 1]) return;
    if (this.#parts.services[service * SERVICE_WIDTH + Service.calm] === 0) this.#paths.follow(service);
    this.#sending.sendCalls(service);
  }
}
