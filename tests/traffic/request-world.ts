/** A request engine on a hand-set cluster without a control plane, with its exact counts. */
import type { ClusterSpec } from '../../src/cluster/index.ts';
import { createRequestTraffic, type RequestCounts, type RequestTraffic } from '../../src/traffic/index.ts';
import { chainSpec, type FlowWorld, flowWorld } from './flow-world.ts';

export interface RequestWorld extends FlowWorld {
  readonly counts: RequestCounts;
}

/** Builds the engine and resets it with the seed. */
export function requestWorld(
  spec: ClusterSpec,
  options: { seed?: number; placement?: (replica: number) => number } = {},
): RequestWorld {
  let traffic: RequestTraffic | undefined;
  const world = flowWorld(spec, {
    ...options,
    engine: (layout, context) => {
      traffic = createRequestTraffic(layout, context);
      return traffic;
    },
  });
  return { ...world, counts: traffic!.counts };
}

/** A chain of services on a network that takes no time. */
export function bareChain(...parameters: Parameters<typeof chainSpec>): ClusterSpec {
  return withoutNetwork(chainSpec(...parameters));
}

/** The same cluster with links that take no time. */
export function withoutNetwork(spec: ClusterSpec): ClusterSpec {
  return { ...spec, network: { ...spec.network, uplinkLatencySeconds: 0, interconnectLatencySeconds: 0 } };
}

/** Fails if an attempt or a request has been lost or invented. */
export function lostOrInvented(world: RequestWorld): string[] {
  const wrong: string[] = [];
  const edges = world.spec.calls.length + world.spec.workloads.length;
  for (let edge = 0; edge < edges; edge += 1) {
    const { attempts, succeeded, failed, abandoned, underWay } = world.counts.edge(edge);
    if (attempts !== succeeded + failed + abandoned + underWay || underWay < 0) wrong.push(`edge ${edge}`);
  }
  for (let replica = 0; replica < world.topology.replicas; replica += 1) {
    const { entered, finished, dropped, inside } = world.counts.replica(replica);
    if (entered !== finished + dropped + inside || inside < 0) wrong.push(`replica ${replica}`);
  }
  const { offered, shed } = world.meters.workloads;
  for (let workload = 0; workload < world.spec.workloads.length; workload += 1) {
    const { succeeded, failed } = world.counts.edge(world.spec.calls.length + workload);
    if (offered[workload] !== succeeded + failed + shed[workload]!) wrong.push(`workload ${workload}`);
  }
  return wrong;
}
