/** Delivered signals on scales a network can use: shares as they are, the rest against the healthy value. */

import { log, type StateLayout, type Table } from '../base/index.ts';
import {
  type Cluster,
  type ComponentKind,
  componentAt,
  type SignalName,
  signalColumn,
  signalForms,
  signalNames,
} from '../cluster/index.ts';
import { changingSignals, isRelative } from './features.ts';

const WIDTH = signalNames.length;
const relative = Uint8Array.from(signalNames, (name) => (isRelative(name) ? 1 : 0));
const changing = Uint8Array.from(signalNames, (name) => (changingSignals.includes(name) ? 1 : 0));
/** Below this a healthy value counts as none, and the ratio to it as unknown. */
const VALUE_MIN = 1e-6;

/** The signals each kind of component has; all others stay 0. */
export const signalsOf: Readonly<Record<ComponentKind, readonly SignalName[]>> = {
  service: [
    'requestRate',
    'errorRatio',
    'latencyMean',
    'latencyP99',
    'cpu',
    'memory',
    'readyRatio',
    'restarts',
    'saturation',
    'retryRatio',
    'replicaSpread',
    'replicationLag',
  ],
  node: ['nodeReady', 'cpu', 'memory'],
  link: ['utilisation', 'roundTrip', 'loss', 'foreignShare'],
  disk: ['utilisation', 'diskUsed', 'diskAwait', 'diskErrors'],
};

/** The signals of each kind of component, as monitoring delivers them, in words. */
export function signalCatalogue(): Readonly<Record<ComponentKind, readonly NamedSignal[]>> {
  const named = (kind: ComponentKind) => signalsOf[kind].map((name) => ({ name, ...signalForms[name] }));
  return { service: named('service'), node: named('node'), link: named('link'), disk: named('disk') };
}

/** A signal with its unit and meaning. */
export interface NamedSignal {
  readonly name: SignalName;
  readonly unit: string;
  readonly meaning: string;
}

/** Healthy values, learnt while the warm-up runs, and the normalised present ones. */
export class SignalView {
  readonly #baseline: Table<{ value: 'f64' }>;
  readonly #samples: Table<{ count: 'i32' }>;
  /** Cells that carry a signal, and those of them whose change is a feature. */
  readonly #cells: Int32Array;
  readonly #changingCells: Int32Array;
  /** Normalised delivered signals and, for changing ones, those before them; components x signals. No part of the state. */
  readonly now: Float32Array;
  readonly before: Float32Array;
  readonly #isRelative: Uint8Array;
  /** Values `now` was worked out from; NaN = out of date. */
  readonly #raw: Float64Array;

  constructor(layout: StateLayout, cluster: Cluster) {
    const { components } = cluster.topology;
    this.#baseline = layout.table('signalBaseline', components * WIDTH, { value: 'f64' });
    this.#samples = layout.table('signalBaselineSamples', 1, { count: 'i32' });
    this.#cells = Int32Array.from(cellsOf(cluster));
    this.#changingCells = this.#cells.filter((cell) => changing[cell % WIDTH] === 1);
    this.now = new Float32Array(components * WIDTH);
    this.before = new Float32Array(components * WIDTH);
    this.#isRelative = Uint8Array.from(this.now, (_, cell) => relative[cell % WIDTH]!);
    this.#raw = new Float64Array(components * WIDTH).fill(Number.NaN);
  }

  /** What a signal of a component was like while all was well, in its own unit. */
  healthy(component: number, signal: SignalName): number {
    return this.#baseline.value[component * WIDTH + signalColumn[signal]]!;
  }

  reset(): void {
    this.#baseline.value.fill(0);
    this.#samples.count[0] = 0;
    this.forget();
  }

  /** Healthy values have changed: nothing that was worked out before holds. */
  forget(): void {
    this.#raw.fill(Number.NaN);
  }

  /** Takes the present signals as healthy: the baseline is the mean of all that were taken. */
  learnHealthy(cluster: Cluster): void {
    const { delivered } = cluster.monitoring;
    const count = this.#samples.count[0]! + 1;
    const baseline = this.#baseline.value;
    for (let cell = 0; cell < baseline.length; cell += 1) {
      baseline[cell]! += (delivered[cell]! - baseline[cell]!) / count;
    }
    this.#samples.count[0] = count;
    this.forget();
  }

  /** Normalises what has been delivered: logarithms of values seen before are not taken again. */
  refresh(cluster: Cluster): void {
    const { delivered, previous } = cluster.monitoring;
    const { now, before } = this;
    const raw = this.#raw;
    for (let index = 0; index < this.#changingCells.length; index += 1) {
      const cell = this.#changingCells[index]!;
      const value = previous[cell]!;
      before[cell] = value === raw[cell] ? now[cell]! : this.#normalised(cell, value);
    }
    for (let index = 0; index < this.#cells.length; index += 1) {
      const cell = this.#cells[index]!;
      const value = delivered[cell]!;
      if (value === raw[cell]) continue;
      raw[cell] = value;
      now[cell] = this.#normalised(cell, value);
    }
  }

  #normalised(cell: number, value: number): number {
    return this.#isRelative[cell] === 1 ? logRatio(value, this.#baseline.value[cell]!) : Math.min(1, value);
  }
}

/** ln(value / healthy) / 3 within -1 and 1; 0 where there is no healthy value. */
function logRatio(value: number, healthy: number): number {
  if (healthy < VALUE_MIN || value === healthy) return 0;
  if (value < VALUE_MIN) return -1;
  return Math.max(-1, Math.min(1, log(value / healthy) / 3));
}

function cellsOf(cluster: Cluster): number[] {
  const { topology } = cluster;
  return topology.componentNames.flatMap((_, component) =>
    signalsOf[componentAt(topology, component).kind].map((name) => component * WIDTH + signalColumn[name]),
  );
}
