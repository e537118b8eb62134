/** Simulated time: whole microseconds, so that sums are exact and equal times are equal. */
import { assert } from '../base/index.ts';

/** Microseconds in a second. */
export const MICROS_PER_SECOND = 1_000_000;

/** Seconds as whole microseconds, rounded to nearest; not finite or beyond 2^53 microseconds is a bug. */
export function secondsToMicros(seconds: number): number {
  const micros = Math.round(seconds * MICROS_PER_SECOND);
  assert(Number.isSafeInteger(micros), 'a time in microseconds must be a safe integer');
  return micros;
}

/** Microseconds as seconds. */
export function microsToSeconds(micros: number): number {
  return micros / MICROS_PER_SECOND;
}
