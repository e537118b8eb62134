/** Whether good repair can undo every legal single fault: the planner against each one alone, early and at the last moment. */

import { assert } from '../base/index.ts';
import { NO_OP } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment, type Verdict } from '../environment/index.ts';
import { createPlannerPolicy } from '../policies/index.ts';
import { perRole } from '../replay/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { type SingleFault, singleFaults } from './single-fault.ts';
import { withAllFaults } from './with-all-faults.ts';

const EARLY_SECONDS = 60;
const SEED = 1;

/** One fault at one moment. */
export interface PlannerCheckRow {
  readonly fault: SingleFault;
  /** Since the contest began. */
  readonly atSeconds: number;
  /** The fault could be started, and the episode ends repaired. */
  readonly passed: boolean;
  /** Why not; empty when passed. */
  readonly reason: string;
  /** Whether the episode ends well without any repair. */
  readonly healsAlone: boolean;
  /** With the planner as order. */
  readonly verdict: Verdict;
  /** What the planner did: `12 s service.restart cart`. */
  readonly repairs: readonly string[];
}

export interface PlannerCheckOptions {
  /** Names of kinds of faults; default all. */
  readonly faults?: readonly string[];
  /** Each fault on every component, not only where it does most harm; default false. */
  readonly everywhere?: boolean;
  readonly onRow?: (row: PlannerCheckRow) => void;
}

/** Plays every fault twice, whichever the contest allows: a minute into it, and at the last decision of chaos. */
export function checkPlanner(scenario: Scenario, options: PlannerCheckOptions = {}): PlannerCheckRow[] {
  const environment = createEnvironment(withAllFaults(scenario), { engine: 'flow' });
  const { contestSeconds, decisionSeconds } = scenario.contest;
  const last = (Math.ceil(contestSeconds / decisionSeconds.chaos) - 1) * decisionSeconds.chaos;
  return singleFaults(environment, { seed: SEED, ...options }).flatMap((fault) =>
    [EARLY_SECONDS, last].map((atSeconds) => {
      const alone = playEpisode(environment, { fault, atSeconds, planned: false });
      const planned = playEpisode(environment, { fault, atSeconds, planned: true });
      const { verdict, repairs } = planned;
      const reason = verdict.quiet ? 'the rules did not allow the fault then' : verdict.stillBroken.join('; ');
      const healsAlone = alone.verdict.repaired;
      const row = { fault, atSeconds, passed: reason === '', reason, healsAlone, verdict, repairs };
      options.onRow?.(row);
      return row;
    }),
  );
}

interface Plan {
  readonly fault: SingleFault;
  readonly atSeconds: number;
  /** The planner repairs; else nobody. */
  readonly planned: boolean;
}

function playEpisode(environment: ContestEnvironment, plan: Plan): Pick<PlannerCheckRow, 'verdict' | 'repairs'> {
  const planner = createPlannerPolicy(environment.lookAhead);
  const { topology, specs } = environment;
  planner.reset({ role: 'order', topology, spec: perRole(specs, 'order'), seed: SEED });
  const repairs: string[] = [];
  const note = ({ timeSeconds, verb, component }: { timeSeconds: number; verb: string; component: string }): void => {
    repairs.push(`${timeSeconds - plan.atSeconds} s ${verb} ${component}`);
  };
  environment.events.on('repairStarted', note);
  let { observations, info } = environment.reset({ seed: SEED });
  while (environment.running) {
    const due = info.timeSeconds === plan.atSeconds && perRole(observations, 'chaos').mask[plan.fault.choice] === 1;
    const acts = plan.planned && info.timeSeconds >= plan.atSeconds;
    const order = acts ? planner.act(perRole(observations, 'order')) : NO_OP;
    ({ observations, info } = environment.step({ chaos: due ? plan.fault.choice : NO_OP, order }));
  }
  environment.events.off('repairStarted', note);
  assert(info.verdict !== undefined, 'an episode ends with a verdict');
  return { verdict: info.verdict, repairs };
}
