/** Random order. */

import type { RandomStream } from '../base/index.ts';

/** Puts numbers in random order, in place, and returns them. */
export function shuffled(order: Int32Array, stream: RandomStream): Int32Array {
  for (let last = order.length - 1; last > 0; last--) {
    const other = stream.integer(last + 1);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}
