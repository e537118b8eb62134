/** Finding again what a fault acts on: the replicas that still have one of its effects. */

import { effectForms } from '../cluster/index.ts';
import type { FaultContext } from './fault-kind.ts';

/** Replicas with effects of this fault, in the order in which these began. */
export function ownedReplicas({ cluster, owner }: FaultContext): number[] {
  const found = new Set<number>();
  cluster.effects.forEach((kind, target, by) => {
    if (by === owner && effectForms[kind].target === 'replica') found.add(target);
  });
  return [...found];
}
