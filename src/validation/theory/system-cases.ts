/** Rows 15, 18, 19, 23 to 25 of the theory table that the product's engines run: balancing, retries, loss, fan-out, books. */

import { frontService, modelCall, modelCluster, modelService, singleService } from '../engines/model-cluster.ts';
import { deterministicLoss } from './queue-formulas.ts';
import { attemptsPerRequest, fanOutRatio, twoChoicesInSystem } from './system-formulas.ts';
import { clusterCases, type TheoryCase } from './theory-case.ts';

/** Every case of these rows but the books, which are exact. */
export function systemCases(): TheoryCase[] {
  return [
    ...[0.7, 0.9, 0.95].flatMap(twoChoices),
    ...[0.1, 0.5, 1].flatMap(retries),
    ...bucketLoads.filter(({ tokensMax }) => tokensMax < 20).flatMap(deterministicQueue),
    ...fanOut(),
  ];
}

/** So many that the mean is within half a per cent of the limit for endlessly many. */
const REPLICAS = 1000;
/** Seconds of a mean service: long, so that arrivals are many microseconds apart. */
const UNIT = 0.1;

function twoChoices(load: number): TheoryCase[] {
  return clusterCases({
    row: '15',
    title: `Shorter of two queues, ${REPLICAS} servers at ${load}`,
    engines: ['request'],
    spec: (rateFactor) =>
      singleService((REPLICAS * load) / UNIT, {
        replicas: REPLICAS,
        balancing: 'two-choices',
        serviceTimeSeconds: UNIT / rateFactor,
      }),
    quantities: [
      {
        name: 'number per server',
        theory: twoChoicesInSystem(load),
        tolerance: 5e-3,
        read: ({ inSystem }) => inSystem[0]! / REPLICAS,
      },
    ],
    warmUpBatches: 10,
    batchSeconds: 80 * UNIT,
    batchesMax: 96,
    fullOnly: load > 0.8,
  });
}

function retries(failureRatio: number): TheoryCase[] {
  return clusterCases({
    row: '18',
    title: `3 retries, attempts fail with chance ${failureRatio}`,
    spec: () =>
      modelCluster({
        services: [frontService('front'), modelService('back', { workers: 100 })],
        calls: [modelCall(0, 1, { retriesMax: 3, backoffSeconds: 0.01 })],
        requestsPerSecond: 100,
      }),
    prepare: (cluster) => {
      cluster.start('replicaErrors', 1, failureRatio);
    },
    quantities: [
      {
        name: 'attempts per request',
        theory: attemptsPerRequest(failureRatio, 3),
        tolerance: 1e-3,
        read: ({ services }) => services[1]!.requests / services[0]!.requests,
      },
    ],
    batchSeconds: 100,
  });
}

/** Row 19's loads and depths, for a bucket of 100 tokens a second. */
export const bucketLoads: readonly { readonly arrivalRate: number; readonly tokensMax: number }[] = [
  { arrivalRate: 90, tokensMax: 5 },
  { arrivalRate: 120, tokensMax: 5 },
  { arrivalRate: 90, tokensMax: 20 },
  { arrivalRate: 120, tokensMax: 20 },
];

/** A full queue in front of a deterministic server loses what a token bucket of the same depth refuses; shallow ones. */
function deterministicQueue({ arrivalRate, tokensMax }: (typeof bucketLoads)[number]): TheoryCase[] {
  return clusterCases({
    row: '19',
    title: `M/D/1/${tokensMax} at ${arrivalRate / 100}`,
    engines: ['request'],
    spec: (rateFactor) =>
      singleService(arrivalRate, {
        serviceTimeSeconds: 0.01 / rateFactor,
        serviceTimeCv: 0,
        serviceTimeShape: 'deterministic',
        queueMax: tokensMax - 1,
      }),
    quantities: [
      {
        name: 'refused',
        theory: deterministicLoss(arrivalRate / 100, tokensMax),
        read: ({ users }) => 1 - users.good / users.offered,
      },
    ],
    batchSeconds: 300,
  });
}

function fanOut(): TheoryCase[] {
  return clusterCases({
    row: '23',
    title: 'Users need 100 answers, each bad with chance 0.01',
    spec: () =>
      modelCluster({
        services: [frontService('front'), modelService('part', { workers: 1000, serviceTimeSeconds: 1e-5 })],
        calls: [modelCall(0, 1, { perRequest: 100 })],
        requestsPerSecond: 100,
      }),
    prepare: (cluster) => {
      cluster.start('replicaErrors', 1, 0.01);
    },
    quantities: [
      {
        name: 'failed',
        theory: fanOutRatio(0.01, 100),
        read: ({ users }) => 1 - users.good / users.offered,
      },
    ],
    batchSeconds: 10,
  });
}
