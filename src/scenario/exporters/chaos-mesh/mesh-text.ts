/** Numbers as Chaos Mesh writes them. */

/** `1.5s` in the largest unit that says it in whole nanoseconds, as every field of a duration takes it. */
export function durationText(seconds: number): string {
  const nanoseconds = Math.round(seconds * 1e9);
  if (nanoseconds % 1e9 === 0) return `${nanoseconds / 1e9}s`;
  if (nanoseconds >= 1e6) return `${nanoseconds / 1e6}ms`;
  return nanoseconds >= 1e3 ? `${nanoseconds / 1e3}us` : `${nanoseconds}ns`;
}

/** A share as percent, in text. */
export function percentText(ratio: number): string {
  return String(Number((100 * ratio).toPrecision(12)));
}

/** A share as whole percent, never nothing. */
export function wholePercent(ratio: number): number {
  return Math.max(1, Math.min(100, Math.round(100 * ratio)));
}

/** Bytes per second. */
export function rateText(bytesPerSecond: number): string {
  return `${Math.max(1, Math.round(bytesPerSecond))}bps`;
}
