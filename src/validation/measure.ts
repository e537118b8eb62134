/**
 * Times repeated pieces of work on a clock that is passed in. On a machine that others use too, the best of many short
 * rounds counts, and works that are compared take turns, so that what else runs hits them alike.
 */

/** Seconds since some fixed moment. */
export type Clock = () => number;

/** What is repeated: `run` does some of the work and returns how many units of it. */
export interface Work {
  run(): number;
}

export interface Timing {
  /** Of the best round. */
  readonly unitsPerSecond: number;
  /** Of the median round. */
  readonly unitsPerSecondMedian: number;
  readonly rounds: number;
}

export interface MeasureOptions {
  readonly clock: Clock;
  /** Time for each work, over all rounds; a round has at least one run. */
  readonly seconds: number;
}

const ROUNDS = 8;

/** Runs a work once to warm up, then in rounds that share the time. */
export function measure(work: Work, options: MeasureOptions): Timing {
  return measureInTurns([work], options)[0]!;
}

/** The same for several works, a round of each in turn. */
export function measureInTurns(works: readonly Work[], { clock, seconds }: MeasureOptions): Timing[] {
  const rates: number[][] = works.map(() => []);
  for (const work of works) work.run();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, work] of works.entries()) rates[index]!.push(rateOfRound(work, clock, seconds / ROUNDS));
  }
  return rates.map((each) => {
    each.sort((a, b) => b - a);
    return { unitsPerSecond: each[0]!, unitsPerSecondMedian: each[Math.floor(ROUNDS / 2)]!, rounds: ROUNDS };
  });
}

function rateOfRound(work: Work, clock: Clock, seconds: number): number {
  const start = clock();
  let units = 0;
  let elapsed = 0;
  do {
    units += work.run();
    elapsed = clock() - start;
  } while (elapsed < seconds);
  return units / elapsed;
}
