/** What requests of the request engine do between callers and callees: time-outs, retries, pools, breakers, caches. */
import { describe, expect, test } from 'vitest';
import { Breaker, type CallSpec, type ServiceSpec } from '../../src/cluster/index.ts';
import { difference } from './flow-world.ts';
import { bareChain, lostOrInvented, type RequestWorld, requestWorld } from './request-world.ts';

const BACK = 1;
const CALL = 0;
const USERS = 1;

const steady: Partial<ServiceSpec> = { serviceTimeShape: 'deterministic', serviceTimeCv: 0 };

/** A front that calls a back once, both as quick as their names allow and on a network that takes no time. */
function pair(options: {
  rate: number;
  front?: Partial<ServiceSpec>;
  back?: Partial<ServiceSpec>;
  call?: Partial<CallSpec>;
  seed?: number;
}): RequestWorld {
  const front = { workers: 100, serviceTimeSeconds: 1e-6, queueMax: 100, ...steady, ...options.front };
  const back = { workers: 10, serviceTimeSeconds: 0.01, queueMax: 1000, ...steady, ...options.back };
  const call = { retriesMax: 0, ...options.call };
  const spec = bareChain([front, back], { rate: options.rate, timeoutSeconds: 10, call });
  return requestWorld(spec, { seed: options.seed ?? 1 });
}

/** Share of users served rightly, and attempts of the call per user, from now to a time. */
function served(world: RequestWorld, toSeconds: number): { good: number; attempts: number; rate: number } {
  const from = world.counts.edge(CALL).attempts;
  const since = world.state.global.nowMicros[0]!;
  const { good, offered } = difference(world, toSeconds, ({ workloads }) => ({
    good: workloads.good[0]!,
    offered: workloads.offered[0]!,
  }));
  world.state.global.nowMicros[0] = 1e6 * toSeconds;
  const attempts = world.counts.edge(CALL).attempts - from;
  return { good: good / offered, attempts: attempts / offered, rate: attempts / (toSeconds - since / 1e6) };
}

describe('time-outs', () => {
  test('a caller gives up at its deadline, the work is done all the same', () => {
    const world = pair({ rate: 20, back: { serviceTimeSeconds: 0.5, workers: 100 }, call: { timeoutSeconds: 0.2 } });
    world.runTo(20);
    const { attempts, succeeded, failed, underWay } = world.counts.edge(CALL);
    expect(succeeded).toBe(0);
    expect(failed).toBe(attempts - underWay);
    expect(underWay).toBeLessThan(20);
    const { finished, inside } = world.counts.replica(BACK);
    expect(finished + inside).toBe(attempts);
    const { failures, answered } = world.meters.services;
    expect(failures[BACK]).toBe(failed);
    expect(answered[BACK]).toBe(0);
    // Users learn of it after 0.2 s, and that the answer is an error.
    expect(world.meters.workloads.good[0]).toBe(0);
    expect(world.meters.workloads.latencySum[0]! / world.meters.workloads.answered[0]!).toBeCloseTo(0.2, 4);
  });

  test('work for callers who have given up keeps workers from others', () => {
    const back = { serviceTimeSeconds: 0.1, workers: 1 };
    const idle = pair({ rate: 5, back, call: { timeoutSeconds: 1 } });
    const storm = pair({ rate: 5, back, call: { timeoutSeconds: 0.05, retriesMax: 3, retryBudgetRatio: Infinity } });
    expect(served(idle, 30).good).toBeGreaterThan(0.98);
    expect(served(storm, 30).good).toBe(0);
    expect(storm.engine.inSystem(BACK)).toBeGreaterThan(50);
  });

  test('a failed optional call leaves the answer right', () => {
    const world = pair({ rate: 20, call: { required: false } });
    world.start('replicaErrors', BACK, 1);
    expect(served(world, 10).good).toBeGreaterThan(0.98);
    expect(world.counts.edge(CALL).succeeded).toBe(0);
  });

  test('calls are made as often as the spec says, a fraction by chance', () => {
    const world = pair({ rate: 200, call: { perRequest: 2.3 } });
    expect(Math.abs(served(world, 20).attempts - 2.3)).toBeLessThan(0.03);
  });
});

describe('retries', () => {
  test('each failure is tried again as often as allowed, after a back-off with full jitter that doubles', () => {
    const call = { retriesMax: 3, backoffSeconds: 0.1, retryBudgetRatio: Infinity };
    const world = pair({ rate: 50, call });
    world.start('replicaErrors', BACK, 1);
    expect(served(world, 40).attempts).toBeCloseTo(4, 1);
    // 0.05 + 0.1 + 0.2 s of pauses and four times 0.01 s of work.
    expect(world.meters.workloads.latencySum[0]! / world.meters.workloads.answered[0]!).toBeCloseTo(0.39, 2);
    expect(world.meters.services.retries[BACK]! / world.counts.edge(USERS).attempts).toBeCloseTo(3, 1);
  });

  test('half the attempts failing, retries save all but a sixteenth', () => {
    const world = pair({ rate: 200, call: { retriesMax: 3, backoffSeconds: 0.01, retryBudgetRatio: Infinity } });
    world.start('replicaErrors', BACK, 0.5);
    const { good, attempts } = served(world, 30);
    expect(Math.abs(good - 15 / 16)).toBeLessThan(0.015);
    expect(Math.abs(attempts - 1.875)).toBeLessThan(0.05);
  });

  test('a budget bounds them to its share of first attempts', () => {
    const world = pair({ rate: 200, call: { retriesMax: 3, backoffSeconds: 0.01, retryBudgetRatio: 0.1 } });
    world.start('replicaErrors', BACK, 1);
    served(world, 20);
    expect(served(world, 60).attempts).toBeCloseTo(1.1, 2);
  });
});

describe('connection pools', () => {
  test('no more calls are under way than connections, and the rest waits in turn', () => {
    const world = pair({ rate: 300, call: { connectionsMax: 2 } });
    let most = 0;
    for (let step = 1; step <= 200; step += 1) {
      world.runTo(step / 20);
      most = Math.max(most, world.engine.inSystem(BACK));
      expect(lostOrInvented(world)).toEqual([]);
    }
    expect(most).toBe(2);
    // Two connections held for 0.01 s each carry 200 a second.
    expect(served(world, 20).rate).toBeLessThan(320);
    expect(world.counts.edge(CALL).succeeded / 20).toBeCloseTo(200, -1);
  });

  test('who waits too long fails without a call', () => {
    const world = pair({ rate: 300, call: { connectionsMax: 1, connectionWaitSeconds: 0.1 } });
    world.runTo(20);
    const { good, answered, latencySum } = world.meters.workloads;
    expect(good[0]! / 20).toBeCloseTo(100, -1);
    expect(latencySum[0]! / answered[0]!).toBeLessThan(0.125);
    expect(world.counts.edge(CALL).failed / 20).toBeGreaterThan(170);
    expect(world.counts.replica(BACK).entered / 20).toBeLessThan(101);
  });

  test('the time-out begins with the connection', () => {
    const world = pair({ rate: 150, call: { connectionsMax: 1, connectionWaitSeconds: 5, timeoutSeconds: 0.05 } });
    world.runTo(3);
    expect(world.counts.edge(CALL).failed).toBe(0);
    expect(world.meters.workloads.latencySum[0]! / world.meters.workloads.answered[0]!).toBeGreaterThan(0.2);
  });

  test('connections that linger after their answers are not free', () => {
    const world = pair({ rate: 100, call: { connectionsMax: 1, connectionWaitSeconds: 0.1 } });
    world.start('portLinger', world.topology.calleePortStart[CALL]!, 0.09);
    world.runTo(20);
    expect(world.meters.workloads.good[0]! / 20).toBeCloseTo(10, 0);
  });
});

describe('breakers and caches', () => {
  const breaker = { failureRatioMax: 0.5, windowSeconds: 5, attemptsMin: 10, openSeconds: 10, trialsPerSecond: 4 };

  test('an open breaker lets nothing out, a half-open one its trials', () => {
    const world = pair({ rate: 100, call: { breaker, retriesMax: 3, retryBudgetRatio: Infinity } });
    expect(served(world, 5).good).toBeGreaterThan(0.98);
    expect(world.state.callers.attempts[0]).toBe(world.counts.edge(CALL).succeeded);
    world.state.callers.breaker[0] = Breaker.open;
    const open = served(world, 10);
    expect(open).toMatchObject({ good: 0, attempts: 0 });
    world.state.callers.breaker[0] = Breaker.halfOpen;
    expect(served(world, 30).rate).toBeCloseTo(4, 0);
  });

  test('failures are counted for the breaker', () => {
    const world = pair({ rate: 100, call: { breaker } });
    world.start('replicaErrors', BACK, 0.4);
    world.runTo(20);
    const { attempts, failures } = world.state.callers;
    expect(Math.abs(failures[0]! / attempts[0]! - 0.4)).toBeLessThan(0.04);
  });

  test('an operator can open all breakers to a service at once', () => {
    const world = pair({ rate: 100 });
    const owner = world.start('serviceBreakerOpen', BACK, 1);
    expect(served(world, 5)).toMatchObject({ good: 0, attempts: 0 });
    world.end(owner);
    expect(served(world, 10).good).toBeGreaterThan(0.98);
  });

  test('a cache answers its share once calls have filled it', () => {
    const world = pair({ rate: 500, call: { cache: { hitRatio: 0.8, entries: 500 } } });
    expect(served(world, 0.2).attempts).toBeGreaterThan(0.9);
    served(world, 20);
    expect(Math.abs(served(world, 40).attempts - 0.2)).toBeLessThan(0.02);
    expect(world.state.callers.cacheEntries[0]).toBeGreaterThan(490);
  });

  test('only right answers fill a cache', () => {
    const world = pair({ rate: 100, call: { cache: { hitRatio: 0.8, entries: 100 } } });
    world.start('replicaErrors', BACK, 1);
    world.runTo(10);
    expect(world.state.callers.cacheEntries[0]).toBe(0);
  });
});

describe('faults between caller and callee', () => {
  test.each([
    { kind: 'serviceUnresolved', target: BACK },
    { kind: 'callMisconfigured', target: CALL },
    { kind: 'portReset', target: 0 },
  ] as const)('$kind fails its share of attempts at once, before the callee', ({ kind, target }) => {
    const world = pair({ rate: 200 });
    world.start(kind, target, 0.3);
    expect(Math.abs(served(world, 20).good - 0.7)).toBeLessThan(0.025);
    expect(world.counts.replica(BACK).entered).toBeLessThan(0.75 * world.counts.edge(CALL).attempts);
    expect(world.meters.workloads.latencySum[0]! / world.meters.workloads.answered[0]!).toBeLessThan(0.0101);
  });

  test('a name that leads nowhere lets callers wait for their time-outs', () => {
    const world = pair({ rate: 50, call: { timeoutSeconds: 0.5 } });
    world.start('serviceMisdirected', BACK, 1);
    expect(served(world, 10).good).toBe(0);
    expect(world.counts.replica(BACK).entered).toBe(0);
    expect(world.meters.workloads.latencySum[0]! / world.meters.workloads.answered[0]!).toBeCloseTo(0.5, 3);
  });

  test('a quota lets through as many calls a second as it says', () => {
    const world = pair({ rate: 200 });
    world.start('callQuota', CALL, 50);
    served(world, 5);
    expect(served(world, 25).good).toBeCloseTo(0.25, 1);
    expect(world.counts.replica(BACK).entered / 25).toBeLessThan(52);
  });

  test('a cut answer is an error after the whole time', () => {
    const world = pair({ rate: 100 });
    world.start('portCut', world.topology.calleePortStart[CALL]!, 1);
    expect(served(world, 5).good).toBe(0);
    expect(world.meters.services.answered[BACK]).toBeGreaterThan(400);
    expect(world.meters.workloads.latencySum[0]! / world.meters.workloads.answered[0]!).toBeCloseTo(0.01, 3);
  });

  test('a lost response means that the work was done', () => {
    const world = pair({ rate: 50, call: { timeoutSeconds: 0.3 } });
    world.start('portResponseLoss', world.topology.calleePortStart[CALL]!, 1);
    world.runTo(10);
    expect(world.counts.edge(CALL).succeeded).toBe(0);
    expect(world.counts.replica(BACK).finished).toBeGreaterThan(450);
  });
});

describe('users', () => {
  test('shed ones are refused at the door and counted', () => {
    const world = pair({ rate: 200 });
    world.start('serviceShed', 0, 0.4);
    world.runTo(20);
    const { offered, shed, good } = world.meters.workloads;
    expect(Math.abs(shed[0]! / offered[0]! - 0.4)).toBeLessThan(0.03);
    expect(good[0]! / (offered[0]! - shed[0]!)).toBeGreaterThan(0.98);
  });

  test('a surge multiplies them', () => {
    const world = pair({ rate: 100 });
    world.start('serviceSurge', 0, 5);
    world.runTo(10);
    expect(world.meters.workloads.offered[0]! / 10).toBeCloseTo(500, -2);
  });
});
