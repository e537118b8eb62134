/** Does nothing: the floor of every comparison, and the silent chaos of quiet episodes. */

import type { Policy } from '../contract/index.ts';
import { NO_OP } from '../contract/index.ts';

/** A policy that always chooses the no-op. */
export function createNonePolicy(): Policy {
  return { name: 'none', reset: () => {}, act: () => NO_OP };
}
