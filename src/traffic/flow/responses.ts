/** How services answer: the calls of a request put together, then time and success of the replicas. Callees come first. */

import type { Outcomes } from './outcomes.ts';
import type { FlowParts } from './parts.ts';
import { Answer } from './state.ts';

/** Evaluates one service after another. */
export class Responses {
  readonly #parts: FlowParts;
  readonly #outcomes: Outcomes;

  constructor(parts: FlowParts, outcomes: Outcomes) {
    this.#parts = parts;
    this.#outcomes = outcomes;
  }

  /** Evaluates a service whose callees have been evaluated. */
  evaluate(service: number): void {
    const { flow } = this.#parts;
    this.#putCallsTogether(service);
    const representative = flow.services.representative[service]!;
    if (flow.services.rowsDiffer[service] === 1) {
      this.#putRowsTogether(service);
      flow.services.representative[service] = -1;
      this.#respondAll(service);
    } else if (representative >= 0) {
      this.#respond(representative, service);
      flow.services.responseSeconds[service] = flow.replicas.responseSeconds[representative]!;
    } else {
      this.#respondAll(service);
    }
  }

  /** Counts what users got, after the service they entered by has been evaluated. */
  evaluateUsers(workload: number): void {
    const { plan, flow, context } = this.#parts;
    const { services, workloads } = context.meters;
    const edge = plan.calls + workload;
    const callee = plan.callee[edge]!;
    const answered = services.answered[callee]!;
    const latencySum = services.latencySum[callee]!;
    const latencyP99Sum = services.latencyP99Sum[callee]!;
    this.#outcomes.evaluate(edge);
    const offered = flow.workloads.offered[workload]! * plan.tickSeconds;
    workloads.offered[workload]! += offered;
    workloads.shed[workload]! += offered * flow.workloads.shedRatio[workload]!;
    workloads.good[workload]! += flow.edges.first[edge]! * plan.tickSeconds * flow.edges.success[edge]!;
    workloads.answered[workload]! += services.answered[callee]! - answered;
    workloads.latencySum[workload]! += services.latencySum[callee]! - latencySum;
    workloads.latencyP99Sum[workload]! += services.latencyP99Sum[callee]! - latencyP99Sum;
  }

  #putCallsTogether(service: number): void {
    const { plan, flow, context } = this.#parts;
    const { starts, items } = context.topology.callsOut;
    const { services, edges } = flow;
    let seconds = 0;
    let variance = 0;
    let success = 1;
    let rowsDiffer = 0;
    for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
      const edge = items[index]!;
      this.#outcomes.evaluate(edge);
      if (edges.disturbed[edge] === 1) rowsDiffer = 1;
      const each = edges.seconds[edge]!;
      seconds += plan.perRequest[edge]! * each;
      variance += plan.perRequest[edge]! * edges.variance[edge]! + plan.perRequestVariance[edge]! * each * each;
      if (edges.success[edge]! < 1) success *= this.#allSucceed(edge, edges.success[edge]!);
    }
    services.callsSeconds[service] = seconds;
    services.callsVariance[service] = variance;
    services.callsSuccess[service] = success;
    services.rowsDiffer[service] = rowsDiffer;
  }

  /** The same for each replica of a caller with disturbed edges. */
  #putRowsTogether(service: number): void {
    const { plan, flow, context } = this.#parts;
    const { replicas, rows, edges } = flow;
    const { starts, items } = context.topology.callsOut;
    const first = context.topology.replicaStart[service]!;
    for (let replica = first; replica < flow.services.slotEnd[service]!; replica += 1) {
      let seconds = 0;
      let variance = 0;
      let success = 1;
      for (let index = starts[service]!; index < starts[service + 1]!; index += 1) {
        const edge = items[index]!;
        const differs = edges.disturbed[edge] === 1;
        const calls = differs ? rows : edges;
        const at = differs ? plan.rowStart[edge]! + replica - first : edge;
        const each = calls.seconds[at]!;
        seconds += plan.perRequest[edge]! * each;
        variance += plan.perRequest[edge]! * calls.variance[at]! + plan.perRequestVariance[edge]! * each * each;
        success *= this.#allSucceed(edge, calls.success[at]!);
      }
      replicas.callsSeconds[replica] = seconds;
      replicas.callsVariance[replica] = variance;
      replicas.callsSuccess[replica] = success;
    }
  }

  /** Chance that all calls of one request over an edge succeed, or 1 where the caller can do without. */
  #allSucceed(edge: number, success: number): number {
    const { plan } = this.#parts;
    if (plan.required[edge] === 0) return 1;
    let all = 1 - plan.perRequestPart[edge]! * (1 - success);
    for (let call = 0; call < plan.perRequestWhole[edge]!; call += 1) all *= success;
    return all;
  }

  #respondAll(service: number): void {
    const { flow, context } = this.#parts;
    const { answer, endpoint, responseSeconds } = flow.replicas;
    let sum = 0;
    let count = 0;
    for (
      let replica = context.topology.replicaStart[service]!;
      replica < flow.services.slotEnd[service]!;
      replica += 1
    ) {
      if (answer[replica] !== Answer.serves || endpoint[replica] === 0) continue;
      this.#respond(replica, service);
      sum += responseSeconds[replica]!;
      count += 1;
    }
    flow.services.responseSeconds[service] = count > 0 ? sum / count : 0;
  }

  #respond(replica: number, service: number): void {
    const { plan, flow } = this.#parts;
    const { replicas, services } = flow;
    const differ = services.rowsDiffer[service] === 1;
    const calls = differ ? replicas : services;
    const at = differ ? replica : service;
    const own = replicas.ownSeconds[replica]!;
    const errors = 1 - (1 - replicas.errorRatio[replica]!) * (1 - replicas.diskErrorRatio[replica]!);
    replicas.responseSeconds[replica] = replicas.waitSeconds[replica]! + own + calls.callsSeconds[at]!;
    replicas.responseVariance[replica] =
      replicas.waitVariance[replica]! + plan.variationSquare[service]! * own * own + calls.callsVariance[at]!;
    replicas.responseSuccess[replica] = (1 - errors) * calls.callsSuccess[at]!;
  }
}
