/** One system on which the two engines have to agree: its cluster, what disturbs it, and what is compared. */

import type { ClusterSpec } from '../../cluster/index.ts';
import type { MeasuredCluster, Window } from './measured-cluster.ts';

/** By how much `flow` may differ from `request`, per kind of quantity (relative). */
export const engineGates = {
  /** What is done per second. */
  throughput: 0.02,
  /** Mean number in a service of at most 0.95 load. */
  inSystem: 0.05,
  /** Number in a service that gets more than it can do. */
  backlog: 0.1,
  /** What is done in time near the edge of overload. */
  criticalGoodput: 0.3,
} as const;

/** A gate, or `noted` for what is reported only. */
export type GateKind = keyof typeof engineGates | 'noted';

/** Something both engines meter. */
export interface GateQuantity {
  readonly name: string;
  readonly gate: GateKind;
  read(window: Window): number;
}

/** A system under both engines. */
export interface GateCase {
  /** What it is an example of: single services, call trees, pools ... */
  readonly group: string;
  readonly title: string;
  readonly spec: ClusterSpec;
  readonly quantities: readonly GateQuantity[];
  /** Part of quick runs. */
  readonly quick: boolean;
  /** Until the start is forgotten, and how long is then measured. */
  readonly settleSeconds: number;
  readonly measureSeconds: number;
  /** Sets effects before the start. */
  disturb?(cluster: MeasuredCluster): void;
}

/** Right and timely answers a second. */
export function goodput(gate: GateKind = 'throughput'): GateQuantity {
  return { name: 'goodput, 1/s', gate, read: ({ users, seconds }) => users.good / seconds };
}

/** Attempts a second that reach a service. */
export function attempts(service: number, name: string, gate: GateKind = 'throughput'): GateQuantity {
  return {
    name: `attempts at ${name}, 1/s`,
    gate,
    read: ({ services, seconds }) => services[service]!.requests / seconds,
  };
}

/** Mean number of requests in a service. */
export function inSystem(service: number, name: string, gate: GateKind = 'inSystem'): GateQuantity {
  return { name: `number in ${name}`, gate, read: (window) => window.inSystem[service]! };
}

/** Mean seconds of the answers users get; follows from the numbers in the services, so it is only noted. */
export const latency: GateQuantity = {
  name: 'latency, s',
  gate: 'noted',
  read: ({ users }) => users.latencySum / users.answered,
};

/** What monitoring calls p99. */
export const latencyP99: GateQuantity = {
  name: 'p99, s',
  gate: 'noted',
  read: ({ users }) => users.latencyP99Sum / users.answered,
};
