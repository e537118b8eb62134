/** Closed forms and recursions of queueing theory (Kleinrock, Queueing Systems; Gross and Harris); rates per second. */

import { assert, exp } from '../../base/index.ts';

/** A station of `servers` servers, each serving `serviceRate` a second, with Poisson arrivals. */
export interface QueueLoad {
  readonly servers: number;
  readonly arrivalRate: number;
  readonly serviceRate: number;
}

/** What a queue's clients and its owner see on average. */
export interface QueueMeans {
  /** Chance to find every server busy. */
  readonly waitingChance: number;
  readonly waitSeconds: number;
  readonly inSystem: number;
}

/** Erlang's B: share of clients lost by `servers` servers without a queue, for an offered load in erlangs. */
export function erlangB(servers: number, offeredErlangs: number): number {
  let blocking = 1;
  for (let server = 1; server <= servers; server += 1) {
    blocking = (offeredErlangs * blocking) / (server + offeredErlangs * blocking);
  }
  return blocking;
}

/** The M/M/c queue by Erlang's C; the load must be below its capacity. */
export function manyServerQueue({ servers, arrivalRate, serviceRate }: QueueLoad): QueueMeans {
  const spare = servers * serviceRate - arrivalRate;
  assert(spare > 0, 'a queue without bounds needs spare capacity');
  const offered = arrivalRate / serviceRate;
  const blocking = erlangB(servers, offered);
  const waitingChance = blocking / (1 - (offered / servers) * (1 - blocking));
  const waitSeconds = waitingChance / spare;
  return { waitingChance, waitSeconds, inSystem: arrivalRate * waitSeconds + offered };
}

/** Stationary probabilities of a birth-death process with states 0 to `last`. */
export function birthDeath(last: number, birth: (state: number) => number, death: (state: number) => number): number[] {
  const weights = [1];
  let total = 1;
  for (let state = 1; state <= last; state += 1) {
    const weight = (weights[state - 1]! * birth(state - 1)) / death(state);
    weights.push(weight);
    total += weight;
  }
  return weights.map((weight) => weight / total);
}

/** What a queue with room for `roomMax` clients, those in service included, loses and holds (M/M/c/K). */
export function boundedQueue(
  { servers, arrivalRate, serviceRate }: QueueLoad,
  roomMax: number,
): { readonly blocked: number; readonly inSystem: number; readonly served: number; readonly sojournSeconds: number } {
  const states = birthDeath(
    roomMax,
    () => arrivalRate,
    (state) => Math.min(state, servers) * serviceRate,
  );
  const blocked = states[roomMax]!;
  const inSystem = states.reduce((sum, chance, state) => sum + state * chance, 0);
  const served = arrivalRate * (1 - blocked);
  return { blocked, inSystem, served, sojournSeconds: inSystem / served };
}

/** Pollaczek and Khinchine: mean wait in an M/G/1 queue by the squared coefficient of variation of its service time. */
export function generalServiceWait(load: QueueLoad, variationSquare: number): number {
  const { arrivalRate, serviceRate } = load;
  const secondMoment = (1 + variationSquare) / (serviceRate * serviceRate);
  return (arrivalRate * secondMoment) / (2 * (1 - arrivalRate / serviceRate));
}

/** Erlang's A (M/M/c with impatience): share of clients that leave the queue unserved. */
export function impatientShare({ servers, arrivalRate, serviceRate }: QueueLoad, patienceRate: number): number {
  const last = 40 * servers;
  const states = birthDeath(
    last,
    () => arrivalRate,
    (state) => Math.min(state, servers) * serviceRate + Math.max(0, state - servers) * patienceRate,
  );
  const waiting = states.reduce((sum, chance, state) => sum + Math.max(0, state - servers) * chance, 0);
  return (patienceRate * waiting) / arrivalRate;
}

/** Mean number in an M/M/1 queue whose server breaks down at one rate, busy or not, and is repaired at another. */
export function breakdownQueue(
  { arrivalRate, serviceRate }: QueueLoad,
  failureRate: number,
  repairRate: number,
): { readonly inSystem: number; readonly availability: number } {
  const both = failureRate + repairRate;
  const spare = repairRate * (serviceRate - arrivalRate) - arrivalRate * failureRate;
  return {
    inSystem: (arrivalRate * (both * both + failureRate * serviceRate)) / (both * spare),
    availability: repairRate / both,
  };
}

/** A queue in an open network: its servers and where its clients go next, by share; the rest leave. */
export interface NetworkNode {
  readonly servers: number;
  readonly serviceRate: number;
  readonly outsideRate: number;
  readonly next: readonly number[];
}

/** Jackson's theorem: the rate at every node, by iterating the traffic equations, and the number in the network. */
export function jacksonNetwork(nodes: readonly NetworkNode[]): {
  readonly rates: readonly number[];
  readonly inSystem: number;
} {
  let rates = nodes.map(({ outsideRate }) => outsideRate);
  for (let round = 0; round < 1000; round += 1) {
    const last = rates;
    rates = nodes.map((node, to) =>
      nodes.reduce((sum, from, index) => sum + last[index]! * (from.next[to] ?? 0), node.outsideRate),
    );
  }
  const inSystem = nodes.reduce((sum, { servers, serviceRate }, index) => {
    const load = { servers, serviceRate, arrivalRate: rates[index]! };
    return sum + manyServerQueue(load).inSystem;
  }, 0);
  return { rates, inSystem };
}

/** Share lost by an M/D/1 queue with room for `roomMax` clients (embedded chain at departures; Gross and Harris 5.1). */
export function deterministicLoss(load: number, roomMax: number): number {
  const arrivals = [exp(-load)];
  for (let count = 1; count <= roomMax; count += 1) arrivals.push((arrivals[count - 1]! * load) / count);
  const left = [1];
  for (let state = 0; state < roomMax - 1; state += 1) {
    let rest = left[state]! - arrivals[state]!;
    for (let from = 1; from <= state; from += 1) rest -= left[from]! * arrivals[state - from + 1]!;
    left.push(rest / arrivals[0]!);
  }
  const total = left.reduce((sum, weight) => sum + weight, 0);
  return 1 - 1 / (left[0]! / total + load);
}

/** A Poisson stream whose rate changes between two values, staying in each for an exponential time. */
export interface SwitchedArrivals {
  readonly rates: readonly [number, number];
  readonly meanStaySeconds: readonly [number, number];
}

/**
 * Mean number in an MMPP/M/1 queue, by matrix-geometric solution (Neuts): R is iterated from
 * A0 + R A1 + R^2 A2 = 0 with two phases, and the boundary is solved for.
 */
export function burstyQueue({ rates, meanStaySeconds }: SwitchedArrivals, serviceRate: number): number {
  const leave = meanStaySeconds.map((seconds) => 1 / seconds);
  const diagonal = rates.map((rate, phase) => rate + serviceRate + leave[phase]!);
  let matrix: Matrix = [0, 0, 0, 0];
  // R = (A0 + R^2 A2) (-A1)^-1 with A0 = diag(rates), A2 = serviceRate * I and A1 the rest.
  const inverse = inverseOf([diagonal[0]!, -leave[0]!, -leave[1]!, diagonal[1]!]);
  for (let round = 0; round < 200_000; round += 1) {
    const square = product(matrix, matrix);
    const next = product(
      [
        rates[0] + serviceRate * square[0],
        serviceRate * square[1],
        serviceRate * square[2],
        rates[1] + serviceRate * square[3],
      ],
      inverse,
    );
    const change = next.reduce((largest, value, at) => Math.max(largest, Math.abs(value - matrix[at]!)), 0);
    matrix = next;
    if (change < 1e-15) break;
  }
  // An M/M/1-like boundary: level 0 has the same phases, and pi_1 = pi_0 R; so the phases' shares are pi_0 (I - R)^-1.
  const geometric = inverseOf([1 - matrix[0], -matrix[1], -matrix[2], 1 - matrix[3]]);
  const shares = phaseShares(leave);
  const empty = rowTimes(shares, inverseOf(geometric));
  const [first, second] = rowTimes(empty, product(matrix, product(geometric, geometric)));
  return first + second;
}

type Matrix = readonly [number, number, number, number];

function product(x: Matrix, y: Matrix): Matrix {
  return [x[0] * y[0] + x[1] * y[2], x[0] * y[1] + x[1] * y[3], x[2] * y[0] + x[3] * y[2], x[2] * y[1] + x[3] * y[3]];
}

function inverseOf([a, b, c, d]: Matrix): Matrix {
  const determinant = a * d - b * c;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant];
}

function rowTimes([x, y]: readonly [number, number], [a, b, c, d]: Matrix): readonly [number, number] {
  return [x * a + y * c, x * b + y * d];
}

function phaseShares(leave: readonly number[]): readonly [number, number] {
  const [first = 1, second = 1] = leave;
  return [second / (first + second), first / (first + second)];
}
