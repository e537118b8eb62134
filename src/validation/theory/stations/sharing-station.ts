/** One server shared equally by all clients present (processor sharing). */

import { StateLayout } from '../../../base/index.ts';
import { EventQueue, MICROS_PER_SECOND } from '../../../kernel/index.ts';
import type { QueueLoad } from '../queue-formulas.ts';
import type { Simulation } from '../simulation.ts';
import type { StationOptions } from './jackson-station.ts';
import { Workbench } from './workbench.ts';

const ARRIVALS = 0;
const WORK = 1;

/** Amounts of work, each with its chance; their mean is 1. */
export type WorkMix = readonly { readonly work: number; readonly chance: number }[];

/**
 * Quantities: the mean sojourn, then that of clients with the amount of work `watched`. A second event queue on the clock
 * of work done per client holds the ends of service: their order never changes, however many share the server.
 */
export function sharingStation(
  load: QueueLoad & { readonly mix: WorkMix | 'exponential'; readonly watched: number },
  options: StationOptions,
): Simulation {
  const bench = new Workbench({ streams: ['arrivals', 'work'], seed: options.seed, eventsMax: 4096 });
  const layout = new StateLayout();
  const ends = new EventQueue(layout, CLIENTS_MAX);
  layout.build();
  const rate = load.serviceRate * options.rateFactor;
  const arrivedAt = new Float64Array(CLIENTS_MAX);
  const watched = new Uint8Array(CLIENTS_MAX);
  const freePlaces = Int32Array.from({ length: CLIENTS_MAX }, (_, index) => index);
  let present = 0;
  let workDone = 0;
  let since = 0;
  const sums = { all: 0, count: 0, watched: 0, watchedCount: 0 };
  const draw = (): number => {
    if (load.mix === 'exponential') return bench.random.exponential(WORK);
    let left = bench.random.uniform(WORK);
    for (const { work, chance } of load.mix) {
      left -= chance;
      if (left < 0) return work;
    }
    return load.mix.at(-1)!.work;
  };
  /** Seconds until the first client is done if nobody else comes. */
  const untilEnd = (): number => ((ends.nextTime() / MICROS_PER_SECOND - workDone) * present) / rate;
  const workOn = (seconds: number): void => {
    if (present > 0) workDone += (seconds * rate) / present;
    since += seconds;
  };
  const leave = (): void => {
    workOn(Math.max(0, untilEnd()));
    ends.pop();
    workDone = ends.time / MICROS_PER_SECOND;
    present -= 1;
    const place = ends.a;
    freePlaces[present] = place;
    const sojourn = since - arrivedAt[place]!;
    sums.all += sojourn;
    sums.count += 1;
    if (watched[place] === 0) return;
    sums.watched += sojourn;
    sums.watchedCount += 1;
  };
  const arrive = (): void => {
    bench.after(bench.random.exponential(ARRIVALS) / load.arrivalRate, 0);
    const work = draw();
    const place = freePlaces[present]!;
    present += 1;
    arrivedAt[place] = since;
    watched[place] = work === load.watched ? 1 : 0;
    ends.schedule(Math.max(ends.time, Math.round((workDone + work) * MICROS_PER_SECOND)), 0, 0, place, 0);
  };
  bench.after(bench.random.exponential(ARRIVALS) / load.arrivalRate, 0);
  return {
    batch: () => {
      Object.assign(sums, { all: 0, count: 0, watched: 0, watchedCount: 0 });
      bench.run(options.batchSeconds, () => {
        while (present > 0 && since + untilEnd() <= bench.now) leave();
        workOn(bench.now - since);
        arrive();
      });
      const mean = sums.all / sums.count;
      return load.mix === 'exponential' ? [mean] : [mean, sums.watched / sums.watchedCount];
    },
  };
}

const CLIENTS_MAX = 1 << 14;
