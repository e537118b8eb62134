/** Steady-state measurement by batch means: a system runs on, batch by batch, until its standard errors are small enough. */

import { mean, standardError } from '../../base/index.ts';

/** A system under test that has been started and runs on. */
export interface Simulation {
  /** Runs for one batch; returns the value of every quantity in it, in the order of `Experiment.quantities`. */
  batch(): readonly number[];
}

/** A number theory knows. */
export interface Quantity {
  readonly name: string;
  readonly theory: number;
  /** What the standard error is held against; default the theory's value. A small one asks for more work. */
  readonly scale?: number;
}

/** How long to run. */
export interface Effort {
  /** Batches before the standard error is looked at. */
  readonly batchesMin: number;
  readonly batchesMax: number;
  /** Standard error over scale at which measuring ends. */
  readonly errorTarget: number;
}

/** Mean over batches and its standard error. */
export interface Measurement {
  readonly mean: number;
  readonly standardError: number;
}

/** Batches are looked at in groups of this many, so that the moment of stopping hardly depends on the values. */
const GROUP = 8;

/** Measures all quantities; the first `warmUpBatches` are thrown away. */
export function measureBatches(
  simulation: Simulation,
  quantities: readonly Quantity[],
  { batchesMin, batchesMax, errorTarget, warmUpBatches }: Effort & { readonly warmUpBatches: number },
): Measurement[] {
  for (let index = 0; index < warmUpBatches; index += 1) simulation.batch();
  const values: number[][] = quantities.map(() => []);
  const measured = (): Measurement[] =>
    values.map((batches) => ({ mean: mean(batches), standardError: standardError(batches) }));
  for (let done = 0; done < batchesMax; ) {
    const group = Math.min(GROUP, batchesMax);
    for (let index = 0; index < group; index += 1) {
      simulation.batch().forEach((value, at) => {
        values[at]?.push(value);
      });
    }
    done += group;
    const exact = measured().every(({ standardError: error }, at) => {
      const { scale, theory } = quantities[at]!;
      return error <= errorTarget * Math.abs(scale ?? theory);
    });
    if (done >= batchesMin && exact) break;
  }
  return measured();
}

/** The clock of the `request` engine goes this far, with a margin (2^37 microseconds are 137,439 s). */
const ENGINE_SECONDS_MAX = 130_000;

/** Batches of any number: begins anew with other dice before the engine's clock ends, and lets the start be forgotten. */
export function beginningAnew(
  start: (part: number) => Simulation,
  { batchSeconds, warmUpBatches }: { readonly batchSeconds: number; readonly warmUpBatches: number },
): Simulation {
  const batchesMax = Math.max(warmUpBatches + 1, Math.floor(ENGINE_SECONDS_MAX / batchSeconds));
  let part = 0;
  let done = 0;
  let current = start(part);
  return {
    batch: () => {
      if (done === batchesMax) {
        part += 1;
        current = start(part);
        for (done = 0; done < warmUpBatches; done += 1) current.batch();
      }
      done += 1;
      return current.batch();
    },
  };
}
