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

const noise =
  '`flow` draws Poisson users although its queues already hold what a Poisson stream makes of them, so that it overstates queues of few servers near capacity; without that noise it is within 3 %.';
const wild = 'Waits of many servers with wild service times are approximated (12 % too long here without any noise).';
const cores =
  '`flow` makes one queue of workers and cores, where `request` has one for each (8 % too short here without noise).';
const tipping =
  'Near capacity `flow` tips into congestion where `request` does not: its noise lengthens queues, and its queues know no callers that are held up themselves and so ask less.';

/** All of them. */
export const knownLimits: readonly KnownLimit[] = [
  ...queueLimits('number in service', noise, [
    ['8 workers at 0.8', 0.08],
    ['8 workers at 0.95', 0.4],
    ['one worker, deterministic, at 0.8', 0.65],
    ['users wait 0.1 s, at 0.95', 0.35],
  ]),
  ...queueLimits('number in front', noise, [['8 connections, 0.9 of them in use', 0.2]]),
  ...queueLimits('number in service', `${wild} ${noise}`, [['lognormal, variation 2, at 0.8', 0.25]]),
  ...queueLimits('number in service', `${cores} ${noise}`, [['one core of 10 ms work at 0.8', 0.2]]),
  ...['number in left', 'number in store'].flatMap((quantity) =>
    queueLimits(quantity, tipping, [
      ['store answers 10 % with errors, two retries', 0.2],
      ['store answers 20 % with errors, near capacity', 2.5],
      ['store answers 20 % with errors, a budget of 10 %, near capacity', 7],
    ]),
  ),
  ...queueLimits('attempts at store, 1/s', tipping, [
    ['store answers 20 % with errors, near capacity', 0.2],
    ['store answers 20 % with errors, a budget of 10 %, near capacity', 0.2],
  ]),
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
