/** Restarts one service after the other whatever happens: shows that a good score needs looking. */

import { assert } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import { NO_OP } from '../contract/index.ts';
import { ObservationReader } from './observation-reader.ts';

/** A policy that restarts the next service in turn as soon as its mask allows. */
export function createRestartEverythingPolicy(): Policy {
  let reader: ObservationReader | undefined;
  let restart = -1;
  let next = 0;
  return {
    name: 'restart-everything',
    reset(context: PolicyContext): void {
      reader = new ObservationReader(context);
      restart = reader.verb('service.restart');
      assert(restart >= 0, 'this role cannot restart a service');
      next = 0;
    },
    act(observation: Observation): number {
      assert(reader !== undefined, 'act before reset');
      for (let tried = 0; tried < reader.componentCount; tried += 1) {
        const component = (next + tried) % reader.componentCount;
        const choice = reader.choice(observation, component, restart);
        if (choice === NO_OP) continue;
        next = component + 1;
        return choice;
      }
      return NO_OP;
    },
  };
}
