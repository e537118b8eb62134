/** Why a fault cannot be started now: by the state of the cluster, or by what the rules of the contest allow chaos. */

/** The first four are rules that fault scripts do not know; the others hold for everybody. */
export type FaultObstacle =
  | 'notOffered'
  | 'concurrent'
  | 'cooldown'
  | 'budget'
  | 'tableFull'
  | 'inForce'
  | 'replicaShare'
  | 'noReplica'
  | 'otherZone'
  | 'emptyNode'
  | 'noEffect';

const texts: Readonly<Record<FaultObstacle, string>> = {
  notOffered: 'the rules of the contest do not offer it',
  concurrent: 'as many faults are in force as may be at once (faultsConcurrent)',
  cooldown: 'the last fault there began too short a time ago (cooldown)',
  budget: 'it costs more than is left to chaos (chaosBudget)',
  tableFull: 'no more faults can be in force at once',
  inForce: 'a fault of this kind is in force there already',
  replicaShare: 'faults touch as many replicas there as they may (replicaShare)',
  noReplica: 'no replica there is up that no fault touches yet',
  otherZone: 'faults on machines keep to one zone, and one is in another zone',
  emptyNode: 'no replica runs there',
  noEffect: 'it would do nothing, or what no repair can undo',
};

/** In words, as the end of a sentence. */
export function obstacleText(obstacle: FaultObstacle): string {
  return texts[obstacle];
}
