/** Follows the user-facing objectives by the true totals: what was lost, for how long, and whether they hold. */

import type { StateLayout, Table } from '../base/index.ts';
import { type Cluster, copyTable, type WorkloadMeters, workloadMeters } from '../cluster/index.ts';
import type { Scenario } from '../scenario/index.ts';

/** Loss of an objective that is broken by ever so little. */
const LOSS_WHEN_BROKEN = 0.25;
/** The p99 at this multiple of its limit counts as a full loss. */
const LATENCY_RATIO_LOST = 5;
/** Refusing every user on purpose loses this much. */
const LOSS_WHEN_SHED = 0.5;

/** Truth about the objectives, one look at the end of each step. */
export class ObjectiveTracker {
  readonly #scenario: Scenario;
  readonly #before: WorkloadMeters;
  readonly #total: Table<{
    loss: 'f64';
    heldSinceMicros: 'f64';
    brokenSinceMicros: 'f64';
    brokenSeconds: 'f64';
    started: 'u8';
  }>;
  readonly #origin: WorkloadMeters;

  constructor(layout: StateLayout, scenario: Scenario) {
    const workloads = scenario.cluster.workloads.length;
    this.#scenario = scenario;
    this.#before = workloadMeters(layout, { name: 'objective', workloads });
    this.#origin = workloadMeters(layout, { name: 'contest', workloads });
    this.#total = layout.table('objectives', 1, {
      loss: 'f64',
      heldSinceMicros: 'f64',
      brokenSinceMicros: 'f64',
      brokenSeconds: 'f64',
      started: 'u8',
    });
  }

  /** Objective loss of the last step, 0 to 1. */
  get loss(): number {
    return this.#total.loss[0]!;
  }

  get held(): boolean {
    return this.#total.brokenSinceMicros[0]! < 0;
  }

  get brokenSeconds(): number {
    return this.#total.brokenSeconds[0]!;
  }

  reset(): void {
    for (const table of [this.#before, this.#origin]) {
      for (const column of Object.values<Float64Array>(table)) column.fill(0);
    }
    this.#total.loss[0] = 0;
    this.#total.heldSinceMicros[0] = 0;
    this.#total.brokenSinceMicros[0] = -1;
    this.#total.brokenSeconds[0] = 0;
  }

  /** The contest begins: what came before does not count. */
  begin(cluster: Cluster): void {
    copyTable(cluster.meters.workloads, this.#before);
    copyTable(cluster.meters.workloads, this.#origin);
    this.#total.heldSinceMicros[0] = cluster.nowMicros;
  }

  /** Seconds the objectives have held without a break; 0 while one is broken. */
  heldSeconds(nowMicros: number): number {
    return this.held ? (nowMicros - this.#total.heldSinceMicros[0]!) / 1e6 : 0;
  }

  /**
   * Judges the step that ended now. Returns seconds the objectives had been broken when they were restored in it, else 0.
   */
  observe(cluster: Cluster, stepSeconds: number): number {
    const now = cluster.nowMicros;
    const total = this.#total;
    let loss = 0;
    let broken = false;
    for (const objective of this.#scenario.objectives) {
      const window = this.window(cluster, objective.workload);
      const violation = violationOf(window, objective);
      broken ||= violation > 0;
      loss += violation + (LOSS_WHEN_SHED * window.shed) / Math.max(window.offered, 1e-9);
    }
    total.loss[0] = Math.min(1, loss / Math.max(1, this.#scenario.objectives.length));
    copyTable(cluster.meters.workloads, this.#before);
    if (broken) total.brokenSeconds[0]! += stepSeconds;
    return this.#transition(broken, now);
  }

  #transition(broken: boolean, now: number): number {
    const total = this.#total;
    const wasBroken = !this.held;
    if (broken && !wasBroken) total.brokenSinceMicros[0] = now;
    if (broken || !wasBroken) return 0;
    const seconds = (now - total.brokenSinceMicros[0]!) / 1e6;
    total.brokenSinceMicros[0] = -1;
    total.heldSinceMicros[0] = now;
    return Math.max(seconds, 1e-6);
  }

  /** What users of a workload got since the last look. */
  window(cluster: Cluster, workload: number): DoorWindow {
    return difference(cluster.meters.workloads, this.#before, workload);
  }

  /** What users of all workloads got since the contest began. */
  overall(cluster: Cluster): DoorWindow {
    const sum: DoorWindow = { offered: 0, good: 0, shed: 0, answered: 0, latencyP99Sum: 0 };
    for (let workload = 0; workload < this.#scenario.cluster.workloads.length; workload += 1) {
      const one = difference(cluster.meters.workloads, this.#origin, workload);
      sum.offered += one.offered;
      sum.good += one.good;
      sum.shed += one.shed;
    }
    return sum;
  }
}

/** Requests of a window of time. */
export interface DoorWindow {
  offered: number;
  good: number;
  shed: number;
  answered: number;
  latencyP99Sum: number;
}

function difference(a: WorkloadMeters, b: WorkloadMeters, workload: number): DoorWindow {
  return {
    offered: a.offered[workload]! - b.offered[workload]!,
    good: a.good[workload]! - b.good[workload]!,
    shed: a.shed[workload]! - b.shed[workload]!,
    answered: a.answered[workload]! - b.answered[workload]!,
    latencyP99Sum: a.latencyP99Sum[workload]! - b.latencyP99Sum[workload]!,
  };
}

/** 0 when the objective holds; else between `LOSS_WHEN_BROKEN` and 1. */
function violationOf(window: DoorWindow, objective: Scenario['objectives'][number]): number {
  const admitted = window.offered - window.shed;
  const success = admitted > 1e-9 ? window.good / admitted : 1;
  const p99 = window.answered > 1e-9 ? window.latencyP99Sum / window.answered : 0;
  const slowness = p99 / objective.latencyP99SecondsMax - 1;
  if (success >= objective.successRatioMin && slowness <= 0) return 0;
  const failed = Math.max(0, 1 - success / objective.successRatioMin);
  const slow = Math.max(0, Math.min(1, slowness / (LATENCY_RATIO_LOST - 1)));
  return LOSS_WHEN_BROKEN + (1 - LOSS_WHEN_BROKEN) * Math.max(failed, slow);
}
