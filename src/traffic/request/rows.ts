/**
 * Fields of the request engine's packed rows: a row of numbers per request, replica slot, edge and caller's port. Rows
 * are as long as the next power of two, so that finding one is a shift.
 */

/**
 * Where an entity is. One entity is one attempt: a request that a user or a calling service sent to a replica. It lives
 * until both ends are done with it: the caller has an answer or has given up, and the replica has answered.
 */
export const Stage = {
  free: 0,
  /** On its way to the replica. */
  travelling: 1,
  /** In the replica's queue. */
  queued: 2,
  /** A worker does its own work. */
  working: 3,
  /** A worker waits for the answer to a call. */
  calling: 4,
  /** A worker waits to try a call again. */
  pausing: 5,
  /** A worker waits for a connection. */
  connecting: 6,
  /** A worker waits for a disk that hangs. */
  stuck: 7,
  /** A worker stands still: its process hangs. */
  halted: 8,
  /** The answer is on its way back. */
  answering: 9,
  /** Nothing will come back; the caller does not know. */
  silent: 10,
  /** Answered; its connection stays taken for a while. */
  lingering: 11,
} as const;

/** How a request ended at the replica. */
export const Ending = { good: 0, error: 1, refused: 2 } as const;

/** Who waits for an attempt, where it is no other entity. */
export const USER = -1;
export const GONE = -2;

/** No entity. */
export const NONE = -1;

/** Integer fields of an entity. */
export const Field = {
  /** A `Stage`. */
  stage: 0,
  edge: 1,
  /** Replica slot it was sent to, -1 = none. */
  replica: 2,
  /** Entity that made the call, `USER` or `GONE`. */
  parent: 3,
  /** Replica slot of the caller, -1 = users. */
  from: 4,
  /** Next in a queue of a replica or for a connection, or among the free ones. */
  next: 5,
  /** Neighbours among the attempts of its edge that somebody waits for, oldest first. */
  older: 6,
  younger: 7,
  /** The attempt it waits for. */
  child: 8,
  /** The call it makes: position in the topology's `callsOut.items`. */
  call: 9,
  /** How many times that call is still to be made, this time included. */
  callsLeft: 10,
  /** How many times this call has been tried again. */
  retries: 11,
  /** 1 = it will be answered with an error. */
  failed: 12,
  /** 1 = it wrote to a disk. */
  wrote: 13,
  /** An `Ending` once it is over; before, the `Fate` of the attempt it is about to make. */
  outcome: 14,
  /** 1 = it holds a connection of its caller. */
  connected: 15,
} as const;
export const ROW = 16;

/** Times of an entity, in microseconds. */
export const Time = {
  sent: 0,
  /** When a worker took it up. */
  started: 1,
  /** Since when it has waited for a connection. */
  waiting: 2,
} as const;
export const TIMES = 4;

/** Integer fields of a replica slot. */
export const Station = {
  /** An `Answer`. */
  answer: 0,
  inSystem: 1,
  busy: 2,
  head: 3,
  tail: 4,
  service: 5,
  workers: 6,
  inSystemMax: 7,
} as const;
export const STATION = 8;

/** Fractional fields of a replica slot. */
export const Load = {
  /** Sum of leaving times minus arrival times, in microseconds: with those inside now, the integral of their number. */
  balanceMicros: 0,
  /** How long a worker is held, of late. */
  holdSeconds: 1,
  /** Mean own time of a warm process, and until when it is not warm. */
  ownMicros: 2,
  warmUntilMicros: 3,
  /** Added to every request. */
  delayMicros: 4,
  /** Share of requests answered with an error. */
  errorRatio: 5,
} as const;
export const LOAD = 8;

/** Integer fields of an edge. */
export const EdgeField = {
  /** First and last of the attempts that somebody waits for. */
  oldest: 0,
  youngest: 1,
  /** 1 while the heap holds its next time-out. */
  timer: 2,
  /** Number of attempts somebody waits for. */
  underWay: 3,
  /** 1 when attempts may fail before they are sent. */
  troubled: 4,
  /** 1 when answers may be cut or connections linger. */
  frayed: 5,
  /** Number of attempts that wait for a connection. */
  starving: 6,
} as const;
export const EDGE = 8;

/** Integer fields of a caller's port. */
export const PortField = {
  /** Connections taken. */
  taken: 0,
  /** First and last of those waiting for one. */
  head: 1,
  tail: 2,
  /** 1 while the heap holds its next end of waiting. */
  timer: 3,
} as const;
export const PORT = 4;

/** What never changes about an edge; times in microseconds. */
export const EdgeFact = {
  callee: 0,
  timeoutMicros: 1,
  /** Calls per request that are made for certain, and the chance of one more. */
  whole: 2,
  part: 3,
  retriesMax: 4,
  backoffMicros: 5,
  budgetRatio: 6,
  /** 1 when the caller cannot do without. */
  required: 7,
  /** -1 = any number. */
  connectionsMax: 8,
  connectionWaitMicros: 9,
  /** 1 when there is one. */
  breaker: 10,
  cache: 11,
  /** First row of the caller's ports, -1 = users. */
  portStart: 12,
  /** First replica slots of both ends; -1 = users. */
  callerStart: 13,
  calleeStart: 14,
  calleeSlots: 15,
} as const;
export const EDGE_FACTS = 16;
