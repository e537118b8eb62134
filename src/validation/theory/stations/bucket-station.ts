/** A token bucket before a Poisson stream: it fills evenly up to its depth, a request without a token is refused. */

import type { Simulation } from '../simulation.ts';
import type { StationOptions } from './jackson-station.ts';
import { Workbench } from './workbench.ts';

/** Quantity: the share of requests refused. */
export function bucketStation(
  bucket: { readonly arrivalRate: number; readonly tokenRate: number; readonly tokensMax: number },
  options: StationOptions,
): Simulation {
  const bench = new Workbench({ streams: ['arrivals'], seed: options.seed, eventsMax: 8 });
  const tokenRate = bucket.tokenRate * options.rateFactor;
  let tokens = bucket.tokensMax;
  let filledAt = 0;
  let arrived = 0;
  let refused = 0;
  const arrive = (): void => {
    bench.after(bench.random.exponential(0) / bucket.arrivalRate, 0);
    tokens = Math.min(bucket.tokensMax, tokens + (bench.now - filledAt) * tokenRate);
    filledAt = bench.now;
    arrived += 1;
    if (tokens >= 1) tokens -= 1;
    else refused += 1;
  };
  bench.after(bench.random.exponential(0) / bucket.arrivalRate, 0);
  return {
    batch: () => {
      arrived = 0;
      refused = 0;
      bench.run(options.batchSeconds, arrive);
      return [refused / arrived];
    },
  };
}
