/** Writes observations: component features once for both roles, then what each role alone may see. */

import { type Cluster, type ComponentKind, componentAt, signalColumn, signalNames } from '../cluster/index.ts';
import type { Topology } from '../contract/index.ts';
import { repairVerbs } from '../repairs/index.ts';
import type { Contest } from './contest.ts';
import { changingSignals } from './features.ts';
import { SCORES, writeScores } from './scores.ts';
import { signalsOf } from './signal-view.ts';

const WIDTH = signalNames.length;
const STATIC = 8;
const AGE_SECONDS_FULL = 60;
const RECENCY_SECONDS = 300;
/** Faults on one component that count as full. */
const FAULTS_FULL = 3;
const changeColumns = Int32Array.from(changingSignals, (name) => signalColumn[name]);

/** Columns of the signals each kind of component has, and those of `changeColumns` among them. */
const columnsOf: Readonly<Record<ComponentKind, Int32Array>> = perKind((kind) =>
  signalsOf[kind].map((name) => signalColumn[name]),
);
const changesOf: Readonly<Record<ComponentKind, Int32Array>> = perKind((kind) =>
  [...changeColumns.keys()].filter((index) => columnsOf[kind].includes(changeColumns[index]!)),
);

/** Arrays of the component features of both roles. They are the encoder's: it writes only what may have changed. */
interface FeatureArrays {
  readonly order: Float32Array;
  readonly chaos: Float32Array;
}

/** Encodes component features; allocates nothing after construction. */
export class ComponentEncoder {
  /** Features order sees per component, and those chaos sees. */
  readonly #orderWidth: number;
  readonly #chaosWidth: number;

  readonly #contest: Contest;
  readonly #arrays: FeatureArrays;
  readonly #kinds: readonly ComponentKind[];
  readonly #dependents: Neighbours;
  readonly #dependencies: Neighbours;
  readonly #scores: Float32Array;
  /** 1 where something was written about a repair. */
  readonly #repaired: Uint8Array;

  constructor(contest: Contest, topology: Topology, arrays: FeatureArrays) {
    const components = topology.components.length;
    this.#contest = contest;
    this.#arrays = arrays;
    this.#kinds = topology.components.map((_, component) => componentAt(contest.cluster.topology, component).kind);
    this.#dependents = neighbours(topology.dependents);
    this.#dependencies = neighbours(topology.dependencies);
    this.#scores = new Float32Array(components * SCORES);
    this.#repaired = new Uint8Array(components);
    this.#orderWidth = STATIC + WIDTH + changeColumns.length + 4 * SCORES + 2 + 4 + repairVerbs.length;
    this.#chaosWidth = this.#orderWidth + 2;
    this.#writeStatic(staticFeatures(contest.cluster, topology));
  }

  /** Writes the rows of all components for both roles; the contest's signals must be fresh. */
  encode(): void {
    const { faults, signals } = this.#contest;
    const { chaos } = this.#arrays;
    const arrays = { signals: signals.now, scores: this.#scores };
    const kinds = this.#kinds;
    for (let component = 0; component < kinds.length; component += 1) writeScores(kinds[component]!, component, arrays);
    for (let component = 0; component < kinds.length; component += 1) {
      this.#encodeSignals(component, kinds[component]!);
      this.#encodePools(component);
      this.#encodeRepair(component);
      const own = component * this.#chaosWidth + this.#orderWidth;
      chaos[own] = 0;
      chaos[own + 1] = faults.cooldownLeftSeconds(component) > 0 ? 1 : 0;
    }
    faults.forEachActive(({ component }) => {
      chaos[component * this.#chaosWidth + this.#orderWidth]! += 1 / FAULTS_FULL;
    });
  }

  /** How far a component looks from healthy, 0 to 1, as of the last `encode`. */
  anomaly(component: number): number {
    return this.#scores[component * SCORES + SCORES - 1]!;
  }

  #writeStatic(features: Float32Array): void {
    const { order, chaos } = this.#arrays;
    order.fill(0);
    chaos.fill(0);
    for (let component = 0; component < this.#kinds.length; component += 1) {
      const row = features.subarray(component * STATIC, (component + 1) * STATIC);
      order.set(row, component * this.#orderWidth);
      chaos.set(row, component * this.#chaosWidth);
    }
  }

  /** Signals, their changes, and how fresh they are. */
  #encodeSignals(component: number, kind: ComponentKind): void {
    const { order, chaos } = this.#arrays;
    const { signals, cluster } = this.#contest;
    const { now, before } = signals;
    const row = component * WIDTH;
    let [toOrder, toChaos] = [component * this.#orderWidth + STATIC, component * this.#chaosWidth + STATIC];
    const columns = columnsOf[kind];
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index]!;
      const value = now[row + column]!;
      order[toOrder + column] = value;
      chaos[toChaos + column] = value;
    }
    toOrder += WIDTH;
    toChaos += WIDTH;
    const changes = changesOf[kind];
    for (let index = 0; index < changes.length; index += 1) {
      const change = changes[index]!;
      const cell = row + changeColumns[change]!;
      const value = now[cell]! - before[cell]!;
      order[toOrder + change] = value;
      chaos[toChaos + change] = value;
    }
    const last = changeColumns.length + 4 * SCORES;
    const { freshness } = cluster.monitoring;
    const ageSeconds = (cluster.nowMicros - freshness.sampledMicros[component]!) / 1e6;
    const age = Math.min(1, ageSeconds / AGE_SECONDS_FULL);
    order[toOrder + last] = age;
    chaos[toChaos + last] = age;
    order[toOrder + last + 1] = freshness.missing[component]!;
    chaos[toChaos + last + 1] = freshness.missing[component]!;
  }

  #encodePools(component: number): void {
    const { order, chaos } = this.#arrays;
    const skipped = STATIC + WIDTH + changeColumns.length;
    const from = component * this.#orderWidth + skipped;
    const to = component * this.#chaosWidth + skipped;
    writePool(this.#scores, this.#dependents, component, order, from);
    writePool(this.#scores, this.#dependencies, component, order, from + 2 * SCORES);
    // A plain loop: for a few numbers faster than `set` on a `subarray`.
    for (let index = 0; index < 4 * SCORES; index += 1) chaos[to + index] = order[from + index]!;
  }

  #encodeRepair(component: number): void {
    const { repairs } = this.#contest;
    const lastVerb = repairs.lastVerb(component);
    if (lastVerb < 0 && this.#repaired[component] === 0) return;
    this.#repaired[component] = lastVerb < 0 ? 0 : 1;
    const { order, chaos } = this.#arrays;
    const length = 4 + repairVerbs.length;
    this.#writeRepair(component, lastVerb, order, (component + 1) * this.#orderWidth - length);
    this.#writeRepair(component, lastVerb, chaos, component * this.#chaosWidth + this.#orderWidth - length);
  }

  #writeRepair(component: number, lastVerb: number, out: Float32Array, first: number): void {
    out.fill(0, first, first + 4 + repairVerbs.length);
    if (lastVerb < 0) return;
    const { repairs, cluster } = this.#contest;
    const outcome = repairs.lastOutcome(component);
    const endedSeconds = (cluster.nowMicros - repairs.lastEndedMicros(component)) / 1e6;
    out[first] = repairs.inProgress(component) ? 1 : 0;
    out[first + 1] = outcome === 'none' ? 0 : Math.max(0, 1 - endedSeconds / RECENCY_SECONDS);
    out[first + 2] = outcome === 'succeeded' ? 1 : 0;
    out[first + 3] = outcome === 'failed' ? 1 : 0;
    for (let verb = 0; verb < repairVerbs.length; verb += 1) {
      const startedSeconds = (cluster.nowMicros - repairs.verbStartedMicros({ component, verb })) / 1e6;
      out[first + 4 + verb] = Math.max(0, 1 - startedSeconds / RECENCY_SECONDS);
    }
  }
}

function perKind(indices: (kind: ComponentKind) => readonly number[]): Record<ComponentKind, Int32Array> {
  return {
    service: Int32Array.from(indices('service')),
    node: Int32Array.from(indices('node')),
    link: Int32Array.from(indices('link')),
    disk: Int32Array.from(indices('disk')),
  };
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

/** Mean, then maximum, of each score over a component's neighbours. */
function writePool(scores: Float32Array, of: Neighbours, component: number, out: Float32Array, first: number): void {
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
  const { starts, items } = cluster.topology.callsOut;
  for (const service of cluster.topology.callerFirst) {
    for (let at = starts[service]!; at < starts[service + 1]!; at += 1) {
      const { callee } = cluster.spec.calls[items[at]!]!;
      depth[callee] = Math.max(depth[callee]!, depth[service]! + 1);
    }
  }
  return depth;
}
