/** The public side of a cluster: its declaration, and signals as monitoring delivered them. */

import { type Cluster, type SignalName, signalColumn, signalNames } from '../cluster/index.ts';
import type { RepairView } from './repair-kind.ts';

/** The last delivered value of a signal of a component. */
export function deliveredSignal(cluster: Cluster, component: number, name: SignalName): number {
  return cluster.monitoring.delivered[component * signalNames.length + signalColumn[name]]!;
}

/** A view that follows the cluster's monitoring. */
export function createRepairView(cluster: Cluster): RepairView {
  return {
    spec: cluster.spec,
    topology: cluster.topology,
    signal: (component, name) => deliveredSignal(cluster, component, name),
    isKnown: (component) => cluster.monitoring.freshness.sampledMicros[component]! > 0,
  };
}
