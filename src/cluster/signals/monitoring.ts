/** How signals reach the agents: sampled at fixed times, averaged since the last sample, sometimes late or missing. */

import { RandomStreams, type StateLayout, type Table } from '../../base/index.ts';
import { type ClusterCore, scheduleAfter } from '../core.ts';
import { ClusterEvent, EventPriority } from '../events.ts';
import { clearMeters, copyMeters, type Meters, meters } from '../meters.ts';
import type { ClusterSpec, MonitoringSpec } from '../spec.ts';
import type { ClusterTopology } from '../topology.ts';
import { type SampleTarget, takeSample } from './sampling.ts';
import { signalNames } from './signal-names.ts';

const WIDTH = signalNames.length;

/** What one component's row of signals is like. */
interface Freshness {
  /** When the delivered sample was taken. */
  readonly sampledMicros: Float64Array;
  /** 1 when the last scrape brought nothing for this component. */
  readonly missing: Uint8Array;
}

/** User-facing numbers of a workload, as delivered. */
export interface DoorSignals {
  readonly successRatio: Float64Array;
  readonly latencyP99: Float64Array;
  readonly shedRatio: Float64Array;
}

/** How often samples do not come in time, 0 to 1. */
export type MonitoringGaps = Pick<MonitoringSpec, 'lateRatio' | 'missingRatio'>;

/** Samples, and the part of them that has been delivered. */
export class Monitoring {
  readonly #spec: ClusterSpec;
  readonly #topology: ClusterTopology;
  readonly #streams: RandomStreams;
  readonly #before: Meters;
  readonly #sample: Table<{ value: 'f64' }>;
  readonly #late: Table<{ value: 'f64' }>;
  readonly #delivered: Table<{ value: 'f64' }>;
  readonly #previous: Table<{ value: 'f64' }>;
  readonly #rows: Table<{ sampledMicros: 'f64'; lateMicros: 'f64'; lateWaiting: 'u8'; missing: 'u8' }>;
  readonly #restarts: Table<{ before: 'f64' }>;
  readonly #worst: Table<{ replica: 'i32' }>;
  readonly #doors: Table<{ successRatio: 'f64'; latencyP99: 'f64'; shedRatio: 'f64' }>;
  readonly #gaps: Table<{ lateRatio: 'f64'; missingRatio: 'f64' }>;

  constructor(layout: StateLayout, spec: ClusterSpec, topology: ClusterTopology) {
    const cells = topology.components * WIDTH;
    this.#spec = spec;
    this.#topology = topology;
    this.#streams = new RandomStreams(layout, monitoringStreamNames(topology), 'monitoringRandom');
    this.#before = meters(layout, topology, { name: 'scraped', workloads: spec.workloads.length });
    this.#sample = layout.table('signalSample', cells, { value: 'f64' });
    this.#late = layout.table('signalLate', cells, { value: 'f64' });
    this.#delivered = layout.table('signalDelivered', cells, { value: 'f64' });
    this.#previous = layout.table('signalPrevious', cells, { value: 'f64' });
    this.#rows = layout.table('signalRow', topology.components, {
      sampledMicros: 'f64',
      lateMicros: 'f64',
      lateWaiting: 'u8',
      missing: 'u8',
    });
    this.#restarts = layout.table('signalRestarts', topology.replicas, { before: 'f64' });
    this.#worst = layout.table('signalWorst', topology.services, { replica: 'i32' });
    this.#doors = layout.table('signalDoor', spec.workloads.length, {
      successRatio: 'f64',
      latencyP99: 'f64',
      shedRatio: 'f64',
    });
    this.#gaps = layout.table('signalGaps', 1, { lateRatio: 'f64', missingRatio: 'f64' });
  }

  /** Delivered values, components x signals, row major. */
  get delivered(): Float64Array {
    return this.#delivered.value;
  }

  /** The values delivered before those. */
  get previous(): Float64Array {
    return this.#previous.value;
  }

  get freshness(): Freshness {
    return this.#rows;
  }

  get doors(): DoorSignals {
    return this.#doors;
  }

  /** The replica of a service that failed the largest share of its requests at the last sample; -1 = none. */
  worstReplica(service: number): number {
    return this.#worst.replica[service]!;
  }

  /** Begins anew, with samples that come late or never so often. */
  reset(seed: number | string, gaps: MonitoringGaps): void {
    this.#streams.seed(seed);
    this.#gaps.lateRatio[0] = gaps.lateRatio;
    this.#gaps.missingRatio[0] = gaps.missingRatio;
    clearMeters(this.#before);
    for (const table of [this.#sample, this.#late, this.#delivered, this.#previous]) table.value.fill(0);
    this.#rows.sampledMicros.fill(0);
    this.#rows.lateMicros.fill(0);
    this.#rows.lateWaiting.fill(0);
    this.#rows.missing.fill(1);
    this.#restarts.before.fill(0);
    this.#worst.replica.fill(-1);
    this.#doors.successRatio.fill(1);
    this.#doors.latencyP99.fill(0);
    this.#doors.shedRatio.fill(0);
  }

  /** Other draws from here on; see `TrafficEngine.reseed`. */
  reseed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** Takes a sample of everything, delivers what arrives in time, and plans the next. */
  scrape(core: ClusterCore): void {
    const seconds = this.#spec.monitoring.scrapeSeconds;
    takeSample(core, this.#sampleTarget(core, seconds));
    for (let component = 0; component < this.#topology.components; component += 1) {
      this.#deliver(component, core.state.global.nowMicros[0]!);
    }
    this.#deliverDoors(core.meters);
    copyMeters(core.meters, this.#before);
    core.state.global.scrapes[0]! += 1;
    const { scrape } = ClusterEvent;
    scheduleAfter(core, { afterSeconds: seconds, priority: EventPriority.monitoring, kind: scrape, a: 0, b: 0 });
  }

  #sampleTarget(core: ClusterCore, seconds: number): SampleTarget {
    return {
      now: core.meters,
      before: this.#before,
      seconds,
      values: this.#sample.value,
      restartsBefore: this.#restarts.before,
      worstReplica: this.#worst.replica,
    };
  }

  /** One draw a component and scrape: below `missingRatio` never comes, below the sum with `lateRatio` comes late. */
  #deliver(component: number, nowMicros: number): void {
    const missingRatio = this.#gaps.missingRatio[0]!;
    const lateRatio = this.#gaps.lateRatio[0]!;
    const rows = this.#rows;
    const draw = this.#streams.uniform(component);
    const lateArrives = rows.lateWaiting[component] === 1;
    if (lateArrives) {
      this.#accept(this.#late.value, component, rows.lateMicros[component]!);
      rows.lateWaiting[component] = 0;
    }
    if (draw >= missingRatio + lateRatio) {
      this.#accept(this.#sample.value, component, nowMicros);
      return;
    }
    if (!lateArrives) rows.missing[component] = 1;
    if (draw < missingRatio) return;
    copyRow(this.#sample.value, this.#late.value, component);
    rows.lateWaiting[component] = 1;
    rows.lateMicros[component] = nowMicros;
  }

  #accept(from: Float64Array, component: number, sampledMicros: number): void {
    copyRow(this.#delivered.value, this.#previous.value, component);
    copyRow(from, this.#delivered.value, component);
    this.#rows.sampledMicros[component] = sampledMicros;
    this.#rows.missing[component] = 0;
  }

  #deliverDoors(now: Meters): void {
    const before = this.#before.workloads;
    for (let workload = 0; workload < this.#spec.workloads.length; workload += 1) {
      const offered = now.workloads.offered[workload]! - before.offered[workload]!;
      const shed = now.workloads.shed[workload]! - before.shed[workload]!;
      const good = now.workloads.good[workload]! - before.good[workload]!;
      const answered = now.workloads.answered[workload]! - before.answered[workload]!;
      const p99 = now.workloads.latencyP99Sum[workload]! - before.latencyP99Sum[workload]!;
      const admitted = offered - shed;
      // At most all: an answer may come in a later window than its request was sent in.
      this.#doors.successRatio[workload] = admitted > 1e-9 ? Math.min(1, good / admitted) : 1;
      this.#doors.shedRatio[workload] = offered > 1e-9 ? shed / offered : 0;
      this.#doors.latencyP99[workload] = answered > 1e-9 ? p99 / answered : 0;
    }
  }
}

function copyRow(from: Float64Array, to: Float64Array, component: number): void {
  const first = component * WIDTH;
  for (let cell = first; cell < first + WIDTH; cell += 1) to[cell] = from[cell]!;
}

function monitoringStreamNames(topology: ClusterTopology): string[] {
  return topology.componentNames.map((name) => `monitoring/${name}`);
}
