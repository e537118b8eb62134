/** Machines that break and are repaired by a number of crews, first broken first repaired. */

import type { Simulation } from '../simulation.ts';
import type { RepairShop } from '../system-formulas.ts';
import type { StationOptions } from './jackson-station.ts';
import { TimeIntegral, Workbench } from './workbench.ts';

const FAILURE = 0;
const REPAIRED = 1;

/** Quantity: the share of time in which at least `needed` machines are up. */
export function crewStation(shop: RepairShop, needed: number, options: StationOptions): Simulation {
  const { bench, fail, repaired } = repairShop(shop, options);
  const working = new TimeIntegral();
  let up = shop.machines;
  working.value = 1;
  return {
    batch: () => {
      bench.run(options.batchSeconds, (kind, machine) => {
        up += kind === FAILURE ? -1 : 1;
        working.set(up >= needed ? 1 : 0, bench.now);
        if (kind === FAILURE) fail(machine);
        else repaired(machine);
      });
      return [working.take(bench.now) / options.batchSeconds];
    },
  };
}

/** Quantity: the mean time from all machines up to all of them down, over `livesPerBatch` such lives. */
export function lifeStation(shop: RepairShop, livesPerBatch: number, options: StationOptions): Simulation {
  let life = 0;
  return {
    batch: () => {
      let seconds = 0;
      for (let index = 0; index < livesPerBatch; index += 1) {
        life += 1;
        seconds += oneLife(shop, { ...options, seed: `${options.seed}/${life}` });
      }
      return [seconds / livesPerBatch];
    },
  };
}

function oneLife(shop: RepairShop, options: StationOptions): number {
  const { bench, fail, repaired } = repairShop(shop, options);
  let up = shop.machines;
  while (up > 0) {
    bench.queue.pop();
    const { kind, a } = bench.queue;
    up += kind === FAILURE ? -1 : 1;
    if (kind === FAILURE) fail(a);
    else repaired(a);
  }
  return bench.now;
}

interface WiredShop {
  readonly bench: Workbench;
  fail(machine: number): void;
  repaired(machine: number): void;
}

function repairShop({ machines, upSeconds, repairSeconds, crews }: RepairShop, options: StationOptions): WiredShop {
  const all = Array.from({ length: machines }, (_, machine) => machine);
  const bench = new Workbench({
    streams: all.map((machine) => `machine/${machine}`),
    seed: options.seed,
    eventsMax: 64,
  });
  const broken: number[] = [];
  let repairing = 0;
  const repairMean = repairSeconds / options.rateFactor;
  const work = (machine: number): void => {
    bench.after(bench.random.exponential(machine) * upSeconds, FAILURE, machine);
  };
  const callCrew = (): void => {
    const machine = repairing < crews ? broken.shift() : undefined;
    if (machine === undefined) return;
    repairing += 1;
    bench.after(bench.random.exponential(machine) * repairMean, REPAIRED, machine);
  };
  for (const machine of all) work(machine);
  return {
    bench,
    fail: (machine) => {
      broken.push(machine);
      callCrew();
    },
    repaired: (machine) => {
      repairing -= 1;
      work(machine);
      callCrew();
    },
  };
}
