/** The learners of a run as it begins: new ones, or such as start from an agent. */

import { assert } from '../base/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { RoleLearner } from './role-learner.ts';
import { type RunDimensions, referenceSlot } from './run-dimensions.ts';
import type { SharedRun } from './shared-run.ts';
import { roleSettings, type TrainSettings } from './train-settings.ts';

/** What learners are made of. */
export interface LearnersParts {
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly settings: TrainSettings;
  /** Parameters of each role's network. */
  readonly counts: readonly number[];
  /** The agents that `startFrom` in the settings names, by role. */
  readonly agents: Readonly<Record<string, NeuralAgent>>;
}

/** One learner for each role. SPEC_MISMATCH where one cannot start from its agent. */
export function createLearners({ dimensions, shared, settings, counts, agents }: LearnersParts): RoleLearner[] {
  const { seed, deviationMin, startFrom } = settings;
  return dimensions.roles.map((own, index) => {
    const { scaleRewards, noOpLogit } = roleSettings(settings, own.role);
    const memory = { dimensions: own, parameters: shared.parameters[index]!, parameterCount: counts[index]! };
    const learner = new RoleLearner({ ...memory, seed, scaleRewards, noOpLogit, deviationMin });
    if (startFrom[own.role] === undefined) return learner;
    const agent = agents[own.role];
    assert(agent !== undefined, `the agent that ${own.role} starts from is there`);
    learner.adopt(agent);
    learner.snapshotTo(referenceSlot(dimensions));
    return learner;
  });
}
