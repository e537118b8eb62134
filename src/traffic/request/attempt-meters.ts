/** What meters, breakers and exact counts see of attempts, each at the moment it happens. */

import type { TrafficContext } from '../../cluster/index.ts';
import type { Guards } from './guards.ts';
import type { LatencyMeter } from './latency-meter.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE_FACTS, EdgeFact } from './rows.ts';
import type { RequestState } from './state.ts';

/** Counts attempts; ports are callers' ports, -1 for users. */
export class AttemptMeters {
  readonly #plan: RequestPlan;
  readonly #state: RequestState;
  readonly #context: TrafficContext;
  readonly #latencies: LatencyMeter;
  readonly #guards: Guards;

  constructor(
    plan: RequestPlan,
    state: RequestState,
    context: TrafficContext,
    parts: { readonly latencies: LatencyMeter; readonly guards: Guards },
  ) {
    this.#plan = plan;
    this.#state = state;
    this.#context = context;
    this.#latencies = parts.latencies;
    this.#guards = parts.guards;
  }

  /** An attempt begins. */
  begin(edge: number): void {
    this.#context.meters.services.requests[this.#calleeOf(edge)]! += 1;
    this.#state.counts.attempts[edge]! += 1;
  }

  /** An answer has come, right or wrong. */
  answer(edge: number, micros: number): void {
    const { services } = this.#context.meters;
    const callee = this.#calleeOf(edge);
    services.answered[callee]! += 1;
    services.latencySum[callee]! += micros / 1e6;
    this.#latencies.add(callee, micros);
  }

  /** The same for a user. */
  answerUser(edge: number, micros: number, good: boolean): void {
    const { workloads } = this.#context.meters;
    const workload = edge - this.#plan.calls;
    workloads.answered[workload]! += 1;
    workloads.latencySum[workload]! += micros / 1e6;
    if (good) workloads.good[workload]! += 1;
    this.#latencies.add(this.#context.topology.services + workload, micros);
  }

  /** An attempt has succeeded. */
  succeed(edge: number, port: number): void {
    this.#state.counts.succeeded[edge]! += 1;
    this.#endUser(edge);
    this.#guards.count(edge, port, false);
  }

  /** An attempt has failed: by an error, a refusal, a time-out. */
  fail(edge: number, replica: number, port: number): void {
    const { services, replicas } = this.#context.meters;
    this.#state.counts.failed[edge]! += 1;
    this.#endUser(edge);
    services.failures[this.#calleeOf(edge)]! += 1;
    if (replica >= 0) replicas.failures[replica]! += 1;
    this.#guards.count(edge, port, true);
  }

  /** Users count once their outcome is known, so that in any window the good ones are a share of the offered ones. */
  #endUser(edge: number): void {
    if (edge >= this.#plan.calls) this.#context.meters.workloads.offered[edge - this.#plan.calls]! += 1;
  }

  #calleeOf(edge: number): number {
    return this.#plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.callee]!;
  }
}
