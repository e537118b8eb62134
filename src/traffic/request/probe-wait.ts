/** How likely a probe that enters a replica's queue now takes too long. */

import { gammaTail } from '../flow/incomplete-gamma.ts';

/** Chance that a sum of waits and a service with these moments takes longer than a time-out: as a gamma variable. */
export function waitBeyond(moments: { mean: number; variance: number }, timeoutSeconds: number): number {
  const { mean, variance } = moments;
  if (mean <= 0) return 0;
  if (variance <= 1e-12 * mean * mean) return mean > timeoutSeconds ? 1 : 0;
  return Math.min(1, gammaTail((mean * mean) / variance, (timeoutSeconds * mean) / variance));
}
