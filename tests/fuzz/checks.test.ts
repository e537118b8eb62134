/** The checks of the fuzz complain when something is wrong: a fuzz that never fails would prove nothing. */
import { beforeEach, expect, test } from 'vitest';
import { Phase } from '../../src/cluster/index.ts';
import { type ContestEnvironment, createEnvironment, type EngineName } from '../../src/environment/index.ts';
import { checkCluster } from '../../src/validation/fuzz/cluster-checks.ts';
import { checkContest } from '../../src/validation/fuzz/contest-checks.ts';
import { fuzzCase } from '../../src/validation/fuzz/fuzz-case.ts';
import { playFuzzCase } from '../../src/validation/fuzz/fuzz-episode.ts';
import { MeterChecks } from '../../src/validation/fuzz/meter-checks.ts';
import { checkCounts } from '../../src/validation/fuzz/request-checks.ts';
import { shrink } from '../../src/validation/fuzz/shrink.ts';
import { smallScenario } from '../support/small-scenario.ts';

let environment: ContestEnvironment;
let meters: MeterChecks;

beforeEach(() => {
  begin('flow');
});

function begin(engine: EngineName): void {
  environment = createEnvironment(smallScenario(), { engine });
  meters = new MeterChecks(environment.cluster);
  environment.reset({ seed: 1 });
  environment.advance(0, 0);
  meters.remember();
}

/** Names of the checks that complain now. */
function complaints(): string[] {
  const checks = new Set<string>();
  const complain = (check: string): void => {
    checks.add(check);
  };
  meters.check(complain);
  checkCluster(environment.cluster, complain);
  checkCounts(environment.cluster, complain);
  checkContest(environment, complain);
  const place = environment.firstNotANumber();
  return [...checks, ...(place === null ? [] : [place])];
}

test.each<EngineName>(['flow', 'request'])('a healthy cluster gives no cause for complaint (%s)', (engine) => {
  begin(engine);
  expect(complaints()).toEqual([]);
});

test('a total that falls is noticed', () => {
  environment.cluster.meters.services.requests[1]! -= 1;
  expect(complaints()).toContain('meter services.requests');
});

test('an answer that nobody asked for is noticed', () => {
  environment.cluster.meters.workloads.answered[0]! += 1e6;
  expect(complaints()).toContain('users');
});

test('work that never arrived is noticed', () => {
  environment.cluster.meters.replicas.cpuSeconds[0]! += 100;
  expect(complaints()).toContain('work from nothing');
});

test('something that is not a number is noticed, with its place', () => {
  environment.cluster.state.disks.usedBytes[0] = Number.NaN;
  expect(complaints()).toContain('disk.usedBytes[0]');
});

test('a disk with less than nothing on it is noticed', () => {
  environment.cluster.state.disks.usedBytes[0] = -1;
  expect(complaints()).toContain('range of disk.usedBytes');
});

test('a replica that runs nowhere is noticed', () => {
  const { replicas } = environment.cluster.state;
  replicas.node[replicas.phase.indexOf(Phase.running)] = -1;
  expect(complaints()).toContain('replica placement');
});

test('a service that wants more replicas than it has is noticed', () => {
  environment.cluster.state.services.desired[0]! += 1;
  expect(complaints()).toContain('desired replicas');
});

test('a share of more than all is noticed in what monitoring delivers', () => {
  environment.cluster.monitoring.delivered.fill(2);
  expect(complaints()).toContain('range of signal errorRatio');
});

test('features, rewards and masks that cannot be are noticed', () => {
  environment.observations.order.cluster[0] = 1e6;
  environment.observations.chaos.mask[0] = 0;
  expect(complaints()).toEqual(expect.arrayContaining(['range of order.cluster', 'no-op']));
});

test('one request that vanishes from the engine of single requests is noticed', () => {
  begin('request');
  // A dropped request that the engine knows nothing of.
  const { traffic } = environment.cluster;
  const counted = traffic as unknown as { counts: { edge: (edge: number) => object } };
  const { counts } = counted;
  const edge = counts.edge.bind(counts);
  counts.edge = (index) => ({ ...edge(index), succeeded: 0 });
  expect(complaints()).toContain('attempts');
});

test('the same case has the same scenario, moves and states', () => {
  const [first, second] = [1, 2].map(() => playFuzzCase(fuzzCase('flow', 9)));
  expect(second).toEqual(first);
  expect(first!.hashes.length).toBeGreaterThan(2);
});

test('a failing case is thinned out to the moves that show the failure', () => {
  const of = { ...fuzzCase('flow', 9), chaosActs: 1, orderActs: 1, rerun: false };
  const played = playFuzzCase(of);
  // A failure that no move has a part in: nothing needs to be left.
  const failed = { ...played, failure: { engine: of.engine, seed: of.seed, step: 0, check: 'none', what: '' } };
  expect(shrink(of, failed)).toBe(failed);
});
