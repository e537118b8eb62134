/** Reference environments as learning tasks: what a learner must master before it is trusted with anything else. */

import { assert } from '../../base/index.ts';
import type { Environment, Policy } from '../../contract/index.ts';
import { findPolicy } from '../../policies/index.ts';
import type { LearningTask } from '../task.ts';
import { createEntitiesEnvironment, type EntitiesOptions } from './entities.ts';
import { referenceDynamics } from './reference-catalogue.ts';
import { AGENT_ROLE, createSingleRoleEnvironment } from './single-role-environment.ts';
import { type EpisodeInfo, vectorise } from './vector-adapter.ts';

/**
 * A reference environment of one role as a task. Success is the return as a share of one reward per step, or for tasks
 * that only pay off by ending soon, of a reward of -1 per step that was spared.
 */
export function createReferenceTask(name: string, options: unknown): LearningTask {
  const dynamics = referenceDynamics(name, options);
  const make = (environment: number): Environment<EpisodeInfo> => {
    return createSingleRoleEnvironment(referenceDynamics(name, options, environment));
  };
  const { specs, topology } = make(0);
  return {
    roles: [AGENT_ROLE],
    turns: [AGENT_ROLE],
    specs,
    componentsMax: topology.components.length,
    episodeStepsMax: dynamics.stepsMax,
    decisionSeconds: { [AGENT_ROLE]: 1 },
    scripts: {},
    quietRole: undefined,
    summaryKeys: ['episodeReturn', 'steps'],
    createEnvironment: ({ first, size }) => vectorise(Array.from({ length: size }, (_, index) => make(first + index))),
    topologyOf: (environment) => make(environment).topology,
    createOpponent,
    success: (_role, { episodeReturn = 0 }) => successOf(episodeReturn / dynamics.stepsMax),
  };
}

/** A toy contest of many components. */
export function createEntitiesTask(options: EntitiesOptions): LearningTask {
  const make = (): Environment<EpisodeInfo> => createEntitiesEnvironment(options);
  const { specs, topology } = make();
  return {
    roles: ['chaos', 'order'],
    turns: ['order', 'chaos'],
    specs,
    componentsMax: options.components,
    episodeStepsMax: options.episodeSteps,
    decisionSeconds: { chaos: 5, order: 5 },
    scripts: { chaos: ['random'], order: ['random', 'none'] },
    quietRole: 'chaos',
    failures: {
      role: 'chaos',
      scenarios: [{ name: 'entities', moments: toyMoments(options.episodeSteps) }],
      scenarioOf: () => 0,
      avoidable: () => undefined,
    },
    summaryKeys: ['repaired', 'brokenMean'],
    createEnvironment: ({ size }) => vectorise(Array.from({ length: size }, make)),
    topologyOf: () => topology,
    createOpponent,
    success: (role, { repaired = 0 }) => (role === 'order' ? repaired : 1 - repaired),
  };
}

function successOf(rewardPerStep: number): number {
  return Math.min(1, Math.max(0, rewardPerStep < 0 ? 1 + rewardPerStep : rewardPerStep));
}

function toyMoments(steps: number): { readonly step: number; readonly seconds: number }[] {
  return Array.from({ length: steps }, (_, step) => ({ step, seconds: 5 * step }));
}

function createOpponent(name: string): Policy {
  const entry = findPolicy(name);
  assert(entry !== undefined, `there is no opponent ${name}`);
  return entry.make({});
}
