/**
 * The flow engine's hottest tables are packed, a row of numbers per replica, service or edge, because reading twelve
 * columns costs V8 three times as much as reading twelve numbers of one array. These are the fields of the rows.
 */

import { assert } from '../../base/index.ts';

/** What becomes of a request that load balancing sends to a replica. */
export const Answer = {
  /** Nobody listens: refused at once. */
  refuses: 0,
  serves: 1,
  /** Accepted, never answered. */
  hangs: 2,
  /** The machine is off: silence. */
  silent: 3,
} as const;

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
  /** No request that succeeds takes longer; infinite when not all succeed. */
  reachSeconds: 15,
  /** Attempts over edges on which all succeeded, and their time in the network. */
  soundAttempts: 16,
  soundNetworkSeconds: 17,
  /** Links that its calls touch. */
  loads: 18,
} as const;

/** Outcome of a call, its retries included: chance of success, mean and variance of its time. */
export const Call = { success: 0, seconds: 1, variance: 2 } as const;

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
  /** 1 when a link on the way loses or delays: pairs of replicas fare differently. */
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
