/** The scripted policies there are, by name. To add one: write its file and a line here. */

import { assert } from '../base/index.ts';
import type { LookAhead, Policy } from '../contract/index.ts';
import { createMonkeyPolicy } from './monkey-policy.ts';
import { createNonePolicy } from './none-policy.ts';
import { createPlannerPolicy } from './planner-policy.ts';
import { createRandomPolicy } from './random-policy.ts';
import { createRestartEverythingPolicy } from './restart-everything-policy.ts';
import { createRestartFailedPolicy } from './restart-failed-policy.ts';
import { createRunbookPolicy } from './runbook-policy.ts';

/** What a policy may need beyond its context. */
export interface PolicyResources {
  /** Only privileged policies get it. */
  readonly lookAhead?: LookAhead;
}

/** A policy one can ask for by name. */
export interface PolicyEntry {
  readonly name: string;
  /** Roles it can play. */
  readonly roles: readonly string[];
  /** Whether it reads the true state: an upper bound, not an agent that could be deployed. */
  readonly privileged: boolean;
  readonly meaning: string;
  make(resources: PolicyResources): Policy;
}

/** Every scripted policy. */
export const policyCatalogue: readonly PolicyEntry[] = [
  scripted('none', ['order', 'chaos'], 'does nothing', createNonePolicy),
  scripted('random', ['order', 'chaos'], 'picks any legal action', createRandomPolicy),
  scripted('restart-everything', ['order'], 'restarts one service after the other', createRestartEverythingPolicy),
  scripted('restart-failed', ['order'], 'restarts the service that looks worst', createRestartFailedPolicy),
  scripted('runbook', ['order'], 'finds the cause below a symptom and repairs by the book', createRunbookPolicy),
  {
    name: 'planner',
    roles: ['order'],
    privileged: true,
    meaning: 'upper bound: searches with the true state',
    make: ({ lookAhead }) => {
      assert(lookAhead !== undefined, 'the planner needs a look-ahead');
      return createPlannerPolicy(lookAhead);
    },
  },
  scripted('monkey', ['chaos'], 'random faults at random times, spread over the contest', createMonkeyPolicy),
];

/** The policy of that name, if there is one. */
export function findPolicy(name: string): PolicyEntry | undefined {
  return policyCatalogue.find((entry) => entry.name === name);
}

function scripted(name: string, roles: readonly string[], meaning: string, make: () => Policy): PolicyEntry {
  return { name, roles, privileged: false, meaning, make: () => make() };
}
