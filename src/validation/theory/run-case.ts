/** Runs a case of the theory table and judges what it finds. */

import { type CheckLine, deviationOf, judge } from '../check-line.ts';
import { type Effort, type Measurement, measureBatches } from './simulation.ts';
import type { TheoryCase } from './theory-case.ts';

/** How thoroughly, and with which dice. */
export interface TheoryEffort {
  readonly seed: number;
  readonly quick: boolean;
  /** See `CaseOptions.rateFactor`. */
  readonly rateFactor: number;
}

/** Quick runs are content with a standard error this many times the full one. */
const QUICK_ERROR_FACTOR = 3;
const QUICK_BATCH_FACTOR = 0.25;
/** Measuring goes on until the standard error is this share of what is allowed. */
const MARGIN = 0.9;

/**
 * Measures and judges every quantity of a case. Dice differ from theory by 3.3 standard errors about once in a thousand
 * lines: a case that fails is measured once more with other dice and four times the work, and only that counts.
 */
export function runTheoryCase(of: TheoryCase, section: CheckLine['section'], effort: TheoryEffort): CheckLine[] {
  const first = measureCase(of, { section, effort, attempt: 0 });
  const again = of.engine !== 'flow' && first.some(({ verdict }) => verdict === 'fails');
  return again ? measureCase(of, { section, effort, attempt: 1 }) : first;
}

interface Attempt {
  readonly section: CheckLine['section'];
  readonly effort: TheoryEffort;
  readonly attempt: number;
}

function measureCase(of: TheoryCase, { section, effort, attempt }: Attempt): CheckLine[] {
  const errorMax = of.errorMax * (effort.quick ? QUICK_ERROR_FACTOR : 1);
  const seed = `validate/${effort.seed}/${attempt}/${of.row}/${of.title}`;
  const batchFactor = effort.quick ? QUICK_BATCH_FACTOR : 1;
  const simulation = of.start({ seed, rateFactor: effort.rateFactor, batchFactor });
  const measured = measureBatches(simulation, of.quantities, {
    ...batches(of, effort.quick, attempt),
    warmUpBatches: of.warmUpBatches,
    errorTarget: MARGIN * errorMax,
  });
  return of.quantities.map((quantity, index) => {
    const { name, theory, scale, tolerance = 0 } = quantity;
    const measurement = measured[index] as Measurement;
    const verdict = judge(measurement, { theory, tolerance, errorMax, ...(scale === undefined ? {} : { scale }) });
    return {
      section,
      row: of.row,
      title: of.title,
      engine: of.engine,
      quantity: name,
      expected: theory,
      measured: measurement.mean,
      standardError: of.engine === 'flow' ? null : measurement.standardError,
      deviation: deviationOf(measurement.mean, theory),
      verdict: verdict.verdict,
      note: attempt > 0 && verdict.verdict === 'holds' ? 'holds at the second look' : verdict.note,
    };
  });
}

function batches(of: TheoryCase, quick: boolean, attempt: number): Pick<Effort, 'batchesMin' | 'batchesMax'> {
  if (of.engine === 'flow') return { batchesMin: 1, batchesMax: 1 };
  const factor = attempt > 0 ? 4 : 1;
  return { batchesMin: (quick ? 16 : 32) * factor, batchesMax: of.batchesMax * factor };
}
