/** Plays one episode decision by decision; recording, benchmarking and watching all drive this one generator. */

import { assert } from '../base/index.ts';
import type { Observation, PerRole, Policy } from '../contract/index.ts';
import type { ContestEnvironment, ContestInfo, Verdict } from '../environment/index.ts';

/** The two sides of a contest. */
export type Role = 'chaos' | 'order';

/** Both sides, chaos first. */
export const ROLES: readonly Role[] = ['chaos', 'order'];

/** Something per side. */
export type BothRoles<T> = Readonly<Record<Role, T>>;

/** Who plays where, and the seed of the environment's and the policies' draws. */
export interface EpisodeOptions {
  readonly environment: ContestEnvironment;
  readonly policies: BothRoles<Policy>;
  readonly seed: number;
}

/** What one step did. */
export interface EpisodeStep {
  readonly choices: BothRoles<number>;
  readonly rewards: BothRoles<number>;
  readonly info: ContestInfo;
}

/** Yields after each step and returns the verdict. Stop iterating to stop the episode. */
export function* playEpisode({ environment, policies, seed }: EpisodeOptions): Generator<EpisodeStep, Verdict> {
  let { observations } = environment.reset({ seed });
  seatPolicies(environment, policies, seed);
  for (;;) {
    const choices = chooseAll(policies, observations);
    const result = environment.step(choices);
    observations = result.observations;
    const { info } = result;
    yield {
      choices,
      rewards: { chaos: perRole(result.rewards, 'chaos'), order: perRole(result.rewards, 'order') },
      info,
    };
    if (!result.terminated && !result.truncated) continue;
    assert(info.verdict !== undefined, 'an episode ends with a verdict');
    return info.verdict;
  }
}

/** Gives both policies what they may know before an episode; SPEC_MISMATCH when one was trained on something else. */
export function seatPolicies(environment: ContestEnvironment, policies: BothRoles<Policy>, seed: number): void {
  const { topology, specs } = environment;
  for (const role of ROLES) policies[role].reset({ role, topology, spec: perRole(specs, role), seed });
}

/** Both moves from the same moment: neither policy sees the other's. */
function chooseAll(policies: BothRoles<Policy>, observations: PerRole<Observation>): BothRoles<number> {
  return {
    chaos: policies.chaos.act(perRole(observations, 'chaos')),
    order: policies.order.act(perRole(observations, 'order')),
  };
}

/** The entry of a side, which a contest always has. */
export function perRole<T>(values: PerRole<T>, role: Role): T {
  const value = values[role];
  assert(value !== undefined, `the environment has no role '${role}'`);
  return value;
}
