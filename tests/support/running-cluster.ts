/** A cluster with the flow engine, ready to run. */
import { StateLayout } from '../../src/base/index.ts';
import { Cluster, type ClusterSpec } from '../../src/cluster/index.ts';
import { createTraffic } from '../../src/traffic/index.ts';
import { clusterSpec } from './cluster-spec.ts';

export interface RunningCluster {
  readonly cluster: Cluster;
  /** Runs to a time in seconds. */
  runTo(seconds: number): void;
  snapshot(): ArrayBuffer;
  restore(state: ArrayBuffer): void;
  hash(): string;
}

/** Builds and resets it. */
export function runningCluster(spec: ClusterSpec = clusterSpec(), seed: number = 1): RunningCluster {
  const layout = new StateLayout();
  const cluster = new Cluster(layout, spec, createTraffic('flow'));
  const arena = layout.build();
  cluster.bind();
  cluster.reset(seed);
  return {
    cluster,
    runTo: (seconds) => {
      cluster.runUntil(Math.round(seconds * 1e6));
    },
    snapshot: () => arena.snapshot(),
    restore: (state) => {
      arena.restore(state);
      cluster.restored();
    },
    hash: () => arena.hash(),
  };
}
