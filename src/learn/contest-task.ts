/** The contest between chaos and order as a learning task, on one scenario or several. */

import { assert } from '../base/index.ts';
import type { Policy, VectorEnvironment } from '../contract/index.ts';
import {
  ContestVector,
  chaosMoments,
  contestRoles,
  contestSpecs,
  createVectorEnvironment,
  type VectorOptions,
} from '../environment/index.ts';
import { findPolicy } from '../policies/index.ts';
import type { LearningTask } from './task.ts';

type Scenario = Parameters<typeof createVectorEnvironment>[0][number];

/** Options of the task `contest`. */
export interface ContestTaskOptions {
  /** Environment i of a run plays `scenarios[i % scenarios.length]`. */
  readonly scenarios: readonly Scenario[];
  readonly engine: VectorOptions['engine'];
  /** Pay a learning chaos only for what good repair could have avoided; slower, and worth it. */
  readonly regret: boolean;
  /** See `VectorOptions.monitoringGapsMax`: signals are late and missing at random in training. */
  readonly monitoringGapsMax?: VectorOptions['monitoringGapsMax'] | undefined;
  /** Start the faults of the scenarios' scripts by themselves; default false. */
  readonly script?: boolean;
}

/** The task; its scripted opponents do not look at the true state. */
export function createContestTask(options: ContestTaskOptions): LearningTask {
  const { scenarios, engine, monitoringGapsMax = null } = options;
  const first = scenarios[0];
  assert(first !== undefined, 'a contest needs a scenario');
  const probe = createVectorEnvironment(scenarios, { engine, size: scenarios.length });
  return {
    roles: contestRoles,
    turns: ['order', 'chaos'],
    specs: contestSpecs(),
    componentsMax: probe.componentsMax,
    episodeStepsMax: Math.max(...scenarios.map(episodeSteps)),
    decisionSeconds: first.contest.decisionSeconds,
    scripts: { chaos: ['monkey'], order: ['runbook'] },
    quietRole: 'chaos',
    failures: {
      role: 'chaos',
      scenarios: scenarios.map(({ name, contest }) => ({ name, moments: chaosMoments(contest) })),
      scenarioOf: (environment) => environment % scenarios.length,
      avoidable: (scenario, summary) =>
        options.regret ? avoidableShare(scenarios[scenario]!.contest.rewards, summary) : undefined,
    },
    summaryKeys: ['repaired', 'availability', 'faults', 'repairs', 'repairsFailed', 'falseRepairs', 'brokenSeconds'],
    createEnvironment: ({ first: from, size, scored }) => {
      const own = Array.from({ length: size }, (_, index) => scenarios[(from + index) % scenarios.length]!);
      const gaps = scored ? null : monitoringGapsMax;
      return createVectorEnvironment(own, { engine, script: options.script ?? false, size, monitoringGapsMax: gaps });
    },
    topologyOf: (environment) => probe.topologyOf(environment % scenarios.length),
    createOpponent,
    onLearner: (environment: VectorEnvironment, role: string): void => {
      if (environment instanceof ContestVector) environment.regret = options.regret && role === 'chaos';
    },
    success: (role, { repaired = 0 }) => (role === 'order' ? repaired : 1 - repaired),
  };
}

function createOpponent(name: string, environment?: VectorEnvironment): Policy {
  const entry = findPolicy(name);
  assert(entry !== undefined, `there is no opponent ${name}`);
  if (!entry.privileged) return entry.make({});
  assert(environment instanceof ContestVector, `${name} needs the environment it plays in`);
  return entry.make({ lookAhead: environment.lookAheadOf(0) });
}

/** Of the loss of an episode, the share that chaos was paid for: what good repair could have avoided. */
function avoidableShare(
  weights: Scenario['contest']['rewards'],
  summary: Readonly<Record<string, number>>,
): number | undefined {
  const { chaosReturn = 0, faultCost = 0, lossSeconds = 0 } = summary;
  const whole = weights.regretWeight * weights.lossWeight * lossSeconds;
  return whole > 0 ? (chaosReturn + weights.faultCostWeight * faultCost) / whole : undefined;
}

/** Steps of an episode: one ends at the next decision of either role, or with its phase. */
function episodeSteps({ contest }: Scenario): number {
  const { chaos, order } = contest.decisionSeconds;
  const end = contest.contestSeconds + contest.recoverySeconds;
  let steps = 0;
  for (let seconds = 0; seconds < end; steps++) {
    const inContest = seconds < contest.contestSeconds;
    const next = Math.min(nextMultiple(seconds, order), inContest ? nextMultiple(seconds, chaos) : end);
    seconds = inContest ? Math.min(next, contest.contestSeconds) : next;
  }
  // Decision lengths that are no whole number of microseconds may add a step at each border.
  return steps + 2;
}

function nextMultiple(value: number, unit: number): number {
  return (Math.floor(value / unit + 1e-9) + 1) * unit;
}
