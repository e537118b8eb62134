/** Plays rules: what an on-call engineer with the rule sheet in hand would do, decision by decision. */

import { assert } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import { RuleEngine, type RuleSet } from '../decide/index.ts';

/** A policy that follows the rules; SPEC_MISMATCH at reset where they were made for other features or verbs. */
export function createRulesPolicy(rules: RuleSet, name = 'rules'): Policy {
  let engine: RuleEngine | undefined;
  return {
    name,
    reset({ spec, topology }: PolicyContext): void {
      engine = new RuleEngine(rules, spec, topology);
    },
    act(observation: Observation): number {
      assert(engine !== undefined, 'act before reset');
      return engine.choose(observation);
    },
  };
}
