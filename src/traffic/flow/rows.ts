/**
 * The flow engine's hottest tables are packed, a row of numbers per replica, service or edge, because reading twelve
 * columns costs V8 three times as much as reading twelve numbers of one array. These are the fields of the rows.
 */

import { assert } from '../../base/index.ts';

export { Answer } from '../../cluster/index.ts';

/** Fields of a replica slot. Rates are per second. */
export const Replica = {
  /** An `Answer`. */
  answer: 0,
  /** 1 when load balancing may send here. */
  endpoint: 1,
  /** 1 when it must be computed by itself: slowed, warming up, failing or storing. */
  special: 2,
  /** Attempts that reach it in this tick. */
  arrivals: 3,
  /** Requests in it, those being served, and how many can be at once. */
  inSystem: 4,
  busy: 5,
  servers: 6,
  /** Requests it can serve. */
  capacity: 7,
  /** Rows of the occupancy curve for that many servers, and how far between the two. */
  curveRow: 8,
  curveRowAbove: 9,
  curveBlend: 10,
  /** Right-hand side of the last step's equation, and how its solution grows with it: the next step starts there. */
  stepTotal: 11,
  stepGain: 12,
  ownSeconds: 13,
  waitSeconds: 14,
  waitVariance: 15,
  refusedRatio: 16,
  started: 17,
  completed: 18,
  responseSeconds: 19,
  responseVariance: 20,
  responseSuccess: 21,
  /** Share of requests answered with an error, by the process and by its disk. */
  errorRatio: 22,
  diskErrorRatio: 23,
  /** Time that disk operations add to a request with the wait for the disk, and without; most requests it allows. */
  diskSeconds: 24,
  diskSecondsLeast: 25,
  diskRateMax: 26,
  /** Share of the service's started requests, as the routes last knew it. */
  share: 27,
  slowFactor: 28,
  warmUntilMicros: 29,
  /** Cores it may use on a tight node. */
  cores: 30,
  /** Calls of a request made by this replica, where replicas differ; as in `Call`. */
  callsSuccess: 31,
  callsSeconds: 32,
  callsVariance: 33,
  /** Logarithm of the load at which the finite queue would hold as many requests as it does. */
  logLoad: 34,
  /** The part of its own time that is always the same: what a proxy and delayed disk operations add. */
  fixedSeconds: 35,
  /** Cores that its limit leaves it. */
  limitCores: 36,
  /** Most requests that the connections for its calls allow. */
  poolRateMax: 37,
  /** By how much the variability of the time that a worker is held scales the waiting part of its queue. */
  queueFactor: 38,
} as const;

/** Fields of a service. */
export const Service = {
  /** Behind the last replica slot that is in use. */
  slotEnd: 0,
  endpoints: 1,
  /** The replica that stands for all endpoints as long as they are alike, -1 = they differ. */
  representative: 2,
  /** 1 while only the representative is computed; the rows of the other endpoints are out of date. */
  calm: 3,
  /** 1 when all edges to it are plain. */
  plain: 4,
  /** 1 when calls of different replicas fare differently. */
  rowsDiffer: 5,
  /** Attempts that reach each endpoint of a calm service. */
  arrivals: 6,
  /** Requests taken up by all replicas. */
  started: 7,
  /** All calls of a request together; as in `Call`. */
  callsSuccess: 8,
  callsSeconds: 9,
  callsVariance: 10,
  /** `callsSeconds` for which the representative's capacity was worked out. */
  equippedSeconds: 11,
  responseSeconds: 12,
  responseVariance: 13,
  responseP99: 14,
  /** As good as no request takes longer; infinite when not all succeed. */
  reachSeconds: 15,
  /** Attempts over edges on which all succeeded, and their time in the network. */
  soundAttempts: 16,
  soundNetworkSeconds: 17,
  /** Links that its calls touch. */
  loads: 18,
  /** 1 when nothing is in the way of its calls: their edges are plain and not guarded. */
  swift: 19,
} as const;

/** Outcome of a call, its retries included: chance of success, mean and variance of its time. */
export const Call = {
  success: 0,
  seconds: 1,
  variance: 2,
  /** In a row: the caller slot's share of the edge's failures in the last tick. */
  failedShare: 3,
} as const;

/** Fields of an edge; the first three are those of `Call`. */
export const Edge = {
  success: 0,
  seconds: 1,
  variance: 2,
  first: 3,
  attempts: 4,
  /** There and back. */
  networkSeconds: 5,
  /** 1 when it is even and not disturbed. */
  plain: 6,
  /** 1 when a link or a port on the way loses or delays: pairs of replicas fare differently. */
  disturbed: 7,
  /** 1 when all endpoints of the callee get the same share. */
  even: 8,
  /** Links on its paths. */
  links: 9,
  retryTokens: 10,
  /** Tick up to which the tokens have been counted. */
  tokensTick: 11,
  /** Tick up to which retries are waiting, 0 = none. */
  retriesUntil: 12,
  /** 1 when a port of one of its paths has an effect. */
  ported: 13,
  /** State of the network for which its pairs were worked out (`clock.networks`). */
  network: 14,
  /** Response times of the callee between which its pairs stay as they are. */
  pairsFrom: 15,
  pairsTo: 16,
  /** Attempts that are sent towards the callee's replicas. */
  sent: 17,
  /** 1 when something may keep attempts from being sent: a breaker, a cache, connections or a fault. */
  guarded: 18,
  /** 1 when a fault sits at single replicas' ends: connections reset, answers cut off, connections that linger. */
  frayed: 19,
  /** 1 when guards differ from caller replica to caller replica. */
  varied: 20,
  /** Row of `Gate` that stands for all caller replicas while guards do not differ. */
  gateRow: 21,
  /** Share of the calls that a cache answers, and of the attempts that a breaker refuses, on average. */
  hitRatio: 22,
  barredRatio: 23,
  /** No attempt that is served takes less, as far as the callee's replicas tell; what hangs takes the time-out. */
  holdFloor: 24,
  /** Caller slot, plus 1, that stands for all of a disturbed edge, 0 = they fare differently. */
  oneRow: 25,
  /** 1 when all that guards it are breakers; and when these are closed: health, which needs no rows of `Gate`. */
  breakersOnly: 26,
  quiet: 27,
} as const;

/** What keeps a caller replica's attempts over an edge from being sent. Shares are of its attempts. */
export const Gate = {
  /** The replica's share of the edge's attempts. */
  share: 0,
  /** Share of its calls that its cache answers. */
  hitRatio: 1,
  /** Refused by a breaker, and not tried again. */
  barred: 2,
  /** Failed at once. */
  failed: 3,
  /** Failed for want of a connection, of those that asked for one. */
  starved: 4,
  /** Sent to an address where nobody answers, of those that are sent. */
  misdirected: 5,
  /** How long those that are sent waited for a connection. */
  waitSeconds: 6,
  waitVariance: 7,
  /** Attempts a second that go to replicas of the callee. */
  sentRate: 8,
  /** How long an attempt keeps its connection; the factor by which that time's variability makes others wait. */
  holdSeconds: 9,
  holdFactor: 10,
  /** Attempts that hold a connection or wait for one, and those that wait. */
  inPool: 11,
  waiting: 12,
  logLoad: 13,
  /** Attempts a second. */
  rate: 14,
  /** How many can wait for a connection before the caller's workers run out. */
  room: 15,
} as const;

/** What never changes about a service. */
export const ServiceFact = {
  workers: 0,
  /** Requests a replica holds at most, served and waiting. */
  inSystemMax: 1,
  /** Own work per request, and the squared coefficient of variation of its time. */
  serviceSeconds: 2,
  variationSquare: 3,
  cpuSeconds: 4,
  /** Requests a second that one core, and all cores of the limit, can do. */
  requestsPerCore: 5,
  requestsPerLimit: 6,
  cpuLimitCores: 7,
  /** Position in the curves of the row for all workers, and of the first row of the service's queue factor. */
  workersRow: 8,
  firstRow: 9,
  /** By how much the variability of service scales the waiting part of the queue, 1 = exponential. */
  queueFactor: 10,
} as const;

/** What never changes about an edge. */
export const EdgeFact = {
  timeoutSeconds: 0,
  /** Bytes of a request and its response. */
  bytes: 1,
  /** Calls per request of the caller: on average, those made for certain, the chance of one more, its variance. */
  perRequest: 2,
  perRequestWhole: 3,
  perRequestPart: 4,
  perRequestVariance: 5,
  /** 1 when the caller cannot do without. */
  required: 6,
  backoffSeconds: 7,
  retryBudgetRatio: 8,
} as const;

export const REPLICA_WIDTH: number = width(Replica);
export const SERVICE_WIDTH: number = width(Service);
export const CALL_WIDTH: number = width(Call);
export const EDGE_WIDTH: number = width(Edge);
export const GATE_WIDTH: number = width(Gate);
export const SERVICE_FACTS: number = width(ServiceFact);
export const EDGE_FACTS: number = width(EdgeFact);

function width(fields: Readonly<Record<string, number>>): number {
  const positions = Object.values(fields);
  assert(
    positions.every((position, index) => position === index),
    'fields of a row are numbered from 0 without gaps',
  );
  return positions.length;
}
