/** Writes observations: component features once for both roles, then what each role alone may see. */

import { type Cluster, type ComponentKind, componentAt, signalColumn, signalNames } from '../cluster/index.ts';
import type { Topology } from '../contract/index.ts';
import { repairVerbs } from '../repairs/index.ts';
import type { Contest } from './contest.ts';
import { changingSignals } from './features.ts';
import { SCORES, writeScores } from './scores.ts';

const WIDTH = signalNames.length;
const STATIC = 8;
const AGE_SECONDS_FULL = 60;
const RECENCY_SECONDS = 300;
/** Faults on one component that count as full. */
const FAULTS_FULL = 3;
const changeColumns = Int32Array.from(changingSignals, (name) => signalColumn[name]);

/** Encodes component features; allocates nothing after construction. */
export class ComponentEncoder {
  /** Features order sees per component, and those chaos sees. */
  readonly orderWidth: number;
  readonly chaosWidth: number;

  readonly #contest: Contest;
  readonly #kinds: readonly ComponentKind[];
  readonly #dependents: Neighbours;
  readonly #dependencies: Neighbours;
  readonly #static: Float32Array;
  readonly #scores: Float32Array;

  constructor(contest: Contest, topology: Topology) {
    this.#contest = contest;
    this.#kinds = topology.components.map((_, component) => componentAt(contest.cluster.topology, component).kind);
    this.#dependents = neighbours(topology.dependents);
    this.#dependencies = neighbours(topology.dependencies);
    this.#static = staticFeatures(contest.cluster, topology);
    this.#scores = new Float32Array(topology.components.length * SCORES);
    this.orderWidth = STATIC + WIDTH + changeColumns.length + 4 * SCORES + 2 + 4 + repairVerbs.length;
    this.chaosWidth = this.orderWidth + 2;
  }

  /** Writes the rows of all components for both roles; the contest's signals must be fresh. */
  encode(order: Float32Array, chaos: Float32Array): void {
    const arrays = { signals: this.#contest.signals.now, scores: this.#scores };
    const kinds = this.#kinds;
    for (let component = 0; component < kinds.length; component += 1) writeScores(kinds[component]!, component, arrays);
    for (let component = 0; component < kinds.length; component += 1) {
      const from = component * this.orderWidth;
      const to = component * this.chaosWidth;
      this.#encodeOne(component, order, from);
      copyFeatures(order, from, chaos, to, this.orderWidth);
      chaos[to + this.orderWidth] = 0;
      chaos[to + this.orderWidth + 1] = this.#contest.faults.cooldownLeftSeconds(component) > 0 ? 1 : 0;
    }
    this.#contest.faults.forEachActive(({ component }) => {
      chaos[component * this.chaosWidth + this.orderWidth]! += 1 / FAULTS_FULL;
    });
  }

  /** How far a component looks from healthy, 0 to 1, as of the last `encode`. */
  anomaly(component: number): number {
    return this.#scores[component * SCORES + SCORES - 1]!;
  }

  #encodeOne(component: number, out: Float32Array, first: number): void {
    let at = first;
    copyFeatures(this.#static, component * STATIC, out, at, STATIC);
    at += STATIC;
    const { signals, cluster } = this.#contest;
    const { now, before } = signals;
    const row = component * WIDTH;
    copyFeatures(now, row, out, at, WIDTH);
    at += WIDTH;
    for (let index = 0; index < changeColumns.length; index += 1) {
      const cell = row + changeColumns[index]!;
      out[at++] = now[cell]! - before[cell]!;
    }
    at = writePool(this.#scores, this.#dependents, component, out, at);
    at = writePool(this.#scores, this.#dependencies, component, out, at);
    const { freshness } = cluster.monitoring;
    const ageSeconds = (cluster.nowMicros - freshness.sampledMicros[component]!) / 1e6;
    out[at++] = Math.min(1, ageSeconds / AGE_SECONDS_FULL);
    out[at++] = freshness.missing[component]!;
    this.#encodeRepair(component, out, at);
  }

  #encodeRepair(component: number, out: Float32Array, first: number): void {
    const { repairs, cluster } = this.#contest;
    out.fill(0, first, first + 4 + repairVerbs.length);
    const lastVerb = repairs.lastVerb(component);
    if (lastVerb < 0) return;
    const outcome = repairs.lastOutcome(component);
    const endedSeconds = (cluster.nowMicros - repairs.lastEndedMicros(component)) / 1e6;
    out[first] = repairs.inProgress(component) ? 1 : 0;
    out[first + 1] = outcome === 'none' ? 0 : Math.max(0, 1 - endedSeconds / RECENCY_SECONDS);
    out[first + 2] = outcome === 'succeeded' ? 1 : 0;
    out[first + 3] = outcome === 'failed' ? 1 : 0;
    out[first + 4 + lastVerb] = 1;
  }
}

/** Neighbours of component i: `items[starts[i]..starts[i + 1])`. */
interface Neighbours {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

function neighbours(lists: readonly (readonly number[])[]): Neighbours {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, index) => {
    starts[index + 1] = starts[index]! + list.length;
  });
  return { starts, items: Int32Array.from(lists.flat()) };
}

/** Mean, then maximum, of each score over a component's neighbours; returns where the next feature goes. */
function writePool(scores: Float32Array, of: Neighbours, component: number, out: Float32Array, first: number): number {
  const begin = of.starts[component]!;
  const end = of.starts[component + 1]!;
  const share = end > begin ? 1 / (end - begin) : 0;
  for (let score = 0; score < SCORES; score += 1) {
    let sum = 0;
    let most = 0;
    for (let index = begin; index < end; index += 1) {
      const value = scores[of.items[index]! * SCORES + score]!;
      sum += value;
      if (value > most) most = value;
    }
    out[first + score] = sum * share;
    out[first + SCORES + score] = most;
  }
  return first + 2 * SCORES;
}

/** A plain loop: for a few dozen numbers faster than `set` on a `subarray`. */
function copyFeatures(from: Float32Array, fromAt: number, to: Float32Array, toAt: number, count: number): void {
  for (let index = 0; index < count; index += 1) to[toAt + index] = from[fromAt + index]!;
}

function staticFeatures(cluster: Cluster, topology: Topology): Float32Array {
  const out = new Float32Array(topology.components.length * STATIC);
  const depth = callDepths(cluster);
  const deepest = Math.max(1, ...depth);
  topology.components.forEach((_, component) => {
    const { kind, index } = componentAt(cluster.topology, component);
    const at = component * STATIC;
    out[at + ['service', 'node', 'link', 'disk'].indexOf(kind)] = 1;
    if (kind !== 'service') return;
    const service = cluster.spec.services[index]!;
    out[at + 4] = service.storage === null ? 0 : 1;
    out[at + 5] = cluster.spec.workloads.some((workload) => workload.service === index) ? 1 : 0;
    out[at + 6] = depth[index]! / deepest;
    out[at + 7] = Math.min(1, service.replicas / 8);
  });
  return out;
}

/** Longest chain of calls that leads to each service. */
function callDepths(cluster: Cluster): Int32Array {
  const depth = new Int32Array(cluster.spec.services.length);
  for (const service of cluster.topology.callerFirst) {
    for (const call of cluster.spec.calls) {
      if (call.caller === service) depth[call.callee] = Math.max(depth[call.callee]!, depth[service]! + 1);
    }
  }
  return depth;
}
