/**
 * Users: Poisson arrivals at a rate that swings slowly, the swing from the same streams as the flow engine's. It is drawn
 * anew at every tick; arrivals have no memory, so that each tick may begin with a fresh draw.
 */

import { exp, log, RandomStreams, type StateLayout } from '../../base/index.ts';
import type { TrafficContext } from '../../cluster/index.ts';
import type { EventHeap } from './event-heap.ts';
import type { RequestPlan } from './plan.ts';
import type { RequestState } from './state.ts';

/** Draws users' arrivals. */
export class Demand {
  readonly #state: RequestState;
  readonly #context: TrafficContext;
  readonly #heap: EventHeap;
  readonly #streams: RandomStreams;
  readonly #firstPayload: number;
  /** How much of a swing is left after a tick, its innovation, and the mean correction of the log-normal rate. */
  readonly #swingKept: Float64Array;
  readonly #swingNew: Float64Array;
  readonly #swingMean: Float64Array;

  /** Arrivals of workload k go to the heap as `firstPayload - k`. */
  constructor(layout: StateLayout, parts: DemandParts, firstPayload: number) {
    const { workloads, tickSeconds } = parts.context.spec;
    this.#state = parts.state;
    this.#context = parts.context;
    this.#heap = parts.heap;
    this.#firstPayload = firstPayload;
    const names = workloads.flatMap(({ name }) => [`workload/${name}/arrivals`, `workload/${name}/swing`]);
    this.#streams = new RandomStreams(layout, names, 'request.users');
    const logVariance = workloads.map(({ swingRatio }) => log(1 + swingRatio * swingRatio));
    this.#swingKept = Float64Array.from(workloads, ({ swingSeconds }) =>
      swingSeconds > 0 ? exp(-tickSeconds / swingSeconds) : 0,
    );
    this.#swingNew = this.#swingKept.map((kept, index) => Math.sqrt((1 - kept * kept) * logVariance[index]!));
    this.#swingMean = Float64Array.from(logVariance, (variance) => -variance / 2);
  }

  /** Starts the streams anew. */
  seed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** A tick begins: draws each workload's rate, and its first arrival. */
  beginTick(nowMicros: number): void {
    const { perMicro } = this.#state.demand;
    const { serviceSurge } = this.#context.effects.values;
    const { workloads } = this.#context.spec;
    for (let workload = 0; workload < workloads.length; workload += 1) {
      const { service, requestsPerSecond } = workloads[workload]!;
      perMicro[workload] = (requestsPerSecond * serviceSurge[service]! * this.#swing(workload)) / 1e6;
      this.scheduleNext(workload, nowMicros);
    }
  }

  /** Schedules the next arrival if it falls into this tick. */
  scheduleNext(workload: number, nowMicros: number): void {
    const rate = this.#state.demand.perMicro[workload]!;
    if (!(rate > 0)) return;
    const at = nowMicros + Math.floor(this.#streams.exponential(2 * workload) / rate + 0.5);
    if (at < this.#state.clock.tickMicros[0]!) this.#heap.push(at, this.#firstPayload - workload);
  }

  /** Whether a user is refused at the door. */
  isShed(workload: number): boolean {
    const shed = this.#context.effects.values.serviceShed[this.#context.spec.workloads[workload]!.service]!;
    if (shed <= 0) return false;
    return this.#streams.uniform(2 * workload) < shed;
  }

  #swing(workload: number): number {
    const { logSwing } = this.#state.demand;
    if (this.#swingNew[workload] === 0) return 1;
    const innovation = this.#swingNew[workload]! * this.#streams.normal(2 * workload + 1);
    const swing = this.#swingKept[workload]! * logSwing[workload]! + innovation;
    logSwing[workload] = swing;
    return exp(swing + this.#swingMean[workload]!);
  }
}

interface DemandParts {
  readonly plan: RequestPlan;
  readonly state: RequestState;
  readonly context: TrafficContext;
  readonly heap: EventHeap;
}
