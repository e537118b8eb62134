/** What a fault is: a catalogue entry with severities, a condition and what it does to the cluster when it starts. */

import type { Cluster, ComponentKind } from '../cluster/index.ts';
import type { Situation } from './situation.ts';

/** One strength of a fault. `parameters` carry their units in their names. */
export interface Severity<P extends string = string> {
  readonly name: 'mild' | 'severe';
  readonly cost: number;
  /** Null = until it is repaired. */
  readonly durationSeconds: number | null;
  readonly parameters: Readonly<Record<P, number>>;
}

/** A kind of fault, whatever its parameters. */
export interface FaultKind {
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  readonly severities: readonly Severity[];
  /** Whether it would do something here that a repair can undo. `target` counts within the kind of component. */
  legal(situation: Situation, target: number): boolean;
  /** Puts its effects in force. Returns the seconds to its first `pulse`, if it has any. */
  apply(context: FaultContext): number | null;
  /** Goes on; returns the seconds to the next pulse, null = no more. */
  pulse(context: FaultContext): number | null;
}

/** What a fault has in hand while it acts. */
export interface FaultContext {
  readonly cluster: Cluster;
  /** Index within the kind of component. */
  readonly target: number;
  /** Index into `FaultKind.severities`. */
  readonly severity: number;
  /** Owner of every effect it starts: the end of a fault is the end of what its owner started. */
  readonly owner: number;
  /** Pulses so far. */
  readonly pulses: number;
  /** Up to `countMax` live replicas of the target service, within the share that chaos may touch, at least one. */
  replicas(countMax: number): readonly number[];
}

/** A fault as its file states it, with typed parameters. */
interface FaultForm<P extends string> {
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  readonly severities: readonly Severity<P>[];
  readonly legal?: (situation: Situation, target: number) => boolean;
  readonly apply: (context: FaultContext, parameters: Readonly<Record<P, number>>) => void;
  readonly firstPulseSeconds?: (parameters: Readonly<Record<P, number>>) => number | null;
  readonly pulse?: (context: FaultContext, parameters: Readonly<Record<P, number>>) => number | null;
}

/** Makes a catalogue entry; a fault without a condition of its own is legal wherever chaos may act. */
export function faultKind<P extends string>(form: FaultForm<P>): FaultKind {
  const { name, target, meaning, severities } = form;
  return {
    name,
    target,
    meaning,
    severities,
    legal: form.legal ?? (() => true),
    apply: (context) => {
      const { parameters } = severities[context.severity]!;
      form.apply(context, parameters);
      return form.firstPulseSeconds?.(parameters) ?? null;
    },
    pulse: (context) => form.pulse?.(context, severities[context.severity]!.parameters) ?? null,
  };
}
