/** Load balancing when probes have taken most replicas out: it stops trusting them below a share, and only then. */
import { describe, expect, test } from 'vitest';
import { Phase, type ServiceSpec } from '../../src/cluster/index.ts';
import { clusterSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts';

/** Weights of the users' door to four replicas, of which the named ones are not ready. */
function weights(changes: Partial<ServiceSpec>, unready: readonly number[], prepare?: (world: RunningCluster) => void) {
  const base = clusterSpec();
  const services = [serviceSpec('front', { replicas: 4, replicasMax: 5, ...changes })];
  const world = runningCluster({ ...base, services, calls: [] });
  const { state, routes } = world.cluster;
  for (const replica of unready) state.replicas.ready[replica] = 0;
  prepare?.(world);
  state.global.routesStale[0] = 1;
  routes.refresh();
  return [...routes.doorWeights];
}

describe('a service that fails open below half', () => {
  test('trusts its probes while half of the replicas are ready', () => {
    expect(weights({ failOpenRatio: 0.5 }, [0, 1])).toEqual([0, 0, 0.5, 0.5, 0]);
  });

  test('sends to all that run once fewer are', () => {
    expect(weights({ failOpenRatio: 0.5 }, [0, 1, 2])).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect(weights({ failOpenRatio: 0.5 }, [0, 1, 2, 3])).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
  });

  test('leaves out replicas without a process', () => {
    const dead = ({ cluster }: RunningCluster): void => {
      cluster.state.replicas.phase[1] = Phase.backoff;
    };
    expect(weights({ failOpenRatio: 0.5 }, [0, 1, 2], dead)).toEqual([1 / 3, 0, 1 / 3, 1 / 3, 0]);
  });

  test('counts against the replicas it wants now', () => {
    const fewer = ({ cluster }: RunningCluster): void => {
      cluster.state.services.desired[0] = 2;
    };
    expect(weights({ failOpenRatio: 0.5 }, [0, 1, 2], fewer)).toEqual([0, 0, 0, 1, 0]);
  });
});

test('a service that never fails open refuses when none is ready', () => {
  expect(weights({ failOpenRatio: 0 }, [0, 1, 2, 3])).toEqual([0, 0, 0, 0, 0]);
});

test('a service with storage has its leader as the one endpoint, whatever is ready', () => {
  const changes = { failOpenRatio: 0.5, storage: storageSpec(), placement: [0, 1, 2, 0] };
  expect(weights(changes, [1, 2, 3])).toEqual([1, 0, 0, 0, 0]);
  expect(weights(changes, [0, 1, 2, 3])).toEqual([1, 0, 0, 0, 0]);
});

test('users are served by replicas whose probes fail while they could answer', () => {
  const base = clusterSpec();
  const services = [serviceSpec('front', { failOpenRatio: 0.5 })];
  const world = runningCluster({ ...base, services, calls: [] });
  const { state, meters } = world.cluster;
  world.runTo(5);
  state.replicas.ready.fill(0);
  state.global.routesStale[0] = 1;
  const before = meters.workloads.good[0]!;
  world.runTo(6);
  expect(meters.workloads.good[0]! - before).toBeGreaterThan(50);
});
