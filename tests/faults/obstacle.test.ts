/** Why a fault cannot be started: what the board answers for scripts and for what chaos chooses. */
import { describe, expect, test } from 'vitest';
import { type FaultRules, faultVerbs } from '../../src/faults/index.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

describe('what keeps a fault from being started', () => {
  const at = ({ cluster }: ContestedCluster, verb: string, place: string) => ({
    component: cluster.topology.componentNames.indexOf(place),
    verb: faultVerbs.findIndex(({ name }) => name === verb),
  });

  test('is named: one in force there, too many replicas touched, or nothing to do', () => {
    const contested = contestedCluster({ rules: { replicaShareMax: 0.34 } });
    const { faults, fault, runTo } = contested;
    runTo(20);
    expect(faults.obstacle(at(contested, 'disk.fill.mild', 'store-disk-0'))).toBeNull();
    fault('disk.fill', 'mild', 'store-disk-0');
    expect(faults.obstacle(at(contested, 'disk.fill.severe', 'store-disk-0'))).toBe('inForce');
    expect(faults.obstacle(at(contested, 'disk.fill.mild', 'store-disk-1'))).toBe('replicaShare');
    expect(faults.obstacle(at(contested, 'link.partition.mild', 'a--b'))).toBe('noEffect');
  });

  test('of those that chaos chooses is also a rule of the contest, which scripts do not know', () => {
    const obstacleOf = (rules: Partial<FaultRules>) => {
      const contested = contestedCluster({ rules });
      contested.runTo(20);
      contested.fault('service.slow', 'mild', 'front');
      const action = at(contested, 'service.errors.severe', 'front');
      expect(contested.faults.obstacle(action)).toBeNull();
      return contested.faults.choiceObstacle(action);
    };
    expect(obstacleOf({})).toBeNull();
    expect(obstacleOf({ faultsConcurrentMax: 1 })).toBe('concurrent');
    expect(obstacleOf({ cooldownSeconds: 30 })).toBe('cooldown');
    expect(obstacleOf({ chaosBudget: 1 })).toBe('budget');
    expect(obstacleOf({ faultsAllowed: ['service.slow'] })).toBe('notOffered');
  });
});
