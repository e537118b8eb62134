/** Rows 24 and 25 of the theory table: statements that hold to the last request, whatever the dice. */

import { type CheckLine, deviationOf } from '../check-line.ts';
import { MeasuredCluster } from '../engines/measured-cluster.ts';
import { modelCall, modelCluster, modelService, singleService } from '../engines/model-cluster.ts';

const RUN_SECONDS = 120;
/** After the doors are shut, the longest chain of time-outs and retries is over by then. */
const DRAIN_SECONDS = 120;
const LITTLE_TOLERANCE = 1e-9;

/** All lines. */
export function checkBooks(seed: number): CheckLine[] {
  return [littleLaw(seed), ...conservation(seed), ...ties(seed)];
}

/** Row 24: time in system by integrating the number in it, and by adding up the answers' latencies. */
function littleLaw(seed: number): CheckLine {
  const cluster = new MeasuredCluster(singleService(80, {}), 'request', seed);
  cluster.pass(RUN_SECONDS);
  drain(cluster);
  const { users, inSystem } = cluster.take(RUN_SECONDS + DRAIN_SECONDS);
  return line({
    row: '24',
    title: 'Little: M/M/1 at 0.8, from empty to empty',
    quantity: 'request-seconds in the system',
    expected: users.latencySum,
    measured: inSystem[0]! * (RUN_SECONDS + DRAIN_SECONDS),
    tolerance: LITTLE_TOLERANCE,
  });
}

/** Row 25: every request that came in was answered well, answered badly, refused, or is still there. */
function conservation(seed: number): CheckLine[] {
  const cluster = new MeasuredCluster(troubledSpec(), 'request', seed);
  cluster.start('replicaErrors', 1, 0.3);
  cluster.start('serviceShed', 0, 0.1);
  const title = 'Conservation: time-outs, errors, retries, refusals';
  cluster.pass(RUN_SECONDS);
  drain(cluster);
  const { users, services } = cluster.take(RUN_SECONDS + DRAIN_SECONDS);
  const counts = [users.offered, users.shed, users.good, services[0]!.failures, services[1]!.requests];
  const came = services[0]!.requests;
  const ended = users.good + services[0]!.failures;
  const fractions = counts.filter((count) => !Number.isInteger(count)).length;
  return [
    line({ row: '25', title, quantity: 'answered well or badly', expected: came, measured: ended }),
    line({ row: '25', title, quantity: 'counts that are no whole number', expected: 0, measured: fractions }),
    line({ row: '25', title, quantity: 'left in services', expected: 0, measured: leftInside(cluster) }),
  ];
}

/** Answers that come exactly at the deadline are all in time or all late. */
function ties(seed: number): CheckLine[] {
  const service = {
    workers: 1000,
    serviceTimeSeconds: 0.1,
    serviceTimeCv: 0,
    serviceTimeShape: 'deterministic',
  } as const;
  const cluster = new MeasuredCluster(singleService(1000, service, { timeoutSeconds: 0.1 }), 'request', seed);
  cluster.pass(10);
  drain(cluster);
  const { users, services } = cluster.take(10 + DRAIN_SECONDS);
  const title = 'Simultaneous events: every answer comes exactly at its deadline';
  const came = services[0]!.requests;
  const ended = users.good + services[0]!.failures;
  const rarer = Math.min(users.good, services[0]!.failures);
  return [
    line({ row: 'hard', title, quantity: 'ended', expected: came, measured: ended }),
    line({ row: 'hard', title, quantity: 'treated unlike the rest', expected: 0, measured: rarer }),
  ].map((each) => ({ ...each, section: 'hard cases' }));
}

/** Two services with little room, short time-outs and retries. */
function troubledSpec(): ReturnType<typeof modelCluster> {
  return modelCluster({
    services: [
      modelService('front', { workers: 16, queueMax: 8, serviceTimeSeconds: 0.005 }),
      modelService('back', { workers: 4, queueMax: 8 }),
    ],
    calls: [modelCall(0, 1, { timeoutSeconds: 0.05, retriesMax: 2, backoffSeconds: 0.01 })],
    requestsPerSecond: 350,
    workload: { timeoutSeconds: 0.2 },
  });
}

function drain(cluster: MeasuredCluster): void {
  cluster.start('serviceShed', 0, 1);
  cluster.pass(DRAIN_SECONDS);
}

function leftInside(cluster: MeasuredCluster): number {
  return cluster.cluster.spec.services.reduce((sum, _, service) => sum + cluster.inSystemNow(service), 0);
}

function line(of: {
  readonly row: string;
  readonly title: string;
  readonly quantity: string;
  readonly expected: number;
  readonly measured: number;
  readonly tolerance?: number;
}): CheckLine {
  const { tolerance = 0, ...rest } = of;
  const holds = Math.abs(of.measured - of.expected) <= tolerance * Math.abs(of.expected);
  return {
    section: 'theory',
    engine: 'request',
    standardError: null,
    deviation: deviationOf(of.measured, of.expected),
    verdict: holds ? 'holds' : 'fails',
    note: holds ? '' : 'has to be exact',
    ...rest,
  };
}
