/** Reads a list at an index that is known to be inside. */
import { assert } from '../../base/index.ts';

/** The entry at an index; none there is a bug. */
export function item<T>(list: readonly T[], index: number): T {
  const value = list[index];
  assert(value !== undefined, 'the index lies within the list');
  return value;
}
