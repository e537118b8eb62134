/** Closed forms beside queues: balancing, availability, retries, transport, caches, fan-out. */

import { assert, exp, pow, sqrt } from '../../base/index.ts';
import { birthDeath } from './queue-formulas.ts';

/** Mean number per server when each client joins the shorter of two queues drawn at random (Mitzenmacher), many servers. */
export function twoChoicesInSystem(load: number): number {
  let sum = 0;
  for (let length = 1; length < 60; length += 1) {
    const term = pow(load, pow(2, length) - 1);
    sum += term;
    if (term < 1e-16) break;
  }
  return sum;
}

/** Machines that fail and are repaired one by one; times are means of exponentials. */
export interface RepairShop {
  readonly machines: number;
  readonly upSeconds: number;
  readonly repairSeconds: number;
  /** How many can be under repair at once. */
  readonly crews: number;
}

/** Share of time in which at least `needed` machines are up. */
export function availability({ machines, upSeconds, repairSeconds, crews }: RepairShop, needed: number): number {
  const down = birthDeath(
    machines,
    (failed) => (machines - failed) / upSeconds,
    (failed) => Math.min(failed, crews) / repairSeconds,
  );
  return down.slice(0, machines - needed + 1).reduce((sum, chance) => sum + chance, 0);
}

/** Mean time until both of two machines are down for the first time, both up at the start. */
export function pairLifeSeconds({ upSeconds, repairSeconds }: RepairShop): number {
  const failure = 1 / upSeconds;
  return (3 * failure + 1 / repairSeconds) / (2 * failure * failure);
}

/** Attempts per request when each fails by itself with the same chance. */
export function attemptsPerRequest(failureRatio: number, retriesMax: number): number {
  let attempts = 0;
  for (let retry = 0; retry <= retriesMax; retry += 1) attempts += pow(failureRatio, retry);
  return attempts;
}

/** A long flow through a lossy path. */
export interface LossyPath {
  readonly segmentBytes: number;
  readonly roundTripSeconds: number;
  readonly loss: number;
}

/** Bits per second by Mathis et al. (1997), every segment acknowledged. */
export function mathisBitsPerSecond({ segmentBytes, roundTripSeconds, loss }: LossyPath): number {
  return ((8 * segmentBytes) / roundTripSeconds) * sqrt(1.5 / loss);
}

/** Bits per second by Padhye et al. (1998), their short form with b = 1. */
export function pftkBitsPerSecond(path: LossyPath, timeoutSeconds: number): number {
  const { segmentBytes, roundTripSeconds, loss } = path;
  const timeouts = Math.min(1, 3 * sqrt((3 * loss) / 8)) * loss * (1 + 32 * loss * loss);
  return (8 * segmentBytes) / (roundTripSeconds * sqrt((2 * loss) / 3) + timeoutSeconds * timeouts);
}

/** Shares of requests by item when popularity falls as 1 / rank^exponent. */
export function zipfShares(items: number, exponent: number): Float64Array {
  const shares = Float64Array.from({ length: items }, (_, index) => 1 / pow(index + 1, exponent));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** Hit ratio of a least-recently-used cache by Che's approximation. */
export function cheHitRatio(shares: Float64Array, entries: number): number {
  assert(entries < shares.length, 'a cache is smaller than what it caches');
  let low = 0;
  let high = 1;
  const held = (time: number): number => shares.reduce((sum, share) => sum + 1 - exp(-share * time), 0);
  while (held(high) < entries) high *= 2;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (held(middle) < entries) low = middle;
    else high = middle;
  }
  return shares.reduce((sum, share) => sum + share * (1 - exp(-share * low)), 0);
}

/** Chance that at least one of `parts` goes wrong. */
export function fanOutRatio(partRatio: number, parts: number): number {
  return 1 - pow(1 - partRatio, parts);
}
