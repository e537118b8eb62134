/**
 * Requests that users send: a slowly swinging rate, less those shed at the door. That arrivals are random is part of the
 * curves by which queues grow; noise on top would count it twice.
 */

import { exp, log, RandomStreams, type StateLayout } from '../../base/index.ts';
import type { ClusterSpec } from '../../cluster/index.ts';
import type { FlowParts } from './parts.ts';
import { EDGE_WIDTH, Edge } from './rows.ts';

/** Draws the demand of every workload; the swing can be left out, to compare with theory. */
export class Demand {
  readonly #parts: FlowParts;
  readonly #streams: RandomStreams;
  readonly #swings: boolean;
  /** How much of a swing is left after a tick, its innovation, and the mean correction of the log-normal rate. */
  readonly #swingKept: Float64Array;
  readonly #swingNew: Float64Array;
  readonly #swingMean: Float64Array;
  readonly #rates: Float64Array;

  constructor(layout: StateLayout, parts: FlowParts, swings: boolean) {
    const { workloads, tickSeconds } = parts.context.spec;
    this.#parts = parts;
    this.#streams = new RandomStreams(layout, streamNames(parts.context.spec), 'flow.random');
    this.#swings = swings;
    const logVariance = workloads.map(({ swingRatio }) => log(1 + swingRatio * swingRatio));
    this.#swingKept = Float64Array.from(workloads, ({ swingSeconds }) =>
      swingSeconds > 0 ? exp(-tickSeconds / swingSeconds) : 0,
    );
    this.#swingNew = this.#swingKept.map((kept, index) => Math.sqrt((1 - kept * kept) * logVariance[index]!));
    this.#swingMean = Float64Array.from(logVariance, (variance) => -variance / 2);
    this.#rates = Float64Array.from(workloads, (workload) => workload.requestsPerSecond);
  }

  /** Starts the streams anew. */
  seed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** Draws a tick: sets each workload's offered rate and the first attempts of its edge. */
  draw(): void {
    const { plan, flow, context } = this.#parts;
    const { offered, shedRatio } = flow.workloads;
    const { serviceSurge, serviceShed } = context.effects.values;
    for (let workload = 0; workload < this.#rates.length; workload += 1) {
      const edge = plan.calls + workload;
      const surge = serviceSurge[plan.callee[edge]!]!;
      offered[workload] = surge * (this.#swings ? this.#swingingRate(workload) : this.#rates[workload]!);
      shedRatio[workload] = serviceShed[plan.callee[edge]!]!;
      this.#parts.edges[edge * EDGE_WIDTH + Edge.first] = offered[workload]! * (1 - shedRatio[workload]!);
    }
  }

  #swingingRate(workload: number): number {
    const { logSwing } = this.#parts.flow.workloads;
    if (this.#swingNew[workload] === 0) return this.#rates[workload]!;
    const innovation = this.#swingNew[workload]! * this.#streams.normal(workload);
    const swing = this.#swingKept[workload]! * logSwing[workload]! + innovation;
    logSwing[workload] = swing;
    return this.#rates[workload]! * exp(swing + this.#swingMean[workload]!);
  }
}

function streamNames(spec: ClusterSpec): string[] {
  return spec.workloads.map(({ name }) => `workload/${name}/swing`);
}
