/** Who depends on whom in a cluster, as flat lists that kernels can read. */

/** Neighbours of component i: `items[starts[i] .. starts[i + 1])`. */
export interface NeighbourLists {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** Both directions of the dependencies between the components of a cluster. */
export interface ComponentGraph {
  readonly dependents: NeighbourLists;
  readonly dependencies: NeighbourLists;
}

/** The graph of a topology's lists, component by component. */
export function componentGraph(topology: {
  readonly dependents: readonly (readonly number[])[];
  readonly dependencies: readonly (readonly number[])[];
}): ComponentGraph {
  return { dependents: flatLists(topology.dependents), dependencies: flatLists(topology.dependencies) };
}

function flatLists(lists: readonly (readonly number[])[]): NeighbourLists {
  const starts = new Int32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) starts[index + 1] = starts[index]! + list.length;
  return { starts, items: Int32Array.from(lists.flat()) };
}
