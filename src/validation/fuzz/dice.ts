/** Random choices of the fuzz, in the words its files are written in. */

import { RandomStream } from '../../base/index.ts';

/** Draws from one named stream of a fuzz case; every part of a case has a stream of its own. */
export class Dice {
  readonly #stream: RandomStream;

  constructor(seed: number, name: string) {
    this.#stream = new RandomStream(seed, `fuzz/${name}`);
  }

  /** True with this chance. */
  chance(probability: number): boolean {
    return this.#stream.uniform() < probability;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + this.#stream.integer(most - least + 1);
  }

  /** A number between two others. */
  between(low: number, high: number): number {
    return low + (high - low) * this.#stream.uniform();
  }

  /** One of these, all alike. */
  one<T>(options: readonly T[]): T {
    return options[this.#stream.integer(options.length)]!;
  }

  /** One of these, or nothing: what is left out takes its default. */
  maybe<T>(probability: number, draw: () => T): T | undefined {
    return this.chance(probability) ? draw() : undefined;
  }
}
