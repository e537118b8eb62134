/** Picks what an engineer would look at: the components whose signals have moved since they were last told. */

import {
  type Cluster,
  type ComponentKind,
  componentAt,
  type SignalName,
  signalColumn,
  signalNames,
} from '../cluster/index.ts';

/** One signal of a component, as told last and as delivered now. */
export interface MovedSignal {
  readonly signal: SignalName;
  readonly from: number;
  readonly to: number;
}

/** A component and those of its signals that moved. */
export interface MovedComponent {
  readonly component: string;
  readonly signals: readonly MovedSignal[];
}

/**
 * A signal has moved when it changed by `step`: a difference, or a factor of values above `floor`. A `share` of few
 * requests must change by more than chance would.
 */
interface Scale {
  readonly step: number;
  readonly floor?: number;
  readonly share?: true;
}

const scales: Partial<Record<ComponentKind, Partial<Record<SignalName, Scale>>>> = {
  service: {
    requestRate: { step: 1.5, floor: 5 },
    retryRatio: { step: 0.15, share: true },
    errorRatio: { step: 0.08, share: true },
    latencyP99: { step: 2.5, floor: 0.02 },
    saturation: { step: 2, floor: 0.4 },
    cpu: { step: 0.3 },
    memory: { step: 0.2 },
    replicaSpread: { step: 0.15, share: true },
    replicationLag: { step: 3, floor: 2 },
  },
  node: { cpu: { step: 0.35 } },
  link: {
    utilisation: { step: 0.35 },
    roundTrip: { step: 3, floor: 0.002 },
    loss: { step: 0.02 },
    foreignShare: { step: 0.3 },
  },
  disk: {
    diskUsed: { step: 0.1 },
    diskAwait: { step: 4, floor: 0.002 },
    diskErrors: { step: 0.1 },
    utilisation: { step: 0.35 },
  },
};

/** A component is not told again sooner, and no more than so many are told at once. */
const QUIET_SECONDS = 15;
const COMPONENTS_AT_ONCE = 4;
/** Beside a signal that has moved, those that have moved at least this share of their step are told too. */
const WORTH_TELLING = 0.5;

/** Standard errors of the difference of two shares that chance rarely exceeds. */
const CHANCE_ERRORS = 4;

const WIDTH = signalNames.length;

/** Follows the delivered signals of one cluster. */
export class SignalWatch {
  readonly #cluster: Cluster;
  readonly #told: Float64Array;
  readonly #toldAt: Float64Array;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#told = new Float64Array(cluster.monitoring.delivered.length);
    this.#toldAt = new Float64Array(cluster.topology.components);
  }

  /** The present signals are what later ones are compared with. */
  begin(): void {
    this.#told.set(this.#cluster.monitoring.delivered);
    this.#toldAt.fill(Number.NEGATIVE_INFINITY);
  }

  /** What has moved most by now, which counts as told. */
  look(timeSeconds: number, componentsMax: number = COMPONENTS_AT_ONCE): MovedComponent[] {
    const moved: { readonly component: number; readonly distance: number }[] = [];
    for (let component = 0; component < this.#cluster.topology.components; component += 1) {
      if (timeSeconds - (this.#toldAt[component] ?? 0) < QUIET_SECONDS) continue;
      const distance = this.#distance(component);
      if (distance >= 1) moved.push({ component, distance });
    }
    moved.sort((a, b) => b.distance - a.distance || a.component - b.component);
    return moved.slice(0, componentsMax).map(({ component }) => this.#tell(component, timeSeconds));
  }

  /** How far the signal that moved most has moved, in steps. */
  #distance(component: number): number {
    return Math.max(0, ...this.#watched(component).map(({ distance }) => distance));
  }

  #tell(component: number, timeSeconds: number): MovedComponent {
    const watched = this.#watched(component).filter(({ distance }) => distance >= WORTH_TELLING);
    this.#toldAt[component] = timeSeconds;
    for (const { signal, to } of watched) this.#told[component * WIDTH + signalColumn[signal]] = to;
    return {
      component: this.#cluster.topology.componentNames[component] ?? '',
      signals: watched.map(({ signal, from, to }) => ({ signal, from, to })),
    };
  }

  #watched(component: number): (MovedSignal & { readonly distance: number })[] {
    const { delivered } = this.#cluster.monitoring;
    const rate = delivered[component * WIDTH + signalColumn.requestRate] ?? 0;
    const requests = Math.max(1, rate * this.#cluster.spec.monitoring.scrapeSeconds);
    const entries = Object.entries(scales[componentAt(this.#cluster.topology, component).kind] ?? {});
    return entries.map(([name, scale]) => {
      const signal = name as SignalName;
      const cell = component * WIDTH + signalColumn[signal];
      const [from, to] = [this.#told[cell] ?? 0, delivered[cell] ?? 0];
      return { signal, from, to, distance: steps(from, to, { ...scale, requests }) };
    });
  }
}

function steps(from: number, to: number, { step, floor, share, requests }: Scale & { requests: number }): number {
  if (share) return Math.abs(to - from) / Math.max(step, CHANCE_ERRORS * shareError(from, to, requests));
  if (floor === undefined) return Math.abs(to - from) / step;
  const [low, high] = [Math.max(floor, Math.min(from, to)), Math.max(floor, Math.max(from, to))];
  return (high / low - 1) / (step - 1);
}

/** Standard error of the difference of two shares of so many requests each. */
function shareError(one: number, other: number, requests: number): number {
  const mean = Math.min(1, (one + other) / 2);
  return Math.sqrt((2 * mean * (1 - mean)) / requests);
}
