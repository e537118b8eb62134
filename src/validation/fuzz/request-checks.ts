/** Exact counts of the engine of single requests: whatever arrived was answered, failed, was lost, or is still there. */

import type { Cluster } from '../../cluster/index.ts';
import type { RequestTraffic } from '../../traffic/index.ts';
import type { Complain } from './fuzz-report.ts';

/** Complains of counts that do not add up; other engines keep none. */
export function checkCounts(cluster: Cluster, complain: Complain): void {
  if (!countsRequests(cluster.traffic)) return;
  const { counts } = cluster.traffic;
  const { calls, replicas } = cluster.topology;
  for (let edge = 0; edge < calls + cluster.spec.workloads.length; edge += 1) {
    const { attempts, ...parts } = counts.edge(edge);
    if (!addUp(attempts, Object.values(parts))) complain('attempts', `edge ${edge}: ${told({ attempts, ...parts })}`);
  }
  for (let replica = 0; replica < replicas; replica += 1) {
    const { entered, ...parts } = counts.replica(replica);
    if (!addUp(entered, Object.values(parts))) complain('requests', `slot ${replica}: ${told({ entered, ...parts })}`);
  }
  const { entities, entitiesMax, usersRefused, callsRefused } = counts;
  if (!(entities >= 0 && entities <= entitiesMax)) complain('entities', `${entities} of ${entitiesMax} are in use`);
  if (!(usersRefused >= 0 && callsRefused >= 0)) complain('entities', `refused ${usersRefused} and ${callsRefused}`);
}

/** Events of single requests so far; an engine without them has none. */
export function eventsOf({ traffic }: Cluster): number {
  return countsRequests(traffic) ? traffic.counts.events : 0;
}

function countsRequests(traffic: Cluster['traffic']): traffic is RequestTraffic {
  return 'counts' in traffic;
}

/** Whole numbers, none negative, whose sum is exactly the whole. */
function addUp(whole: number, parts: readonly number[]): boolean {
  if (![whole, ...parts].every((count) => Number.isSafeInteger(count) && count >= 0)) return false;
  return parts.reduce((sum, part) => sum + part, 0) === whole;
}

function told(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
