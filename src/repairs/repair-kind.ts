/** What a repair is: a catalogue entry with price, duration, risk, condition and steps. */

import type { Cluster, ClusterSpec, ClusterTopology, ComponentKind, SignalName } from '../cluster/index.ts';
import type { RepairOffer } from './offer.ts';

/** What is public about a cluster, plus signals as delivered: all that may decide whether a repair is offered. */
export interface RepairView {
  readonly spec: ClusterSpec;
  readonly topology: ClusterTopology;
  /** Last delivered value; 0 before the first delivery. */
  signal(component: number, name: SignalName): number;
  /** Whether anything about a component has been delivered yet. */
  isKnown(component: number): boolean;
}

/** Seconds until the next step, or how the repair ended. */
export type RepairStep = number | 'succeeded' | 'failed';

/** A kind of repair. `target` counts within the kind of component. */
export interface RepairKind {
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  /** What must really be so, in words. */
  readonly needs: string;
  readonly cost: number;
  /** Typical. */
  readonly durationSeconds: number;
  /** Chance that an attempt fails although its precondition holds. */
  readonly failureRatio: number;
  /** How long its effects hold after it has succeeded; 0 = it leaves none. */
  readonly holdSeconds: number;
  /** When it makes sense, by declaration and by signals as delivered; left out = always and everywhere. */
  readonly offer?: RepairOffer;
  /** The true precondition: without it the repair fails at its cost. */
  precondition(cluster: Cluster, target: number): boolean;
  /** Does the next step. */
  advance(context: RepairContext): RepairStep;
  /** What an attempt that is bound to fail does all the same. */
  spoil?(context: RepairContext): void;
}

/** What a repair has in hand while it acts; `cursor`, `deadlineMicros` and `misses` are its memory between steps. */
export interface RepairContext {
  readonly cluster: Cluster;
  /** Index within the kind of component. */
  readonly target: number;
  /** Owner of every effect it starts. */
  readonly owner: number;
  /** Steps done so far. */
  readonly step: number;
  readonly startedMicros: number;
  /** -1 at first. */
  cursor: number;
  deadlineMicros: number;
  /** 0 at first. */
  misses: number;
}
