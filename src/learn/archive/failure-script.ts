/** A failure script: what was broken in an episode and when, and its form as a row of numbers that all threads share. */

/** One fault: a choice of the breaking role at a step of the episode. */
export interface ScriptedChoice {
  readonly step: number;
  readonly choice: number;
}

/** In order of steps. */
export type FailureScript = readonly ScriptedChoice[];

/** A fault to be played: where it is not legal at its step, it is tried again up to another. */
export interface DueChoice extends ScriptedChoice {
  readonly stepMax: number;
}

/** Positions in a row; from `faults` on, three numbers for each fault: step, last step, choice. */
const ROW = { serial: 0, seed: 1, avoidablePermille: 2, count: 3, faults: 4 } as const;
const FAULT_WIDTH = 3;
const UNKNOWN = -1;

/** What a row holds. */
export interface ScriptRow {
  /** Number of the archived script, 0 for none. */
  readonly serial: number;
  /** Seed of the episode's environment. */
  readonly seed: number;
  /** Share of the loss that good repair would have avoided; undefined where nobody looked. */
  readonly avoidable: number | undefined;
  /** Undefined when there are more faults than a row holds. */
  readonly faults: readonly DueChoice[] | undefined;
}

/** Numbers in a row of up to so many faults. */
export function scriptRowWidth(faultsMax: number): number {
  return ROW.faults + FAULT_WIDTH * faultsMax;
}

/** Writes what a row of that length can hold. */
export function writeScriptRow(row: Int32Array, { serial, seed, avoidable, faults }: ScriptRow): void {
  row.fill(0);
  row[ROW.serial] = serial;
  row[ROW.seed] = seed;
  row[ROW.avoidablePermille] = avoidable === undefined ? UNKNOWN : Math.round(1000 * avoidable);
  const fits = faults !== undefined && ROW.faults + FAULT_WIDTH * faults.length <= row.length;
  row[ROW.count] = fits ? faults.length : UNKNOWN;
  if (fits) {
    for (const [index, { step, stepMax, choice }] of faults.entries()) {
      row.set([step, stepMax, choice], ROW.faults + FAULT_WIDTH * index);
    }
  }
}

/** Reads what `writeScriptRow` wrote. */
export function readScriptRow(row: Int32Array): ScriptRow {
  const count = row[ROW.count]!;
  const permille = row[ROW.avoidablePermille]!;
  const faults = Array.from({ length: Math.max(0, count) }, (_, index): DueChoice => {
    const at = ROW.faults + FAULT_WIDTH * index;
    return { step: row[at]!, stepMax: row[at + 1]!, choice: row[at + 2]! };
  });
  return {
    serial: row[ROW.serial]!,
    seed: row[ROW.seed]! >>> 0,
    avoidable: permille === UNKNOWN ? undefined : permille / 1000,
    faults: count === UNKNOWN ? undefined : faults,
  };
}
