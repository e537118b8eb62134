/** Judges an episode at its end: repaired, or what is still broken. */

import type { Cluster } from '../cluster/index.ts';
import type { FaultBoard } from '../faults/index.ts';
import type { RepairBoard } from '../repairs/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { Verdict } from './contest-info.ts';
import type { ObjectiveTracker } from './objectives.ts';
import type { Tally } from './tally.ts';

interface Evidence {
  readonly scenario: Scenario;
  readonly cluster: Cluster;
  readonly objectives: ObjectiveTracker;
  readonly tally: Tally;
  readonly faults: FaultBoard;
  readonly repairs: RepairBoard;
}

/** The verdict on an episode that ends now. */
export function judge(evidence: Evidence): Verdict {
  const { tally, objectives, faults, repairs, cluster } = evidence;
  const { sums } = tally;
  const overall = objectives.overall(cluster);
  const availability = overall.offered > 0 ? overall.good / overall.offered : 1;
  const shedRatio = overall.offered > 0 ? overall.shed / overall.offered : 0;
  const lostWrites = totalLostWrites(cluster);
  const stillBroken = reasons(evidence, { availability, shedRatio, lostWrites });
  const quiet = faults.started === 0;
  return {
    repaired: stillBroken.length === 0,
    stillBroken,
    availability,
    quiet,
    faults: faults.started,
    faultCost: faults.spent,
    repairs: repairs.started,
    repairsFailed: repairs.failed,
    repairCost: repairs.spent,
    falseRepairs: quiet ? repairs.started : 0,
    timesToRepairSeconds: tally.repairTimes(),
    brokenSeconds: objectives.brokenSeconds,
    lossSeconds: sums.lossSeconds[0]!,
    shedRatio,
    lostWrites,
    orderReturn: sums.orderReturn[0]!,
    chaosReturn: sums.chaosReturn[0]!,
  };
}

interface Totals {
  readonly availability: number;
  readonly shedRatio: number;
  readonly lostWrites: number;
}

function reasons(evidence: Evidence, totals: Totals): string[] {
  const { scenario, cluster, objectives } = evidence;
  const { contest } = scenario;
  const result: string[] = [];
  const heldSeconds = objectives.heldSeconds(cluster.nowMicros);
  if (heldSeconds < contest.holdSeconds) {
    result.push(`objectives held for the last ${heldSeconds.toFixed(0)} s only, not ${contest.holdSeconds} s`);
  }
  if (totals.availability < contest.availabilityMin) {
    result.push(`availability ${percent(totals.availability)} is below ${percent(contest.availabilityMin)}`);
  }
  if (totals.shedRatio > contest.shedRatioMax) {
    result.push(`${percent(totals.shedRatio)} of the users were refused, more than ${percent(contest.shedRatioMax)}`);
  }
  if (totals.lostWrites > contest.lostWritesMax) {
    result.push(`${totals.lostWrites.toFixed(0)} acknowledged writes are lost, more than ${contest.lostWritesMax}`);
  }
  cluster.spec.services.forEach((service, index) => {
    const live = cluster.servingReplicas(index);
    if (live < service.replicasRequired) {
      result.push(`${service.name} has ${live} of ${service.replicasRequired} required replicas`);
    }
  });
  return result;
}

function totalLostWrites(cluster: Cluster): number {
  let sum = 0;
  for (const writes of cluster.state.services.writesLost) sum += writes;
  return sum;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(2)} %`;
}
