/** What a cluster asks of a traffic engine: the `flow` and the `request` engine both stand behind this port. */

import type { StateLayout } from '../base/index.ts';
import type { Effects } from './effects.ts';
import type { Meters } from './meters.ts';
import type { Routes } from './routes.ts';
import type { ClusterSpec } from './spec.ts';
import type { ClusterState } from './state.ts';
import type { ClusterTopology } from './topology.ts';

/** Everything a traffic engine may read (spec, topology, state, effects, routes) and must fill (meters). */
export interface TrafficContext {
  readonly spec: ClusterSpec;
  readonly topology: ClusterTopology;
  readonly state: ClusterState;
  readonly effects: Effects;
  readonly routes: Routes;
  readonly meters: Meters;
}

/** Carries users' requests and the calls between services. */
export interface TrafficEngine {
  readonly name: string;
  /** Starts anew, in the equilibrium of a healthy cluster or empty; all draws of the episode come from `seed`. */
  reset(seed: number | string): void;
  /** Draws the rest of the episode from other streams: a look-ahead must not know the dice. */
  reseed(seed: number | string): void;
  /** Carries traffic up to a time, under the state and effects as they are now. */
  advance(toMicros: number): void;
  /** All work in a replica is lost. */
  dropReplica(replica: number): void;
  /** Chance that a probe of a replica takes longer than its time-out, by load alone. */
  probeTimeoutProbability(replica: number, timeoutSeconds: number): number;
  /** Requests in a replica now. */
  inSystem(replica: number): number;
}

/** Makes an engine whose state lies in `layout`. */
export type TrafficFactory = (layout: StateLayout, context: TrafficContext) => TrafficEngine;
