/** The public, static shape of a system: its components and who depends on whom. Policies get it at reset. */

/** One component: what a fault or a repair targets. Its id is its position in `Topology.components`. */
export interface TopologyComponent {
  /** For a cluster: service, node, link or disk. */
  readonly kind: string;
  readonly name: string;
}

/**
 * Components and their declared dependencies. `dependencies[i]` are the components that i needs (callees, the nodes
 * it is declared on, its disks; a node's uplink), `dependents[i]` the reverse. Both sorted by id.
 */
export interface Topology {
  readonly components: readonly TopologyComponent[];
  readonly dependencies: readonly (readonly number[])[];
  readonly dependents: readonly (readonly number[])[];
}
