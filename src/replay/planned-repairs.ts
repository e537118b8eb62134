/** An order agent that does stated repairs at stated times: to see what a repair would do, and for demonstrations. */

import { DeeplOpsError, nearestName } from '../base/index.ts';
import { encodeChoice, NO_OP, type Observation, type Policy, type Topology, type VerbSpec } from '../contract/index.ts';
import type { ContestEnvironment } from '../environment/index.ts';
import { parseQuantity } from '../scenario/index.ts';

/** A repair to do at a time. */
export interface PlannedRepair {
  readonly verb: string;
  /** Name of a component. */
  readonly component: string;
  /** Since the contest began. */
  readonly atSeconds: number;
}

/** Reads `service.restart on cart at 2m`, in the words of recordings. Throws USAGE. */
export function parsePlannedRepair(text: string): PlannedRepair {
  const [, verb = '', component = '', time = ''] = /^\s*(\S+)\s+on\s+(\S+)\s+at\s+(\S+)\s*$/.exec(text) ?? [];
  const atSeconds = parseQuantity('duration', Number.isNaN(Number(time)) ? time : Number(time));
  if (verb !== '' && atSeconds !== null && atSeconds >= 0) return { verb, component, atSeconds };
  throw new DeeplOpsError('USAGE', `"${text}" is not a repair with a place and a time`, {
    hint: 'Write "REPAIR on COMPONENT at TIME", for instance "service.restart on cart at 2m".',
  });
}

interface Step {
  readonly choice: number;
  readonly atSeconds: number;
  readonly verb: string;
  readonly component: string;
  done: boolean;
}

/**
 * The policy. It does each repair at the first decision at or after its time at which it is on offer, and again when it
 * failed. Throws USAGE for a verb or component that does not exist.
 */
export function createPlannedRepairs(environment: ContestEnvironment, repairs: readonly PlannedRepair[]): Policy {
  const { topology, specs, events, cluster, scenario } = environment;
  const steps = repairs.map((repair) => stepOf(repair, topology, specs.order.action.verbs));
  events.on('repairFinished', ({ verb, component, succeeded }) => {
    if (succeeded) return;
    const failed = steps.findLast((step) => step.done && step.verb === verb && step.component === component);
    if (failed) failed.done = false;
  });
  return {
    name: 'planned repairs',
    reset(): void {
      for (const step of steps) step.done = false;
    },
    act({ mask }: Observation): number {
      const now = cluster.nowSeconds - scenario.contest.warmUpSeconds;
      const next = steps.find(({ done, atSeconds, choice }) => !done && atSeconds <= now && mask[choice] === 1);
      if (next === undefined) return NO_OP;
      next.done = true;
      return next.choice;
    },
  };
}

function stepOf(repair: PlannedRepair, topology: Topology, verbs: readonly VerbSpec[]): Step {
  const names = verbs.map(({ name }) => name);
  const verb = indexOf(repair.verb, names, 'repair');
  const target = verbs[verb]?.target ?? '';
  const fitting = topology.components.filter(({ kind }) => kind === target).map(({ name }) => name);
  indexOf(repair.component, fitting, target);
  const component = topology.components.findIndex(({ name }) => name === repair.component);
  return { ...repair, choice: encodeChoice({ component, verb }, verbs.length), done: false };
}

function indexOf(name: string, names: readonly string[], kind: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const guess = nearestName(name, names);
  const hint = guess ? `Did you mean ${guess}?` : `There are: ${names.join(', ')}.`;
  throw new DeeplOpsError('USAGE', `there is no ${kind} "${name}"`, { hint });
}
