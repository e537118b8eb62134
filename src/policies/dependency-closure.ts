/** Everything below each component: what could be the cause of its symptoms. */

import type { Topology } from '../contract/index.ts';

/** Per component, the components it needs, directly or through others, ascending. */
export class DependencyClosure {
  /** Reached without passing through another service: machines, links, disks. */
  readonly infrastructure: readonly (readonly number[])[];
  readonly everything: readonly (readonly number[])[];

  constructor(topology: Topology) {
    const ids = [...topology.components.keys()];
    const isService = (id: number): boolean => topology.components[id]?.kind === 'service';
    this.infrastructure = ids.map((id) => reach(topology, id, (next) => !isService(next)));
    this.everything = ids.map((id) => reach(topology, id, () => true));
  }
}

function reach(topology: Topology, from: number, enters: (id: number) => boolean): number[] {
  const seen = new Set<number>([from]);
  // A set may grow while it is walked, and is walked to its end.
  for (const id of seen) {
    for (const next of topology.dependencies[id] ?? []) {
      if (enters(next)) seen.add(next);
    }
  }
  seen.delete(from);
  return [...seen].sort((a, b) => a - b);
}
