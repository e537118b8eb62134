/** A cache that drops what has not been asked for the longest, under independent requests of given popularity. */

import { RandomStream } from '../../../base/index.ts';
import type { Simulation } from '../simulation.ts';

/** Quantity: the share of requests answered from the cache. */
export function recencyStation(
  shares: Float64Array,
  options: { readonly entries: number; readonly requestsPerBatch: number; readonly seed: string },
): Simulation {
  const stream = new RandomStream(options.seed, 'requests');
  const draw = aliasTable(shares, stream);
  const recency = new RecencyList(shares.length, options.entries);
  return {
    batch: () => {
      let hits = 0;
      for (let request = 0; request < options.requestsPerBatch; request += 1) if (recency.ask(draw())) hits += 1;
      return [hits / options.requestsPerBatch];
    },
  };
}

/** Items by when they were last asked for, as a doubly linked list in two arrays; the item beyond the last is its head. */
class RecencyList {
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  readonly #held: Uint8Array;
  readonly #head: number;
  #room: number;

  constructor(items: number, entries: number) {
    this.#newer = new Int32Array(items + 1);
    this.#older = new Int32Array(items + 1);
    this.#held = new Uint8Array(items);
    this.#head = items;
    this.#newer[items] = items;
    this.#older[items] = items;
    this.#room = entries;
  }

  /** Whether an item is held; it is afterwards. */
  ask(item: number): boolean {
    const held = this.#held[item] === 1;
    if (held) this.#unlink(item);
    else if (this.#room > 0) this.#room -= 1;
    else {
      const oldest = this.#newer[this.#head]!;
      this.#unlink(oldest);
      this.#held[oldest] = 0;
    }
    this.#held[item] = 1;
    this.#linkNewest(item);
    return held;
  }

  #unlink(item: number): void {
    const [newer, older] = [this.#newer[item]!, this.#older[item]!];
    this.#older[newer] = older;
    this.#newer[older] = newer;
  }

  /** The head's `older` is the newest item, its `newer` the oldest. */
  #linkNewest(item: number): void {
    const second = this.#older[this.#head]!;
    this.#older[this.#head] = item;
    this.#newer[item] = this.#head;
    this.#older[item] = second;
    this.#newer[second] = item;
  }
}

/** Draws items by their share with one uniform and one comparison (Walker, Vose). */
function aliasTable(shares: Float64Array, stream: RandomStream): () => number {
  const count = shares.length;
  const keep = shares.map((share) => share * count);
  const other = new Int32Array(count);
  const small: number[] = [];
  const large: number[] = [];
  keep.forEach((share, item) => {
    (share < 1 ? small : large).push(item);
  });
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop()!, large.pop()!];
    other[low] = high;
    keep[high]! += keep[low]! - 1;
    (keep[high]! < 1 ? small : large).push(high);
  }
  for (const item of [...small, ...large]) keep[item] = 1;
  return () => {
    const item = stream.integer(count);
    return stream.uniform() < keep[item]! ? item : other[item]!;
  };
}
