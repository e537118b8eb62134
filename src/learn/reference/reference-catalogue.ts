/** The reference environments of one role by name, for learning tasks and for `checkEnvironment`. */

import { assert } from '../../base/index.ts';
import type { Environment } from '../../contract/index.ts';
import { acrobot } from './acrobot.ts';
import { banditDynamics } from './bandit.ts';
import { cartPole } from './cart-pole.ts';
import {
  forcedWait,
  matchedAction,
  memoryProbe,
  mixedActions,
  password,
  rewardedAction,
  unevenSteps,
} from './choice-probes.ts';
import { createEntitiesEnvironment, type EntitiesOptions } from './entities.ts';
import { identityDynamics } from './identity.ts';
import { type NeighboursOptions, neighboursDynamics } from './neighbours.ts';
import { createSingleRoleEnvironment, type Dynamics } from './single-role-environment.ts';
import {
  climbProbe,
  constantProbe,
  delayedProbe,
  endlessProbe,
  observedProbe,
  type ValueProbe,
} from './value-probes.ts';
import type { EpisodeInfo } from './vector-adapter.ts';

const catalogue: Readonly<Record<string, (options: unknown, environment: number) => Dynamics>> = {
  acrobot: () => acrobot,
  bandit: (options) => banditDynamics(options as { arms: number }),
  'cart-pole': () => cartPole,
  climb: valued(climbProbe),
  constant: valued(constantProbe),
  delayed: valued(delayedProbe),
  endless: valued(endlessProbe),
  'forced-wait': () => forcedWait,
  identity: (options) => identityDynamics(options as { states: number; invalid: number }),
  'matched-action': () => matchedAction,
  memory: (options) => memoryProbe(options as { wait?: number }),
  'mixed-actions': () => mixedActions,
  neighbours: (options, environment) => neighboursDynamics(options as NeighboursOptions, environment),
  observed: valued(observedProbe),
  password: () => password,
  'rewarded-action': () => rewardedAction,
  'uneven-steps': () => unevenSteps,
};

/** Names of the reference environments of one role; `entities`, which has two, is the other one there is. */
export const referenceNames: readonly string[] = Object.keys(catalogue);

/** The physics of a reference environment of one role; `environment` is its number in the run, where that matters. */
export function referenceDynamics(name: string, options: unknown, environment: number = 0): Dynamics {
  const make = catalogue[name];
  assert(make !== undefined, `there is no reference environment ${name}`);
  return make(options, environment);
}

/** Makes a reference environment; the options are those of the learning task of the same name. */
export function createReferenceEnvironment(description: {
  readonly name: string;
  readonly options: unknown;
}): Environment<EpisodeInfo> {
  const { name, options } = description;
  if (name === 'entities') return createEntitiesEnvironment(options as EntitiesOptions);
  return createSingleRoleEnvironment(referenceDynamics(name, options));
}

/** Value probes have two actions that do the same, and pay rewards of 1, unless told otherwise. */
function valued(probe: ValueProbe): (options: unknown) => Dynamics {
  return (options) => {
    const { actions = 2, reward = 1 } = options as { actions?: number; reward?: number };
    const plain = probe(actions);
    const apply: Dynamics['apply'] = (state, verb, stream) => {
      const step = plain.apply(state, verb, stream);
      return { ...step, reward: reward * step.reward };
    };
    return { ...plain, apply };
  };
}
