/** The environment interface: Gymnasium's and PettingZoo's parallel conventions, for any roles. */

import type { ActionSpec, ObservationSpec } from './spec.ts';
import type { Topology } from './topology.ts';

/** What one role sees. The arrays are views that the next `reset` or `step` overwrites; copy them to keep them. */
export interface Observation {
  /** Components x features, row major. */
  readonly components: Float32Array;
  readonly cluster: Float32Array;
  /** For the critic only; a policy never reads it. */
  readonly critic: Float32Array;
  /** One byte per choice, 1 = legal. */
  readonly mask: Uint8Array;
}

/** A role's specs. */
export interface RoleSpec {
  readonly observation: ObservationSpec;
  readonly action: ActionSpec;
}

export type PerRole<T> = Readonly<Record<string, T>>;

/** What `reset` returns. */
export interface ResetResult<Info> {
  readonly observations: PerRole<Observation>;
  readonly info: Info;
}

/** What kind of episode to start. */
export interface ResetOptions {
  /** Decides everything random in the episode. */
  readonly seed: number;
  /** Share of its full difficulty, above 0; left out, 1. What that means is the environment's: a curriculum begins below. */
  readonly difficulty?: number | undefined;
}

/** What `step` returns. `terminated` is the natural end, `truncated` an outside cut: only then is a value bootstrapped. */
export interface StepResult<Info> {
  readonly observations: PerRole<Observation>;
  readonly rewards: PerRole<number>;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Simulated seconds this step took: discounting uses it. */
  readonly elapsedSeconds: number;
  readonly info: Info;
}

/** An opaque copy of an environment's whole state. */
export interface EnvironmentSnapshot {
  readonly state: ArrayBuffer;
}

/** A parallel multi-agent environment with simultaneous moves. */
export interface Environment<Info = unknown> {
  readonly name: string;
  readonly roles: readonly string[];
  readonly topology: Topology;
  readonly specs: PerRole<RoleSpec>;
  /** Starts an episode. */
  reset(options: ResetOptions): ResetResult<Info>;
  /** One decision of every role, as choices. Throws ACTION_INVALID for an illegal choice and RESET_NEEDED after the end. */
  step(choices: PerRole<number>): StepResult<Info>;
  snapshot(): EnvironmentSnapshot;
  restore(snapshot: EnvironmentSnapshot): ResetResult<Info>;
  /** 16 hex digits over the whole simulation state. */
  stateHash(): string;
}

/** What a privileged policy (the planner) may do: look ahead from the true state. Reserved to upper bounds. */
export interface LookAhead {
  /** Steps until the episode ends; a rollout takes no more than these. */
  readonly stepsLeft: number;
  /** Choices of `role` worth trying now, by the true state: the no-op first, then actions on what is really wrong. */
  candidates(role: string): readonly number[];
  /**
   * Plays `choices` for `role`, one per step and then no-ops, for `steps` steps on a copy of the true state, all other
   * roles silent and no action failing by chance, with fresh random streams from `seed`. Returns the sum of rewards; the state is as before.
   */
  rollout(options: {
    readonly role: string;
    readonly choices: readonly number[];
    readonly steps: number;
    readonly seed: number;
  }): number;
}
