/** Servers with a queue whose clients leave when their patience ends before their service begins. */

import { assert } from '../../../base/index.ts';
import type { QueueLoad } from '../queue-formulas.ts';
import type { Simulation } from '../simulation.ts';
import type { StationOptions } from './jackson-station.ts';
import { Workbench } from './workbench.ts';

const Event = { arrival: 0, served: 1, impatient: 2 } as const;
const Stream = { arrivals: 0, service: 1, patience: 2 } as const;
/** Tickets of waiting clients, in a ring: more than ever wait at once. */
const TICKETS = 1 << 16;

/** Quantity: the share of clients that leave unserved. */
export function impatientStation(
  load: QueueLoad & { readonly patienceRate: number },
  options: StationOptions,
): Simulation {
  const bench = new Workbench({ streams: Object.keys(Stream), seed: options.seed, eventsMax: TICKETS });
  const waiting = new Uint8Array(TICKETS);
  let first = 0;
  let next = 0;
  let busy = 0;
  let arrived = 0;
  let lost = 0;
  const draw = (stream: number, rate: number): number => bench.random.exponential(stream) / rate;
  const serve = (): void => bench.after(draw(Stream.service, load.serviceRate * options.rateFactor), Event.served);
  const arrive = (): void => {
    bench.after(draw(Stream.arrivals, load.arrivalRate), Event.arrival);
    arrived += 1;
    if (busy < load.servers) {
      busy += 1;
      serve();
      return;
    }
    assert(next - first < TICKETS, 'the queue of impatient clients is bounded by their patience');
    waiting[next % TICKETS] = 1;
    bench.after(draw(Stream.patience, load.patienceRate), Event.impatient, next % TICKETS, Math.floor(next / TICKETS));
    next += 1;
  };
  const served = (): void => {
    while (first < next && waiting[first % TICKETS] === 0) first += 1;
    if (first === next) {
      busy -= 1;
      return;
    }
    waiting[first % TICKETS] = 0;
    first += 1;
    serve();
  };
  const leave = (place: number, round: number): void => {
    const ticket = round * TICKETS + place;
    if (ticket < first || waiting[place] === 0) return;
    waiting[place] = 0;
    lost += 1;
  };
  bench.after(draw(Stream.arrivals, load.arrivalRate), Event.arrival);
  return {
    batch: () => {
      arrived = 0;
      lost = 0;
      bench.run(options.batchSeconds, (kind, a, b) => {
        if (kind === Event.arrival) arrive();
        else if (kind === Event.served) served();
        else leave(a, b);
      });
      return [lost / arrived];
    },
  };
}
