/** Checks of what agents and listeners get: observations, masks, rewards, signals, verdict. */

import type { Cluster } from '../../cluster/index.ts';
import { signalNames } from '../../cluster/index.ts';
import { NO_OP, type Observation } from '../../contract/index.ts';
import type { ContestEnvironment } from '../../environment/index.ts';
import type { Complain } from './fuzz-report.ts';
import { within } from './number-checks.ts';

/** Signals that are shares of a whole. Ready replicas, of those declared, may be more than all after scaling out. */
const shares = [
  'errorRatio',
  'retryRatio',
  'replicaSpread',
  'nodeReady',
  'loss',
  'diskUsed',
  'diskErrors',
] as const satisfies readonly (typeof signalNames)[number][];
const WIDTH = signalNames.length;
const SHARE_SLACK = 1e-6;

/** Complains of what a step gave that cannot be. */
export function checkContest(environment: ContestEnvironment, complain: Complain): void {
  const { chaos, order } = environment.rewards;
  if (!(Number.isFinite(chaos) && Number.isFinite(order))) complain('rewards', `chaos ${chaos}, order ${order}`);
  checkObservation('chaos', environment.observations.chaos, complain);
  checkObservation('order', environment.observations.order, complain);
  checkSignals(environment.cluster, complain);
  if (environment.verdict !== undefined) checkVerdict(environment.verdict, complain);
}

function checkObservation(role: string, seen: Observation, complain: Complain): void {
  for (const part of ['components', 'cluster', 'critic'] as const) {
    // Features are scaled for a network: a large one is a mistake of scale.
    within(complain, { name: `${role}.${part}`, values: seen[part] }, { least: -10, most: () => 10 });
  }
  if (seen.mask[NO_OP] !== 1) complain('no-op', `${role} may not do nothing`);
}

function checkSignals({ monitoring }: Cluster, complain: Complain): void {
  const { delivered, doors } = monitoring;
  within(complain, { name: 'signals', values: delivered }, {});
  for (const name of shares) {
    const column = signalNames.indexOf(name);
    const values: number[] = [];
    for (let cell = column; cell < delivered.length; cell += WIDTH) values.push(delivered[cell]!);
    within(complain, { name: `signal ${name}`, values }, { most: () => 1 + SHARE_SLACK });
  }
  within(complain, { name: 'door success', values: doors.successRatio }, { most: () => 1 + SHARE_SLACK });
  within(complain, { name: 'door shed', values: doors.shedRatio }, { most: () => 1 + SHARE_SLACK });
  within(complain, { name: 'door latency', values: doors.latencyP99 }, {});
}

function checkVerdict(verdict: NonNullable<ContestEnvironment['verdict']>, complain: Complain): void {
  for (const [name, value] of Object.entries(verdict)) {
    if (typeof value === 'number' && !Number.isFinite(value)) complain('verdict', `${name} is ${value}`);
  }
  const { availability, shedRatio, lostWrites, brokenSeconds } = verdict;
  const values = [availability, shedRatio];
  within(complain, { name: 'verdict shares', values }, { most: () => 1 + SHARE_SLACK });
  within(complain, { name: 'verdict amounts', values: [lostWrites, brokenSeconds] }, {});
}
