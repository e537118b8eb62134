/** Rows 1 to 9, 11 and 24 of the theory table: queues of one service, and two in a row. */

import { log, pow } from '../../base/index.ts';
import type { ClusterSpec, ServiceSpec } from '../../cluster/index.ts';
import type { MeasuredCluster } from '../engines/measured-cluster.ts';
import { frontService, modelCall, modelCluster, modelService, singleService } from '../engines/model-cluster.ts';
import { boundedQueue, erlangB, generalServiceWait, manyServerQueue } from './queue-formulas.ts';
import { type ClusterQuantity, clusterCases, sojourn, type TheoryCase } from './theory-case.ts';

/** Seconds of a mean service in these models; theory counts in mean services. */
export const UNIT = 0.001;
/** Where a hundred arrive meanwhile: on a clock of microseconds a shorter time would make their rate inexact. */
const LONG_UNIT = 0.01;

/** Rows with unbounded exponential queues: load, what is listed of it, and how long a batch is, in mean services. */
const openQueues = [
  { row: '1', servers: 1, load: 0.5, listed: ['wait', 'inSystem'], batch: 20_000 },
  { row: '1', servers: 1, load: 0.8, listed: ['wait', 'inSystem'], batch: 50_000 },
  { row: '1', servers: 1, load: 0.95, listed: ['wait', 'inSystem'], batch: 300_000 },
  { row: '3', servers: 4, load: 3.2, listed: ['busy', 'wait', 'inSystem'], batch: 10_000 },
  { row: '4', servers: 10, load: 7, listed: ['busy', 'wait', 'inSystem'], batch: 6000 },
  { row: '5', servers: 100, load: 90, listed: ['busy', 'wait'], batch: 3000 },
] as const;

/** Every case of these rows. */
export function queueCases(): TheoryCase[] {
  return [
    ...openQueues.flatMap(openQueue),
    ...sojournTail(),
    ...blockedQueues(),
    ...[0, 0.25, 1, 4, 16].flatMap(generalService),
    ...tandem(),
  ];
}

function unitOf(servers: number): number {
  return servers >= 100 ? LONG_UNIT : UNIT;
}

/** One service at a load, for users who wait so many services. */
export function queueSpec(
  load: number,
  service: Partial<ServiceSpec>,
  { timeoutUnits = 1e6, unit = UNIT }: { readonly timeoutUnits?: number; readonly unit?: number } = {},
): (rateFactor: number) => ClusterSpec {
  return (rateFactor: number) =>
    singleService(
      load / unit,
      { serviceTimeSeconds: unit / rateFactor, ...service },
      { timeoutSeconds: timeoutUnits * unit },
    );
}

function openQueue({ row, servers, load, listed, batch }: (typeof openQueues)[number]): TheoryCase[] {
  const theory = manyServerQueue({ servers, arrivalRate: load, serviceRate: 1 });
  const unit = unitOf(servers);
  const all: Readonly<Record<string, ClusterQuantity>> = {
    busy: { name: 'chance to wait', theory: theory.waitingChance, engines: ['request'] },
    wait: {
      name: 'wait, in services',
      theory: theory.waitSeconds,
      // A reading is the sojourn, of which the fluid may miss a thousandth.
      flowTolerance: (1e-3 * (1 + theory.waitSeconds)) / theory.waitSeconds,
      read: (window) => sojourn(window) / unit - 1,
    },
    inSystem: { name: 'number in system', theory: theory.inSystem, read: ({ inSystem }) => inSystem[0]! },
  };
  // The wait is a small part of the sojourn where servers are many: it is read from the queue's length, by Little's law.
  const waiting = (cluster: MeasuredCluster): number => Math.max(0, cluster.inSystemNow(0) - servers) / load;
  const busy = (cluster: MeasuredCluster): number => (cluster.inSystemNow(0) >= servers ? 1 : 0);
  const values = { 'chance to wait': busy, 'wait, in services': waiting };
  return clusterCases({
    row,
    title: `M/M/${servers} at ${load / servers}`,
    spec: queueSpec(load, { workers: servers }, { unit }),
    quantities: listed.map((name) => all[name]!),
    batchSeconds: batch * unit,
    fullOnly: servers >= 100,
    ...(servers > 1 ? { samples: { intervalSeconds: unit, values } } : {}),
  });
}

/** Row 2: the tail of the sojourn and of the number in an M/M/1 queue. */
function sojournTail(): TheoryCase[] {
  const tail = log(100) / (1 - 0.8);
  return [
    ...clusterCases({
      row: '2',
      title: 'M/M/1 at 0.8, tail',
      spec: queueSpec(0.8, {}, { timeoutUnits: tail }),
      quantities: [
        {
          name: `sojourn within ${tail.toFixed(4)} services`,
          theory: 0.99,
          scale: 0.05,
          flowTolerance: 0.1,
          read: ({ users }) => users.good / users.offered,
        },
        { name: 'chance of 10 or more', theory: pow(0.8, 10), engines: ['request'] },
      ],
      batchSeconds: 50_000 * UNIT,
      samples: {
        intervalSeconds: 5 * UNIT,
        values: { 'chance of 10 or more': (cluster) => (cluster.inSystemNow(0) >= 10 ? 1 : 0) },
      },
    }),
    ...clusterCases({
      row: '2',
      title: 'M/M/1 at 0.8, metered p99',
      spec: queueSpec(0.8, {}),
      quantities: [
        {
          name: 'p99 of the sojourn, in services',
          theory: tail,
          tolerance: 0.02,
          flowTolerance: 0.01,
          read: ({ users }) => users.latencyP99Sum / users.answered / UNIT,
        },
      ],
      batchSeconds: 50_000 * UNIT,
    }),
  ];
}

/** Rows 6 to 8: queues with little room. */
function blockedQueues(): TheoryCase[] {
  const lossSystems = [
    [4, 3.2],
    [10, 7],
    [10, 12],
    [100, 90],
  ] as const;
  const losses = lossSystems.flatMap(([servers, load]) =>
    clusterCases({
      row: '6',
      title: `M/M/${servers}/${servers} for ${load} erlangs`,
      spec: queueSpec(load, { workers: servers, queueMax: 0 }, { unit: unitOf(servers) }),
      quantities: [
        { name: 'blocked', theory: erlangB(servers, load), read: ({ users }) => 1 - users.good / users.offered },
      ],
      batchSeconds: (40_000 / load) * unitOf(servers),
    }),
  );
  const rooms = [
    { row: '7', servers: 1, load: 0.8, room: 10, listed: ['blocked', 'inSystem'] },
    { row: '7', servers: 1, load: 1.2, room: 10, listed: ['blocked', 'inSystem'] },
    { row: '8', servers: 10, load: 12, room: 60, listed: ['blocked', 'inSystem', 'served', 'sojourn'] },
  ];
  return [...losses, ...rooms.flatMap(boundedCase)];
}

function boundedCase(queue: {
  row: string;
  servers: number;
  load: number;
  room: number;
  listed: string[];
}): TheoryCase[] {
  const { row, servers, load, room, listed } = queue;
  const theory = boundedQueue({ servers, arrivalRate: load, serviceRate: 1 }, room);
  const all: Readonly<Record<string, ClusterQuantity>> = {
    blocked: { name: 'blocked', theory: theory.blocked, read: ({ users }) => 1 - users.good / users.offered },
    inSystem: { name: 'number in system', theory: theory.inSystem, read: ({ inSystem }) => inSystem[0]! },
    served: {
      name: 'served per mean service',
      theory: theory.served,
      read: ({ users, seconds }) => (users.good / seconds) * UNIT,
    },
    sojourn: {
      name: 'sojourn, in services',
      theory: theory.sojournSeconds,
      read: (window) => sojourn(window) / UNIT,
    },
  };
  return clusterCases({
    row,
    title: `M/M/${servers}/${room} at ${load / servers}`,
    spec: queueSpec(load, { workers: servers, queueMax: room - servers }),
    quantities: listed.map((name) => all[name]!),
    batchSeconds: (50_000 / load) * UNIT,
  });
}

/** Row 9: general service times; Pollaczek and Khinchine need no more than their variance. */
function generalService(variationSquare: number): TheoryCase[] {
  const theory = generalServiceWait({ servers: 1, arrivalRate: 0.8, serviceRate: 1 }, variationSquare);
  const shape = shapeOf(variationSquare);
  return clusterCases({
    row: '9',
    title: `M/G/1 at 0.8, ${shape}, squared variation ${variationSquare}`,
    spec: queueSpec(0.8, { serviceTimeCv: Math.sqrt(variationSquare), serviceTimeShape: shape }),
    quantities: [
      {
        name: 'wait, in services',
        theory,
        flowTolerance: (1e-3 * (1 + theory)) / theory,
        read: (window) => sojourn(window) / UNIT - 1,
      },
    ],
    batchSeconds: 30_000 * Math.max(1, variationSquare) * UNIT,
    fullOnly: variationSquare >= 16,
  });
}

function shapeOf(variationSquare: number): ServiceSpec['serviceTimeShape'] {
  if (variationSquare === 0) return 'deterministic';
  if (variationSquare === 1) return 'exponential';
  return variationSquare === 4 ? 'hyperexponential' : 'gamma';
}

/** Row 11: a caller with endless workers calls one queue, then another; by Burke each is an M/M/1 queue. */
function tandem(): TheoryCase[] {
  return clusterCases({
    row: '11',
    title: 'Two M/M/1 queues in a row, 0.7 of 1 and of 0.9',
    spec: (rateFactor) =>
      modelCluster({
        services: [
          frontService('front'),
          modelService('first', { serviceTimeSeconds: UNIT / rateFactor }),
          modelService('second', { serviceTimeSeconds: UNIT / (0.9 * rateFactor) }),
        ],
        calls: [modelCall(0, 1), modelCall(0, 2)],
        requestsPerSecond: 0.7 / UNIT,
      }),
    quantities: [{ name: 'sojourn, in services', theory: 1 / 0.3 + 1 / 0.2, read: (window) => sojourn(window) / UNIT }],
    batchSeconds: 50_000 * UNIT,
  });
}
