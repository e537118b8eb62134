/** What can be learned: environments, opponents and what counts as success, made from a plain description. */

import type { PerRole, Policy, RoleSpec, Topology, VectorEnvironment } from '../contract/index.ts';
import type { FailureSpace } from './archive/failure-space.ts';

/** Names a task and its options as plain data, so that every worker can make the same task from it. */
export interface TaskDescription {
  readonly name: string;
  readonly options: unknown;
}

/** Some of a run's environments, for training or for scoring agents. */
interface EnvironmentRange {
  readonly first: number;
  readonly size: number;
  readonly scored?: boolean;
}

/** A task for the learner: any roles, any environment. */
export interface LearningTask {
  readonly roles: readonly string[];
  /** The roles in the order in which they take turns at learning. */
  readonly turns: readonly string[];
  readonly specs: PerRole<RoleSpec>;
  /** Most components of any environment: rows are padded to this. */
  readonly componentsMax: number;
  /** No episode has more steps. */
  readonly episodeStepsMax: number;
  /** The time unit of discounting, by role: one decision. */
  readonly decisionSeconds: PerRole<number>;
  /** Scripted opponents that may hold a role's seat, by role. */
  readonly scripts: PerRole<readonly string[]>;
  /** The role whose silence makes a quiet episode; undefined where there is none. */
  readonly quietRole: string | undefined;
  /** Where an archive of failure scripts makes sense. */
  readonly failures?: FailureSpace | undefined;
  /** Environments `first .. first + size - 1` of the run; `scored`: without anything that only training adds to them. */
  createEnvironment(range: EnvironmentRange): VectorEnvironment;
  /** Who depends on whom in environment `environment` of the run, in all of its episodes. */
  topologyOf(environment: number): Topology;
  /** A scripted policy. One that looks ahead from the true state does so in `environment`, of size 1, and needs it. */
  createOpponent(name: string, environment?: VectorEnvironment): Policy;
  /** Called before steps in which another role learns than before, where an environment cares. */
  onLearner?(environment: VectorEnvironment, role: string): void;
  /** Names of the summary's numbers that are worth logging. */
  readonly summaryKeys: readonly string[];
  /** How well `role` did in an episode that ended with this summary: 0 to 1. */
  success(role: string, summary: Readonly<Record<string, number>>): number;
}
