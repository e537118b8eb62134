/**
 * A worker's side of the archive: copies the script that an episode begins with to the ledger, so that it stays the very
 * same to the end whatever becomes of its place, and writes down what was broken in an episode that is over.
 */

import { assert } from '../../base/index.ts';
import { NO_OP } from '../../contract/index.ts';
import type { RunDimensions } from '../run-dimensions.ts';
import type { SharedRun } from '../shared-run.ts';
import type { LearningTask } from '../task.ts';
import { type DueChoice, readScriptRow, writeScriptRow } from './failure-script.ts';

interface ShelfParts {
  readonly task: LearningTask;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
}

/** Scripts of the episodes in the ledger's rows; does nothing in a run without archive. */
export class ScriptShelf {
  readonly #parts: ShelfParts;
  readonly #breaker: number;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
    this.#breaker = parts.task.roles.indexOf(parts.task.failures?.role ?? '');
  }

  /** The episode in this row begins with the script in a place of its scenario's archive, or without any. */
  begin(row: number, place: number | undefined): void {
    const { dimensions, shared } = this.#parts;
    const own = this.#ledgerRow(row);
    if (place === undefined) {
      own.fill(0);
      return;
    }
    const start = (this.scenarioOf(row) * dimensions.archivePlaces + place) * dimensions.scriptWidth;
    own.set(shared.archive.subarray(start, start + dimensions.scriptWidth));
    assert(readScriptRow(own).serial > 0, 'only places that hold a script are drawn');
  }

  /** The script of the running episode in this row. */
  script(row: number): readonly DueChoice[] {
    return readScriptRow(this.#ledgerRow(row)).faults ?? [];
  }

  /** Records the episode in this row, which is the iteration's `index`th of its environment. */
  record(row: number, index: number, end: { seed: number; summary: Readonly<Record<string, number>> }): void {
    const { dimensions, shared, task } = this.#parts;
    const { scriptWidth, rolloutSteps } = dimensions;
    if (scriptWidth === 0) return;
    const start = (row * rolloutSteps + index) * scriptWidth;
    const { serial } = readScriptRow(this.#ledgerRow(row));
    const looked = shared.ledger.learner[row] === this.#breaker;
    const avoidable = looked ? task.failures?.avoidable(this.scenarioOf(row), end.summary) : undefined;
    const faults = this.#broken(row);
    writeScriptRow(shared.records.scripts.subarray(start, start + scriptWidth), {
      serial,
      seed: end.seed,
      avoidable,
      faults,
    });
  }

  /** The scenario that the environment in this row plays; 0 where there is no archive. */
  scenarioOf(row: number): number {
    return this.#parts.dimensions.scriptWidth === 0 ? 0 : (this.#parts.task.failures?.scenarioOf(row) ?? 0);
  }

  #broken(row: number): DueChoice[] {
    const { dimensions, shared } = this.#parts;
    const { episodeStepsMax, roles } = dimensions;
    const start = (row * roles.length + this.#breaker) * episodeStepsMax;
    const faults: DueChoice[] = [];
    for (let step = 0; step < shared.ledger.steps[row]!; step++) {
      const choice = shared.ledger.choices[start + step]!;
      if (choice !== NO_OP) faults.push({ step, stepMax: step, choice });
    }
    return faults;
  }

  #ledgerRow(row: number): Int32Array {
    const { dimensions, shared } = this.#parts;
    return shared.ledger.scripts.subarray(row * dimensions.scriptWidth, (row + 1) * dimensions.scriptWidth);
  }
}
