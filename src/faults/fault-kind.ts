/** What a fault is: a catalogue entry with severities, a condition and what it does to the cluster when it starts. */

import type { Cluster, ComponentKind } from '../cluster/index.ts';

import type { Direction } from './envelope.ts';
import type { Situation } from './situation.ts';
import type { KnownAs } from './tool-names.ts';

/** One strength of a fault. `parameters` carry their units in their names; every severity has the same ones. */
export interface Severity<P extends string = string> {
  readonly name: 'mild' | 'severe';
  readonly cost: number;
  /** Null = until it is repaired. */
  readonly durationSeconds: number | null;
  readonly parameters: Readonly<Record<P, number>>;
}

/** What a script may narrow a fault to, beyond duration and parameters. */
export interface FaultScope {
  /** It takes some of its target's replicas: a mode makes sense. */
  readonly replicas: boolean;
  /** It concerns what the target has to do with others: `any` neighbour, or only one it calls. */
  readonly peer: 'none' | 'any' | 'callee';
  /** What it may act on one way only: packets sent and got, or calls made and taken. */
  readonly direction: 'none' | 'packets' | 'calls';
}

/** What a cluster is made of, whatever state it is in. */
export type ClusterPlan = Pick<Cluster, 'spec' | 'topology'>;

/** A kind of fault, whatever its parameters. */
export interface FaultKind {
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  readonly knownAs: KnownAs;
  readonly severities: readonly Severity[];
  /** In the order in which a board keeps their values. */
  readonly parameterNames: readonly string[];
  readonly scope: FaultScope;
  /** Whether it has anything to act on here, by what the cluster is made of. `target` counts within the kind. */
  suits(plan: ClusterPlan, target: number): boolean;
  /** Whether it would now do something here that a repair can undo: by nothing but what `Cluster.revision` counts. */
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
  readonly parameters: Readonly<Record<string, number>>;
  /** Service that it is confined to, -1 = none in particular. */
  readonly peer: number;
  readonly direction: Direction;
  /** Owner of every effect it starts: the end of a fault is the end of what its owner started. */
  readonly owner: number;
  /** Pulses so far. */
  readonly pulses: number;
  /**
   * Live replicas of the target service, at least one: as many as the script's mode says, else up to `countMax` within
   * the share that chaos may touch.
   */
  replicas(countMax: number): readonly number[];
}

/** A fault as its file states it, with typed parameters. */
interface FaultForm<P extends string> {
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  readonly knownAs: KnownAs;
  readonly severities: readonly Severity<P>[];
  readonly peer?: FaultScope['peer'];
  readonly direction?: FaultScope['direction'];
  readonly suits?: (plan: ClusterPlan, target: number) => boolean;
  readonly legal?: (situation: Situation, target: number) => boolean;
  readonly apply: (context: FaultContext, parameters: Readonly<Record<P, number>>) => void;
  readonly firstPulseSeconds?: (parameters: Readonly<Record<P, number>>) => number | null;
  readonly pulse?: (context: FaultContext, parameters: Readonly<Record<P, number>>) => number | null;
}

/** Makes a catalogue entry; a fault without conditions of its own is legal wherever chaos may act. */
export function faultKind<P extends string>(form: FaultForm<P>): FaultKind {
  const { name, target, meaning, knownAs, severities } = form;
  const parameterNames = Object.keys(severities[0]?.parameters ?? {});
  const parametersOf = (context: FaultContext) => context.parameters as Readonly<Record<P, number>>;
  return {
    name,
    target,
    meaning,
    knownAs,
    severities,
    parameterNames,
    scope: {
      replicas: parameterNames.includes('replicasMax'),
      peer: form.peer ?? 'none',
      direction: form.direction ?? 'none',
    },
    suits: form.suits ?? (() => true),
    legal: form.legal ?? (() => true),
    apply: (context) => {
      form.apply(context, parametersOf(context));
      return form.firstPulseSeconds?.(parametersOf(context)) ?? null;
    },
    pulse: (context) => form.pulse?.(context, parametersOf(context)) ?? null,
  };
}
