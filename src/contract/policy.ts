/** The policy interface: a choice from an observation, nothing else in hand. */

import type { Observation, RoleSpec } from './environment.ts';
import type { Topology } from './topology.ts';

/** What a policy gets before an episode: public facts only. */
export interface PolicyContext {
  readonly role: string;
  readonly topology: Topology;
  readonly spec: RoleSpec;
  /** Seeds the policy's own draws. */
  readonly seed: number;
}

/** Decides an action from an observation. */
export interface Policy {
  readonly name: string;
  reset(context: PolicyContext): void;
  /** A legal choice. */
  act(observation: Observation): number;
  /** Another choice was played than `act` just gave; for policies that remember what they did. */
  overruled?(played: number): void;
}
