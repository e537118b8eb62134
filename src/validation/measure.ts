/** Times a repeated piece of work on a clock that is passed in; the best of several rounds counts on a noisy machine. */

/** Seconds since some fixed moment. */
export type Clock = () => number;

/** What is repeated: `run` does `unitsPerRun` units of work. */
export interface Work {
  readonly unitsPerRun: number;
  run(): void;
}

export interface Timing {
  /** Of the best round. */
  readonly unitsPerSecond: number;
  /** Of the median round. */
  readonly unitsPerSecondMedian: number;
  readonly rounds: number;
}

const ROUNDS = 5;

/** Runs `work` once to warm up, then in rounds that share `seconds`. */
export function measure(work: Work, options: { readonly clock: Clock; readonly seconds: number }): Timing {
  work.run();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rates.push(rateOfRound(work, options.clock, options.seconds / ROUNDS));
  rates.sort((a, b) => b - a);
  return {
    unitsPerSecond: rates[0] ?? 0,
    unitsPerSecondMedian: rates[Math.floor(rates.length / 2)] ?? 0,
    rounds: ROUNDS,
  };
}

function rateOfRound(work: Work, clock: Clock, seconds: number): number {
  const start = clock();
  let units = 0;
  let elapsed = 0;
  do {
    work.run();
    units += work.unitsPerRun;
    elapsed = clock() - start;
  } while (elapsed < seconds);
  return units / elapsed;
}
