/** Rows of the theory table that are no clusters, on stations wired from the kernel's queue and the base's samplers. */

import {
  breakdownQueue,
  deterministicLoss,
  impatientShare,
  jacksonNetwork,
  type NetworkNode,
} from './queue-formulas.ts';
import type { Quantity, Simulation } from './simulation.ts';
import { breakdownStation } from './stations/breakdown-station.ts';
import { bucketStation } from './stations/bucket-station.ts';
import { crewStation, lifeStation } from './stations/crew-station.ts';
import { periodicLossStation, randomLossStation } from './stations/flow-control-station.ts';
import { impatientStation } from './stations/impatient-station.ts';
import { jacksonStation, type StationOptions } from './stations/jackson-station.ts';
import { recencyStation } from './stations/recency-station.ts';
import { sharingStation, type WorkMix } from './stations/sharing-station.ts';
import { bucketLoads } from './system-cases.ts';
import {
  availability,
  cheHitRatio,
  mathisBitsPerSecond,
  pairLifeSeconds,
  pftkBitsPerSecond,
  zipfShares,
} from './system-formulas.ts';
import type { CaseQuantity, TheoryCase } from './theory-case.ts';

/** Every case of these rows. */
export function stationCases(): TheoryCase[] {
  return [
    ...sharing(),
    openNetwork(),
    breakdowns(),
    ...[70, 100, 120].map(impatience),
    ...availabilities(),
    pairLife(),
    ...bucketLoads.map(bucket),
    ...longFlows(),
    recency(),
  ];
}

interface StationCase {
  readonly row: string;
  readonly title: string;
  readonly quantities: readonly CaseQuantity[];
  readonly batchSeconds: number;
  readonly batchesMax?: number;
  start(options: StationOptions): Simulation;
}

function station({ row, title, quantities, batchSeconds, batchesMax = 400, start }: StationCase): TheoryCase {
  return {
    row,
    title,
    engine: 'station',
    quantities,
    warmUpBatches: 2,
    batchesMax,
    errorMax: 0.01,
    fullOnly: false,
    start: ({ seed, rateFactor, batchFactor }) => start({ seed, rateFactor, batchSeconds: batchSeconds * batchFactor }),
  };
}

/** Row 10: sharing makes the mean sojourn depend on nothing but the mean of the work. */
function sharing(): TheoryCase[] {
  const load = { servers: 1, arrivalRate: 0.8, serviceRate: 1 };
  const mixes: readonly (readonly [string, WorkMix | 'exponential', readonly Quantity[]])[] = [
    [
      'two sizes',
      [
        { work: 0.5, chance: 0.8 },
        { work: 3, chance: 0.2 },
      ],
      [
        { name: 'sojourn, in services', theory: 5 },
        { name: 'sojourn of work 3', theory: 15 },
      ],
    ],
    ['exponential', 'exponential', [{ name: 'sojourn, in services', theory: 5 }]],
  ];
  return mixes.map(([name, mix, quantities]) =>
    station({
      row: '10',
      title: `M/G/1 with processor sharing at 0.8, ${name}`,
      quantities,
      batchSeconds: 40_000,
      start: (options) => sharingStation({ ...load, mix, watched: 3 }, options),
    }),
  );
}

/** Row 12. */
function openNetwork(): TheoryCase {
  const nodes: readonly NetworkNode[] = [
    { servers: 1, serviceRate: 2.5, outsideRate: 1, next: [0, 0.6, 0.4] },
    { servers: 1, serviceRate: 2, outsideRate: 0, next: [0.3] },
    { servers: 2, serviceRate: 0.6, outsideRate: 0, next: [0.2, 0.3] },
  ];
  const { rates, inSystem } = jacksonNetwork(nodes);
  return station({
    row: '12',
    title: 'Jackson network of three nodes with feedback',
    quantities: [
      ...rates.map((theory, node) => ({ name: `rate through node ${node + 1}`, theory })),
      { name: 'number in the network', theory: inSystem },
    ],
    batchSeconds: 20_000,
    start: (options) => jacksonStation(nodes, options),
  });
}

/** Row 13. */
function breakdowns(): TheoryCase {
  const load = { servers: 1, arrivalRate: 0.5, serviceRate: 1 };
  const [failureRate, repairRate] = [0.1, 0.5];
  const theory = breakdownQueue(load, failureRate, repairRate);
  return station({
    row: '13',
    title: 'M/M/1 whose server breaks down',
    quantities: [
      { name: 'number in system', theory: theory.inSystem },
      { name: 'share of time up', theory: theory.availability, scale: 1 - theory.availability },
    ],
    batchSeconds: 20_000,
    start: (options) => breakdownStation({ ...load, failureRate, repairRate }, options),
  });
}

/** Row 14. */
function impatience(arrivalRate: number): TheoryCase {
  const load = { servers: 10, arrivalRate, serviceRate: 10 };
  return station({
    row: '14',
    title: `Erlang A, 10 servers at ${arrivalRate / 100}`,
    quantities: [{ name: 'leave unserved', theory: impatientShare(load, 1) }],
    batchSeconds: arrivalRate < 100 ? 2000 : 400,
    start: (options) => impatientStation({ ...load, patienceRate: 1 }, options),
  });
}

/** Rows 16 and 17: each pair of machines and crews. */
function availabilities(): TheoryCase[] {
  const groups = [
    ['16', 3, 2],
    ['17', 5, 3],
    ['17', 2, 1],
  ] as const;
  return groups.flatMap(([row, machines, needed]) =>
    [machines, 1].map((crews) => {
      const shop = { machines, crews, upSeconds: 100, repairSeconds: 10 };
      const theory = availability(shop, needed);
      return station({
        row,
        title: `${needed} of ${machines} machines, ${crews === 1 ? 'one crew' : 'a crew each'}`,
        quantities: [{ name: 'share of time available', theory, scale: 1 - theory }],
        batchSeconds: 400_000,
        start: (options) => crewStation(shop, needed, options),
      });
    }),
  );
}

/** Row 17's life of a pair. */
function pairLife(): TheoryCase {
  const shop = { machines: 2, crews: 2, upSeconds: 100, repairSeconds: 10 };
  return station({
    row: '17',
    title: '1 of 2 machines',
    quantities: [{ name: 'seconds until both are down', theory: pairLifeSeconds(shop) }],
    batchSeconds: 0,
    start: (options) => lifeStation(shop, 400, options),
  });
}

/** Row 19. */
function bucket({ arrivalRate, tokensMax }: (typeof bucketLoads)[number]): TheoryCase {
  return station({
    row: '19',
    title: `Token bucket of ${tokensMax}, 100/s, asked ${arrivalRate}/s`,
    quantities: [{ name: 'refused', theory: deterministicLoss(arrivalRate / 100, tokensMax) }],
    batchSeconds: tokensMax === 20 && arrivalRate < 100 ? 6000 : 300,
    start: (options) => bucketStation({ arrivalRate, tokensMax, tokenRate: 100 }, options),
  });
}

/**
 * Rows 20 and 21. Mathis et al. take a window for a continuum, good to half a per cent for 16 segments; the formula of
 * Padhye et al. is an approximation of their own model, good to a tenth.
 */
function longFlows(): TheoryCase[] {
  const paths = [
    ['20', 0.05, 1e-4],
    ['20', 0.05, 1e-2],
    ['21', 0.0005, 1e-3],
  ] as const;
  return paths.flatMap(([row, roundTripSeconds, loss]) => {
    const path = { segmentBytes: 1460, roundTripSeconds, loss };
    const title = `Long flow, ${1000 * roundTripSeconds} ms, loss ${loss}`;
    const inMegabits = (simulation: Simulation): Simulation => ({
      batch: () => simulation.batch().map((bits) => bits / 1e6),
    });
    return [
      station({
        row,
        title: `${title}, periodic loss (Mathis)`,
        quantities: [{ name: 'Mb/s', theory: mathisBitsPerSecond(path) / 1e6, tolerance: 5e-3 }],
        // A whole number of periods, each of 1 / loss segments.
        batchSeconds: (20 * roundTripSeconds) / Math.sqrt(1.5 * loss),
        start: (options) => inMegabits(periodicLossStation(path, options)),
      }),
      station({
        row,
        title: `${title}, random loss (PFTK)`,
        quantities: [{ name: 'Mb/s', theory: pftkBitsPerSecond(path, 0.2) / 1e6, tolerance: 0.1 }],
        batchSeconds: (150 * roundTripSeconds) / Math.sqrt(loss),
        start: (options) => inMegabits(randomLossStation({ ...path, timeoutSeconds: 0.2 }, options)),
      }),
    ];
  });
}

/** Row 22. */
function recency(): TheoryCase {
  const shares = zipfShares(1e5, 0.8);
  const entries = 1e4;
  return station({
    row: '22',
    title: 'Least-recently-used cache of 10,000 of 100,000 items, Zipf 0.8',
    quantities: [{ name: 'hits', theory: cheHitRatio(shares, entries), tolerance: 1e-3 }],
    batchSeconds: 0,
    start: ({ seed }) => recencyStation(shares, { entries, requestsPerBatch: 50_000, seed }),
  });
}
