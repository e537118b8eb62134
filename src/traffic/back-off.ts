/** Pauses before retries, the same in both engines. */

/** Doubled pauses stop growing here, as those of client libraries do (gRPC's connection back-off: 120 s). */
const PAUSE_SECONDS_MAX = 120;

/** Longest pause before a retry, from 1 on: the first doubles each time, and full jitter makes it anything below. */
export function pauseSeconds(firstSeconds: number, retry: number): number {
  let pause = firstSeconds;
  for (let doubling = 1; doubling < retry && pause < PAUSE_SECONDS_MAX; doubling += 1) pause *= 2;
  return Math.min(pause, Math.max(firstSeconds, PAUSE_SECONDS_MAX));
}
