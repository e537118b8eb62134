/** Breakers as the control plane moves them; users are absent, so that the counts are the test's own. */
import { describe, expect, test } from 'vitest';
import { Breaker, type BreakerSpec } from '../../src/cluster/index.ts';
import { callSpec, clusterSpec } from '../support/cluster-spec.ts';
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts';

const breaker: BreakerSpec = {
  failureRatioMax: 0.5,
  windowSeconds: 10,
  attemptsMin: 20,
  openSeconds: 15,
  trialsPerSecond: 2,
};

/** Row of the second replica of the second service, whose calls to the store have a breaker. */
const CALL = 1;
const OWNER = 1;

interface Watched extends RunningCluster {
  readonly row: number;
  count(attempts: number, failures: number): void;
  state(row?: number): number;
}

function watched(changes: Partial<BreakerSpec> = {}): Watched {
  const base = clusterSpec();
  const calls = [callSpec(0, 1), callSpec(1, 2, { breaker: { ...breaker, ...changes } })];
  const workloads = [{ ...base.workloads[0]!, requestsPerSecond: 0 }];
  const running = runningCluster({ ...base, calls, workloads });
  const { topology, state } = running.cluster;
  const row = topology.callerPortStart[CALL]! + 1;
  return {
    ...running,
    row,
    count: (attempts, failures) => {
      state.callers.attempts[row]! += attempts;
      state.callers.failures[row]! += failures;
    },
    state: (at = row) => state.callers.breaker[at]!,
  };
}

/** Opens at second 10. */
function opened(): Watched {
  const world = watched();
  world.runTo(5);
  world.count(100, 51);
  world.runTo(10);
  expect(world.state()).toBe(Breaker.open);
  return world;
}

describe('a closed breaker', () => {
  test('opens at the end of a window in which more than the stated share failed, for its own replica alone', () => {
    const world = watched();
    world.runTo(2);
    world.count(100, 51);
    world.runTo(9);
    expect(world.state()).toBe(Breaker.closed);
    world.runTo(10);
    expect(world.state()).toBe(Breaker.open);
    expect(world.state(world.row - 1)).toBe(Breaker.closed);
  });

  test('stays closed when no more than that failed', () => {
    const world = watched();
    world.count(100, 50);
    world.runTo(30);
    expect(world.state()).toBe(Breaker.closed);
  });

  test('does not count a window with too few attempts', () => {
    const world = watched();
    world.count(19, 19);
    world.runTo(30);
    expect(world.state()).toBe(Breaker.closed);
  });

  test('forgets a window once the next has begun', () => {
    const world = watched();
    world.count(15, 15);
    world.runTo(15);
    world.count(15, 15);
    world.runTo(30);
    expect(world.state()).toBe(Breaker.closed);
  });
});

describe('an open breaker', () => {
  test('lets trials through after its time, and counts them anew', () => {
    const world = opened();
    world.runTo(24);
    expect(world.state()).toBe(Breaker.open);
    world.runTo(25);
    expect(world.state()).toBe(Breaker.halfOpen);
    expect(world.cluster.state.callers.attempts[world.row]).toBe(0);
  });

  test.each([
    { name: 'closes when most trials succeed', failures: 1, becomes: Breaker.closed },
    { name: 'opens again when they fail, though they are few', failures: 3, becomes: Breaker.open },
  ])('$name', ({ failures, becomes }) => {
    const world = opened();
    world.runTo(26);
    world.count(4, failures);
    world.runTo(34);
    expect(world.state()).toBe(Breaker.halfOpen);
    world.runTo(35);
    expect(world.state()).toBe(becomes);
  });

  test('stays half open until there has been a trial', () => {
    const world = opened();
    world.runTo(60);
    expect(world.state()).toBe(Breaker.halfOpen);
    world.count(1, 0);
    world.runTo(61);
    expect(world.state()).toBe(Breaker.closed);
  });

  test('closes with the process that kept it', () => {
    const world = opened();
    world.cluster.restartReplica(world.cluster.topology.portReplica[world.row]!);
    world.runTo(11);
    expect(world.state()).toBe(Breaker.closed);
  });
});

test('every change of a breaker has a generation of its own', () => {
  const world = opened();
  const { generation } = world.cluster.state.callers;
  expect(generation[world.row]).toBe(1);
  world.runTo(25);
  expect(generation[world.row]).toBe(2);
});

test('a restored snapshot goes on as the run it was taken from', () => {
  const world = opened();
  const snapshot = world.snapshot();
  world.runTo(40);
  const end = world.hash();
  world.cluster.effects.start({ kind: 'replicaSlow', target: 0, value: 2, owner: OWNER });
  world.runTo(50);
  world.restore(snapshot);
  world.runTo(40);
  expect(world.hash()).toBe(end);
});
