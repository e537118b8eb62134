/** One server that breaks down, busy or not, and goes on with its client when repaired. */

import type { QueueLoad } from '../queue-formulas.ts';
import type { Simulation } from '../simulation.ts';
import type { StationOptions } from './jackson-station.ts';
import { TimeIntegral, Workbench } from './workbench.ts';

const Event = { arrival: 0, served: 1, failure: 2, repair: 3 } as const;
const Stream = { arrivals: 0, service: 1, failures: 2, repairs: 3 } as const;

/** Quantities: the number in the system, the share of time the server is up. */
export function breakdownStation(
  load: QueueLoad & { readonly failureRate: number; readonly repairRate: number },
  options: StationOptions,
): Simulation {
  const bench = new Workbench({ streams: Object.keys(Stream), seed: options.seed, eventsMax: 64 });
  const present = new TimeIntegral();
  const up = new TimeIntegral();
  up.value = 1;
  let servedAt = 0;
  let leftSeconds = 0;
  let generation = 0;
  const draw = (stream: number, rate: number): number => bench.random.exponential(stream) / rate;
  const resume = (): void => {
    servedAt = bench.now + leftSeconds;
    bench.after(leftSeconds, Event.served, generation);
  };
  const begin = (): void => {
    leftSeconds = draw(Stream.service, load.serviceRate * options.rateFactor);
    if (up.value === 1) resume();
  };
  const handlers = [
    () => {
      bench.after(draw(Stream.arrivals, load.arrivalRate), Event.arrival);
      present.set(present.value + 1, bench.now);
      if (present.value === 1) begin();
    },
    (of: number) => {
      if (of !== generation) return;
      present.set(present.value - 1, bench.now);
      if (present.value > 0) begin();
    },
    () => {
      up.set(0, bench.now);
      generation += 1;
      leftSeconds = Math.max(0, servedAt - bench.now);
      bench.after(draw(Stream.repairs, load.repairRate), Event.repair);
    },
    () => {
      up.set(1, bench.now);
      if (present.value > 0) resume();
      bench.after(draw(Stream.failures, load.failureRate), Event.failure);
    },
  ];
  bench.after(draw(Stream.arrivals, load.arrivalRate), Event.arrival);
  bench.after(draw(Stream.failures, load.failureRate), Event.failure);
  return {
    batch: () => {
      bench.run(options.batchSeconds, (kind, a) => handlers[kind]!(a));
      return [present.take(bench.now), up.take(bench.now)].map((sum) => sum / options.batchSeconds);
    },
  };
}
