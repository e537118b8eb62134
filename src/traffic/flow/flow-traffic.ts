/**
 * The `flow` engine: requests as a fluid on a fixed grid of ticks. A tick goes forward from users to the last callee
 * (what arrives where, how long queues get), then back (how long answers take, what fails, what is tried again).
 */

import type { StateLayout } from '../../base/index.ts';
import type { TrafficContext, TrafficEngine, TrafficFactory } from '../../cluster/index.ts';
import { refreshConditions } from './conditions.ts';
import { Demand } from './demand.ts';
import { Cut, cutLatency } from './latency.ts';
import { Links } from './links.ts';
import { NodeShares } from './node-shares.ts';
import { Outcomes } from './outcomes.ts';
import type { FlowParts } from './parts.ts';
import { Paths } from './paths.ts';
import { flowPlan } from './plan.ts';
import { Responses } from './responses.ts';
import { Retries } from './retries.ts';
import { Sending } from './sending.ts';
import { Answer, clearFlowState, flowState } from './state.ts';
import { Stations } from './stations.ts';
import { Storage } from './storage.ts';

/** Makes the fluid engine, with the noise of real traffic. */
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
  readonly #sending: Sending;
  readonly #responses: Responses;
  readonly #cut: Float64Array = new Float64Array(3);

  constructor(layout: StateLayout, context: TrafficContext, noise: boolean) {
    const plan = flowPlan(context.spec, context.topology);
    const parts = { plan, flow: flowState(layout, context.topology, plan), context };
    const retries = new Retries(parts);
    this.#parts = parts;
    this.#demand = new Demand(layout, parts, noise);
    this.#paths = new Paths(parts);
    this.#links = new Links(parts);
    this.#nodes = new NodeShares(parts);
    this.#storage = new Storage(parts);
    this.#stations = new Stations(parts);
    this.#sending = new Sending(parts, retries);
    this.#responses = new Responses(parts, new Outcomes(parts, retries));
  }

  /** Starts with empty queues at time 0. */
  reset(seed: number | string): void {
    const { flow } = this.#parts;
    clearFlowState(flow);
    flow.clock.conditionsStale[0] = 1;
    flow.services.representative.fill(-1);
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
    const { inSystem, busy } = this.#parts.flow.replicas;
    inSystem[replica] = 0;
    busy[replica] = 0;
  }

  /** A probe waits in the queue like a request, but makes no calls. */
  probeTimeoutProbability(replica: number, timeoutSeconds: number): number {
    const { plan, flow, context } = this.#parts;
    const { answer, refusedRatio, waitSeconds, waitVariance, ownSeconds } = flow.replicas;
    if (answer[replica] !== Answer.serves) return 0;
    const own = ownSeconds[replica]!;
    const variation = plan.variationSquare[context.topology.replicaService[replica]!]!;
    const variance = waitVariance[replica]! + variation * own * own;
    cutLatency(waitSeconds[replica]! + own, variance, timeoutSeconds, this.#cut);
    const refused = refusedRatio[replica]!;
    return refused + (1 - refused) * this.#cut[Cut.beyond]!;
  }

  inSystem(replica: number): number {
    return this.#parts.flow.replicas.inSystem[replica]!;
  }

  #tick(): void {
    const { flow, context } = this.#parts;
    const { callerFirst } = context.topology;
    const workloads = context.spec.workloads.length;
    flow.clock.ticks[0]! += 1;
    this.#observe();
    this.#demand.draw();
    for (let workload = 0; workload < workloads; workload += 1) this.#sending.send(this.#parts.plan.calls + workload);
    for (let index = 0; index < callerFirst.length; index += 1) this.#forward(callerFirst[index]!);
    for (let index = callerFirst.length - 1; index >= 0; index -= 1) this.#responses.evaluate(callerFirst[index]!);
    for (let workload = 0; workload < workloads; workload += 1) this.#responses.evaluateUsers(workload);
    this.#links.meter();
    this.#storage.finish();
  }

  /** Takes in what has changed since the last tick, and clears what this tick adds up. */
  #observe(): void {
    const { flow, context } = this.#parts;
    const routesChanged = context.state.global.routesStale[0] === 1;
    const first = flow.clock.ticks[0] === 1;
    context.routes.refresh();
    if (context.effects.takeChanged() || routesChanged || flow.clock.conditionsStale[0] === 1) {
      refreshConditions(this.#parts);
    }
    if (routesChanged || first) this.#paths.refreshAll();
    if (this.#links.update()) this.#paths.markDisturbed();
    this.#nodes.update();
    this.#storage.prepare();
    flow.replicas.arrivals.fill(0);
    flow.links.callBytes.fill(0);
    context.state.nodes.cpuUsedCores.fill(0);
  }

  #forward(service: number): void {
    const { starts } = this.#parts.context.topology.callsOut;
    this.#stations.step(service);
    if (starts[service] === starts[service + 1]) return;
    this.#paths.follow(service);
    this.#sending.sendCalls(service);
  }
}
