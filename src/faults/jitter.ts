/** Jitter as netem makes it: the next value leans on the last one by a correlation, which narrows its spread. */

/**
 * Standard deviation of netem's correlated values of a standard deviation: x' = (1 - r) u + r x with fresh u has
 * (1 - r) / (1 + r) times the variance of u (`get_crandom` in Linux, net/sched/sch_netem.c).
 */
export function correlatedDeviation(deviation: number, correlationRatio: number): number {
  return deviation * Math.sqrt((1 - correlationRatio) / (1 + correlationRatio));
}
