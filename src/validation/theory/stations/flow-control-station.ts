/** Long flows through a lossy path: a window that grows by a segment per round trip and is halved by a loss. */

import type { Simulation } from '../simulation.ts';
import type { LossyPath } from '../system-formulas.ts';
import type { StationOptions } from './jackson-station.ts';
import { Workbench } from './workbench.ts';

/** The bench's seconds are milliseconds here, so that segments microseconds apart do not suffer from rounding. */
const BENCH_SECONDS = 1000;

/** Quantity: bits per second when exactly every (1 / loss)th segment is lost, as Mathis et al. assume. */
export function periodicLossStation(path: LossyPath, options: StationOptions): Simulation {
  const bench = new Workbench({ streams: [], seed: options.seed, eventsMax: 8 });
  const segmentsPerLoss = Math.round(1 / path.loss);
  const roundTrip = path.roundTripSeconds / options.rateFactor;
  let window = 2;
  let sent = 0;
  let inBatch = 0;
  const send = (): void => {
    sent += 1;
    inBatch += 1;
    if (sent % segmentsPerLoss === 0) window /= 2;
    else window += 1 / window;
    bench.after((BENCH_SECONDS * roundTrip) / window, 0);
  };
  bench.after(0, 0);
  return {
    batch: () => {
      inBatch = 0;
      bench.run(BENCH_SECONDS * options.batchSeconds, send);
      return [(8 * path.segmentBytes * inBatch) / options.batchSeconds];
    },
  };
}

/** Padhye et al.: a time-out is waited for at most 64 times its first length. */
const DOUBLINGS_MAX = 6;

/**
 * Quantity: bits per second when segments are lost at random, with Padhye et al.'s assumptions: after a loss the rest of
 * its round is lost too; with a window w, three chances in w the loss is noticed by a time-out only, which doubles as long
 * as its one segment is lost again.
 */
export function randomLossStation(
  path: LossyPath & { readonly timeoutSeconds: number },
  options: StationOptions,
): Simulation {
  const bench = new Workbench({ streams: ['loss', 'timeouts'], seed: options.seed, eventsMax: 8 });
  const roundTrip = path.roundTripSeconds / options.rateFactor;
  let window = 2;
  let inBatch = 0;
  const timeouts = (): number => {
    let seconds = 0;
    for (let doubling = 0; ; doubling += 1) {
      const length = Math.min(doubling, DOUBLINGS_MAX);
      seconds += path.timeoutSeconds * (1 << length);
      inBatch += 1;
      if (bench.random.uniform(0) >= path.loss) return seconds;
    }
  };
  const round = (): void => {
    const size = Math.max(1, Math.floor(window));
    let delivered = 0;
    while (delivered < size && bench.random.uniform(0) >= path.loss) delivered += 1;
    if (delivered === size) {
      inBatch += size;
      window += 1;
      bench.after(BENCH_SECONDS * roundTrip, 0);
      return;
    }
    // The round that is lost from here on, and the segments that the acknowledged part of it lets go meanwhile.
    inBatch += size + delivered;
    const waited = bench.random.uniform(1) < 3 / window ? timeouts() : 0;
    window = Math.max(1, window / 2);
    bench.after(BENCH_SECONDS * (2 * roundTrip + waited), 0);
  };
  bench.after(0, 0);
  return {
    batch: () => {
      inBatch = 0;
      bench.run(BENCH_SECONDS * options.batchSeconds, round);
      return [(8 * path.segmentBytes * inBatch) / options.batchSeconds];
    },
  };
}
