/** Where the simulator is known to miss a gate: each with the size seen and the reason, reviewed when either changes. */

import type { CheckLine } from '../check-line.ts';

/** A miss that does not fail a validation as long as it is no larger than stated. */
export interface KnownLimit {
  readonly section: CheckLine['section'];
  readonly title: string;
  readonly engine: string;
  /** Null = every quantity of this system. */
  readonly quantity: string | null;
  /** Largest deviation, relative, in either direction. */
  readonly deviationMax: number;
  /** In plain words. */
  readonly reason: string;
}

const wild = 'Waits of many servers with wild service times are approximated by those of tame ones, scaled.';
const cores = '`flow` makes one queue of workers and cores, where `request` has one for each.';
const tipping =
  'Near capacity `flow` tips into congestion where `request` does not: its queues know no callers that are held up themselves and so ask less.';

/** All of them. */
export const knownLimits: readonly KnownLimit[] = [
  ...queueLimits('number in service', wild, [['lognormal, variation 2, at 0.8', 0.15]]),
  ...queueLimits('number in service', cores, [['one core of 10 ms work at 0.8', 0.1]]),
  ...queueLimits('number in left', tipping, [['store answers 20 % with errors, near capacity', 1.8]]),
  ...queueLimits('number in store', tipping, [
    ['store answers 20 % with errors, near capacity', 2.3],
    ['store answers 20 % with errors, a budget of 10 %, near capacity', 0.25],
  ]),
  ...queueLimits('attempts at store, 1/s', tipping, [['store answers 20 % with errors, near capacity', 0.2]]),
  {
    section: 'hard cases',
    title: 'Simultaneous events: 500000 arrivals a second, 500 of 1000 servers busy',
    engine: 'request',
    quantity: null,
    deviationMax: 0.015,
    reason:
      'The clock counts whole microseconds; where arrivals are two of them apart, rounding makes their rate 1 % too high, at 20 apart a ten-thousandth.',
  },
];

/** Limits of `flow` against `request` that share quantity and reason: the systems with their greatest deviation. */
function queueLimits(
  quantity: string,
  reason: string,
  systems: readonly (readonly [string, number])[],
): readonly KnownLimit[] {
  return systems.map(([title, deviationMax]) => ({
    section: 'engines',
    title,
    engine: 'flow',
    quantity,
    deviationMax,
    reason,
  }));
}

/** The limit that covers a failed line, if there is one. */
export function limitOf(line: CheckLine, limits: readonly KnownLimit[]): KnownLimit | undefined {
  return limits.find(
    (limit) =>
      limit.section === line.section &&
      limit.title === line.title &&
      limit.engine === line.engine &&
      (limit.quantity === null || limit.quantity === line.quantity) &&
      Math.abs(line.deviation) <= limit.deviationMax,
  );
}
