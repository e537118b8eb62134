/** Which repairs restore what users get while the fault, left alone, would still last; with the flow engine. */
import { describe, expect, test } from 'vitest';
import { createTraffic } from '../../src/traffic/index.ts';
import { callSpec, clusterSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

const SUCCESS_RATIO_MIN = 0.99;
/** Repairs start at 110 s. */
const RESTORED_BY = 210;

/** So patient that overload alone never fails it. */
const patientProbe = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 100,
  successThreshold: 1,
};

/** Store in zones a and b; front and back so loaded that half of their replicas are not enough. */
const spec = clusterSpec({
  services: [
    serviceSpec('front', { placement: [0, 1], workers: 32, replicasMax: 4 }),
    serviceSpec('back', {
      placement: [1, 2],
      serviceTimeSeconds: 0.05,
      cpuSecondsPerRequest: 0.008,
      replicasMax: 4,
      readiness: patientProbe,
      liveness: patientProbe,
    }),
    serviceSpec('store', { placement: [0, 1], replicasMax: 2, storage: storageSpec({ electionSeconds: null }) }),
  ],
  calls: [callSpec(0, 1, { retriesMax: 0 }), callSpec(1, 2, { retriesMax: 0 })],
});

/** Fault, place, and repairs to be started one after another. */
const cures: readonly (readonly [fault: string, place: string, ...repairs: string[]])[] = [
  ['service.kill', 'store', 'service.fail-over store'],
  ['service.kill', 'store', 'service.reschedule store'],
  ['service.hang', 'front', 'service.restart front'],
  ['service.slow', 'back', 'service.restart back'],
  ['service.errors', 'back', 'service.restart back'],
  ['service.errors', 'back', 'service.reschedule back'],
  ['node.down', 'node-a', 'service.fail-over store'],
  ['node.cpu-stress', 'node-b', 'node.drain node-b'],
  ['node.cpu-stress', 'node-b', 'node.reboot node-b'],
  ['link.partition', 'node-a-uplink', 'node.drain node-a'],
  ['link.loss', 'node-a-uplink', 'node.drain node-a'],
  ['link.loss', 'node-b-uplink', 'link.reroute node-b-uplink', 'service.scale-out back'],
  ['link.delay', 'node-a-uplink', 'node.drain node-a'],
  ['link.flood', 'node-a-uplink', 'link.throttle node-a-uplink'],
  ['disk.fill', 'store-disk-0', 'disk.free-space store-disk-0'],
  ['disk.slow', 'store-disk-0', 'service.fail-over store'],
  ['disk.errors', 'store-disk-0', 'service.fail-over store'],
  ['disk.errors', 'store-disk-0', 'disk.replace store-disk-0'],
  ['disk.lost', 'store-disk-0', 'disk.replace store-disk-0'],
];

describe('a severe fault', () => {
  test.each(cures)('%s on %s breaks what users get until %s', (fault, place, ...repairs) => {
    const contested = start(fault, place);
    const hurt = contested.snapshot();
    contested.runTo(RESTORED_BY);
    expect(successRatio(contested, RESTORED_BY + 20)).toBeLessThan(SUCCESS_RATIO_MIN);

    contested.restore(hurt);
    for (const repair of repairs) {
      const [name, at] = repair.split(' ');
      contested.repair(name!, at!);
    }
    contested.runTo(RESTORED_BY);
    expect(successRatio(contested, RESTORED_BY + 20)).toBeGreaterThan(SUCCESS_RATIO_MIN);
  });
});

function start(fault: string, place: string): ContestedCluster {
  const contested = contestedCluster({ spec, traffic: createTraffic('flow'), rules: { replicaShareMax: 0.5 } });
  contested.runTo(60);
  expect(successRatio(contested, 70)).toBeGreaterThan(SUCCESS_RATIO_MIN);
  contested.fault(fault, 'severe', place);
  contested.runTo(110);
  return contested;
}

/** Share of users from now to a time who are served well. */
function successRatio({ cluster, runTo }: ContestedCluster, untilSeconds: number): number {
  const { offered, good } = cluster.meters.workloads;
  const [offeredBefore, goodBefore] = [offered[0]!, good[0]!];
  runTo(untilSeconds);
  return (good[0]! - goodBefore) / (offered[0]! - offeredBefore);
}
