/** Labelled components: what a component looked like, what the network would do about it, and how much that matters. */

import { assert } from '../base/index.ts';

/** Label of a component that the network leaves alone; 1 + verb otherwise. */
export const NOTHING = 0;

/** One component in one situation. */
export interface Sample {
  /** Of the component, then of the cluster. */
  readonly features: Float32Array;
  readonly label: number;
  /** Reward that is lost by a wrong label, as far as that was looked up; else 0. */
  readonly stake: number;
  /** By how much the network prefers its repair here to doing nothing, as log odds. */
  readonly gap: number;
  /** Reward that is lost if nothing is done here; 0 where it was not looked at. */
  readonly regret: number;
  /** How many like it this one stands for. */
  readonly copies: number;
}

const ROWS_FIRST = 1024;
/** A stake of one (losing the objective of all users for a minute costs about that) counts like so many dull samples. */
const STAKE_FACTOR = 10;

/** Samples of one kind of component, row by row. */
export class Samples {
  readonly width: number;
  count = 0;
  features: Float32Array;
  labels: Uint8Array = new Uint8Array(ROWS_FIRST);
  stakes: Float32Array = new Float32Array(ROWS_FIRST);
  gaps: Float32Array = new Float32Array(ROWS_FIRST);
  regrets: Float32Array = new Float32Array(ROWS_FIRST);
  copies: Float32Array = new Float32Array(ROWS_FIRST);

  constructor(width: number) {
    this.width = width;
    this.features = new Float32Array(ROWS_FIRST * width);
  }

  add({ features, label, stake, gap, regret, copies }: Sample): void {
    assert(features.length === this.width, 'a sample is as wide as the others');
    if (this.count === this.labels.length) this.#grow();
    this.features.set(features, this.count * this.width);
    this.labels[this.count] = label;
    this.stakes[this.count] = stake;
    this.gaps[this.count] = gap;
    this.regrets[this.count] = regret;
    this.copies[this.count] = copies;
    this.count += 1;
  }

  /** What a sample counts when trees are grown: something even where nothing seems at stake, more where much is. */
  weight(row: number): number {
    return (this.copies[row] ?? 0) * (1 + STAKE_FACTOR * (this.stakes[row] ?? 0));
  }

  #grow(): void {
    const rows = 2 * this.labels.length;
    this.features = grown(this.features, new Float32Array(rows * this.width));
    this.labels = grown(this.labels, new Uint8Array(rows));
    this.stakes = grown(this.stakes, new Float32Array(rows));
    this.gaps = grown(this.gaps, new Float32Array(rows));
    this.regrets = grown(this.regrets, new Float32Array(rows));
    this.copies = grown(this.copies, new Float32Array(rows));
  }
}

function grown<T extends Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
