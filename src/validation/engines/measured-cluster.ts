/** A running cluster whose totals are read window by window. */

import { assert, StateLayout } from '../../base/index.ts';
import { Cluster, type ClusterSpec, type EffectKind, type TrafficFactory } from '../../cluster/index.ts';
import { secondsToMicros } from '../../kernel/index.ts';
import { createEvenFlowTraffic, createTraffic } from '../../traffic/index.ts';

/** The engines under test; the even flow is `flow` with users at a constant rate. */
export type MeasuredEngine = 'even flow' | 'flow' | 'request';

const factories: Readonly<Record<MeasuredEngine, () => TrafficFactory>> = {
  'even flow': () => createEvenFlowTraffic,
  flow: () => createTraffic('flow'),
  request: () => createTraffic('request'),
};

type UserColumn = 'offered' | 'good' | 'shed' | 'latencySum' | 'answered' | 'latencyP99Sum';
type ServiceColumn = 'requests' | 'failures' | 'retries' | 'latencySum' | 'answered';

/** What happened in a stretch of time: growth of the totals, by column. */
export interface Window {
  readonly seconds: number;
  /** Of the users of all workloads. */
  readonly users: Readonly<Record<UserColumn, number>>;
  /** Of each service. */
  readonly services: readonly Readonly<Record<ServiceColumn, number>>[];
  /** Mean number in each service's replicas together. */
  readonly inSystem: readonly number[];
}

/** A cluster with one of the engines; starts at time 0 with all replicas ready. */
export class MeasuredCluster {
  readonly cluster: Cluster;
  #totals: Float64Array;
  #owners = 0;

  constructor(spec: ClusterSpec, engine: MeasuredEngine, seed: number | string) {
    const layout = new StateLayout();
    this.cluster = new Cluster(layout, spec, factories[engine]());
    layout.build();
    this.cluster.bind();
    this.cluster.reset(seed);
    this.#totals = this.#read();
  }

  get nowSeconds(): number {
    return this.cluster.nowSeconds;
  }

  /** Puts an effect in force; the number returned ends it. */
  start(kind: EffectKind, target: number, value: number): number {
    this.#owners += 1;
    this.cluster.effects.start({ kind, target, value, owner: this.#owners });
    return this.#owners;
  }

  end(owner: number): void {
    this.cluster.effects.endOwner(owner);
  }

  /** Runs on without a look at the totals. */
  pass(seconds: number): void {
    this.cluster.runUntil(this.cluster.nowMicros + secondsToMicros(seconds));
  }

  /** Requests in a service's replicas now. */
  inSystemNow(service: number): number {
    const { replicaStart } = this.cluster.topology;
    let sum = 0;
    for (let replica = replicaStart[service]!; replica < replicaStart[service + 1]!; replica += 1) {
      sum += this.cluster.traffic.inSystem(replica);
    }
    return sum;
  }

  /** What happened since the last window, or since the start. */
  take(seconds: number): Window {
    const before = this.#totals;
    this.#totals = this.#read();
    const grown = this.#totals.map((value, index) => value - before[index]!);
    let at = 0;
    const next = (): number => grown[at++]!;
    const users = {
      offered: next(),
      good: next(),
      shed: next(),
      latencySum: next(),
      answered: next(),
      latencyP99Sum: next(),
    };
    const services = this.cluster.spec.services.map(() => ({
      requests: next(),
      failures: next(),
      retries: next(),
      latencySum: next(),
      answered: next(),
    }));
    const inSystem = this.cluster.spec.services.map(() => next() / seconds);
    return { seconds, users, services, inSystem };
  }

  /** Runs for a while and tells what happened in it. */
  window(seconds: number): Window {
    assert(seconds > 0, 'a window has a length');
    this.pass(seconds);
    return this.take(seconds);
  }

  #read(): Float64Array {
    const { meters, spec, topology } = this.cluster;
    const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0);
    const { offered, good, shed, latencySum, answered, latencyP99Sum } = meters.workloads;
    const users = [offered, good, shed, latencySum, answered, latencyP99Sum].map(sum);
    const services = spec.services.flatMap((_, service) => {
      const { services: of } = meters;
      return [of.requests, of.failures, of.retries, of.latencySum, of.answered].map((column) => column[service]!);
    });
    const inSystem = spec.services.map((_, service) => {
      const [from, to] = [topology.replicaStart[service]!, topology.replicaStart[service + 1]!];
      return sum(meters.replicas.inSystemSeconds.subarray(from, to));
    });
    return Float64Array.from([...users, ...services, ...inSystem]);
  }
}
