/** Reference environments as learning tasks: what a learner must master before it is trusted with anything else. */

import { assert } from '../../base/index.ts';
import type { Environment, Policy } from '../../contract/index.ts';
import { findPolicy } from '../../policies/index.ts';
import type { LearningTask } from '../task.ts';
import { acrobot } from './acrobot.ts';
import { cartPole } from './cart-pole.ts';
import { endless } from './endless.ts';
import { createEntitiesEnvironment, type EntitiesOptions } from './entities.ts';
import { identityDynamics } from './identity.ts';
import { AGENT_ROLE, createSingleComponentEnvironment, type Dynamics } from './single-component-environment.ts';
import { type EpisodeInfo, vectorise } from './vector-adapter.ts';

/** CartPole-v1; success is the share of the 500 steps the pole stood. */
export function createCartPoleTask(): LearningTask {
  return singleRoleTask(cartPole, 500);
}

/** Acrobot-v1; success grows from 0 (never up within 500 steps) to 1 (up at once). */
export function createAcrobotTask(): LearningTask {
  const task = singleRoleTask(acrobot, 500);
  return { ...task, success: (_role, { episodeReturn = 0 }) => 1 + episodeReturn / 500 };
}

/** Name the state you see; success is the share of right answers. */
export function createIdentityTask(options: { readonly states: number; readonly invalid: number }): LearningTask {
  return singleRoleTask(identityDynamics(options), 100);
}

/** A reward per step for ever, in episodes that are cut. */
export function createEndlessTask(): LearningTask {
  return singleRoleTask(endless, 10);
}

/** A toy contest of many components. */
export function createEntitiesTask(options: EntitiesOptions): LearningTask {
  const make = (): Environment<EpisodeInfo> => createEntitiesEnvironment(options);
  return {
    roles: ['chaos', 'order'],
    turns: ['order', 'chaos'],
    specs: make().specs,
    componentsMax: options.components,
    episodeStepsMax: options.episodeSteps,
    decisionSeconds: { chaos: 5, order: 5 },
    scripts: { chaos: ['random'], order: ['random', 'none'] },
    quietRole: 'chaos',
    summaryKeys: ['repaired', 'brokenMean'],
    createEnvironment: ({ size }) => vectorise(Array.from({ length: size }, make)),
    createOpponent,
    success: (role, { repaired = 0 }) => (role === 'order' ? repaired : 1 - repaired),
  };
}

function singleRoleTask(dynamics: Dynamics, returnMax: number): LearningTask {
  const make = (): Environment<EpisodeInfo> => createSingleComponentEnvironment(dynamics);
  return {
    roles: [AGENT_ROLE],
    turns: [AGENT_ROLE],
    specs: make().specs,
    componentsMax: 1,
    episodeStepsMax: returnMax,
    decisionSeconds: { [AGENT_ROLE]: 1 },
    scripts: {},
    quietRole: undefined,
    summaryKeys: ['episodeReturn', 'steps'],
    createEnvironment: ({ size }) => vectorise(Array.from({ length: size }, make)),
    createOpponent,
    success: (_role, { episodeReturn = 0 }) => episodeReturn / returnMax,
  };
}

function createOpponent(name: string): Policy {
  const entry = findPolicy(name);
  assert(entry !== undefined, `there is no opponent ${name}`);
  return entry.make({});
}
