/** Systems chosen to break the engines: wild service times, bursts, the edge of capacity, no room, ties. */

import { RandomStream } from '../../base/index.ts';
import type { ClusterSpec } from '../../cluster/index.ts';
import { MeasuredCluster } from '../engines/measured-cluster.ts';
import { modelCluster, modelService, singleService } from '../engines/model-cluster.ts';
import { queueSpec, UNIT } from './queue-cases.ts';
import { burstyQueue, erlangB, generalServiceWait, manyServerQueue, type SwitchedArrivals } from './queue-formulas.ts';
import { beginningAnew, type Simulation } from './simulation.ts';
import { clusterCases, sojourn, type TheoryCase } from './theory-case.ts';

/** Here a standard error of 3 % will do. */
const ERROR_MAX = 0.03;

/** Every case. */
export function hardCases(): TheoryCase[] {
  return [
    ...wildService('hyperexponential', 16),
    ...wildService('lognormal', 4),
    ...wildService('gamma', 16),
    ...edgeOfCapacity(),
    ...noRoom(),
    ...[50_000, 500_000].flatMap(manyTies),
    bursts({ rates: [1.5, 0.3], meanStaySeconds: [20, 40] }),
    bursts({ rates: [4, 0], meanStaySeconds: [2, 8] }),
  ];
}

function wildService(shape: 'hyperexponential' | 'lognormal' | 'gamma', variationSquare: number): TheoryCase[] {
  const theory = generalServiceWait({ servers: 1, arrivalRate: 0.8, serviceRate: 1 }, variationSquare);
  return clusterCases({
    row: 'hard',
    title: `M/G/1 at 0.8, ${shape}, coefficient of variation ${Math.sqrt(variationSquare)}`,
    spec: queueSpec(0.8, { serviceTimeCv: Math.sqrt(variationSquare), serviceTimeShape: shape }),
    quantities: [
      {
        name: 'wait, in services',
        theory,
        flowTolerance: (1e-3 * (1 + theory)) / theory,
        read: (window) => sojourn(window) / UNIT - 1,
      },
    ],
    batchSeconds: 200_000 * UNIT,
    errorMax: ERROR_MAX,
    fullOnly: true,
  });
}

function edgeOfCapacity(): TheoryCase[] {
  return clusterCases({
    row: 'hard',
    title: 'M/M/1 at 0.99',
    spec: queueSpec(0.99, {}),
    quantities: [
      {
        name: 'number in system',
        theory: manyServerQueue({ servers: 1, arrivalRate: 0.99, serviceRate: 1 }).inSystem,
        read: ({ inSystem }) => inSystem[0]!,
      },
    ],
    flowSeconds: 5000,
    batchSeconds: 1_000_000 * UNIT,
    errorMax: ERROR_MAX,
    fullOnly: true,
  });
}

function noRoom(): TheoryCase[] {
  return [0.8, 5].flatMap((load) =>
    clusterCases({
      row: 'hard',
      title: `One server without a queue or latency, load ${load}`,
      spec: queueSpec(load, { queueMax: 0 }),
      quantities: [
        { name: 'blocked', theory: erlangB(1, load), read: ({ users }) => 1 - users.good / users.offered },
        { name: 'number in system', theory: erlangB(1, load), read: ({ inSystem }) => inSystem[0]! },
      ],
      batchSeconds: 4000 * UNIT,
      errorMax: ERROR_MAX,
    }),
  );
}

/** Deterministic services and arrivals microseconds apart: many events fall into one microsecond. */
function manyTies(requestsPerSecond: number): TheoryCase[] {
  const serviceSeconds = 0.001;
  const busy = requestsPerSecond * serviceSeconds;
  return clusterCases({
    row: 'hard',
    title: `Simultaneous events: ${requestsPerSecond} arrivals a second, ${busy} of ${2 * busy} servers busy`,
    spec: (rateFactor) =>
      singleService(requestsPerSecond, {
        workers: 2 * busy,
        serviceTimeSeconds: serviceSeconds / rateFactor,
        serviceTimeCv: 0,
        serviceTimeShape: 'deterministic',
      }),
    quantities: [{ name: 'number in system', theory: busy, read: ({ inSystem }) => inSystem[0]! }],
    batchSeconds: 25_000 / requestsPerSecond,
    batchesMax: 64,
    errorMax: ERROR_MAX,
  });
}

/** Users whose rate switches between two values at exponential times: an MMPP/M/1 queue. */
function bursts(arrivals: SwitchedArrivals): TheoryCase {
  const [first, second] = arrivals.rates;
  const [stayFirst, staySecond] = arrivals.meanStaySeconds;
  return {
    row: 'hard',
    title: `Users in bursts: ${first} for ${stayFirst} services, ${second} for ${staySecond}`,
    engine: 'request',
    quantities: [{ name: 'number in system', theory: burstyQueue(arrivals, 1) }],
    warmUpBatches: WARM_UP_BATCHES,
    batchesMax: 400,
    errorMax: ERROR_MAX,
    fullOnly: false,
    start: ({ seed, rateFactor, batchFactor }) => {
      const batchSeconds = BURST_BATCH * BURST_UNIT * batchFactor;
      const begin = (part: number): Simulation =>
        burstySimulation(arrivals, `${seed}/${part}`, { rateFactor, batchSeconds });
      return beginningAnew(begin, { batchSeconds, warmUpBatches: WARM_UP_BATCHES });
    },
  };
}

const WARM_UP_BATCHES = 2;
/** Mean services in a batch, and seconds in a mean service. */
const BURST_BATCH = 20_000;
const BURST_UNIT = 0.1;

function burstySimulation(
  { rates, meanStaySeconds }: SwitchedArrivals,
  seed: string,
  { rateFactor, batchSeconds }: { readonly rateFactor: number; readonly batchSeconds: number },
): Simulation {
  const cluster = new MeasuredCluster(burstySpec(rateFactor), 'request', seed);
  const stays = new RandomStream(seed, 'stays');
  let phase: 0 | 1 = 0;
  let owner = cluster.start('serviceSurge', 0, rates[0]);
  let left = stays.exponential() * meanStaySeconds[0] * BURST_UNIT;
  const switchPhase = (): void => {
    phase = phase === 0 ? 1 : 0;
    cluster.end(owner);
    owner = cluster.start('serviceSurge', 0, rates[phase]);
    left = stays.exponential() * meanStaySeconds[phase] * BURST_UNIT;
  };
  return {
    batch: () => {
      let rest = batchSeconds;
      while (left < rest) {
        rest -= left;
        cluster.pass(left);
        switchPhase();
      }
      cluster.pass(rest);
      left -= rest;
      return cluster.take(batchSeconds).inSystem;
    },
  };
}

/** A change of users' rate takes effect with the next tick: ticks are short against the stays. */
function burstySpec(rateFactor: number): ClusterSpec {
  return modelCluster({
    services: [modelService('queue', { serviceTimeSeconds: BURST_UNIT / rateFactor })],
    requestsPerSecond: 1 / BURST_UNIT,
    workload: { timeoutSeconds: 1e6 },
    changes: { tickSeconds: BURST_UNIT / 10 },
  });
}
