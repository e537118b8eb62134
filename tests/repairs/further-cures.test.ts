/** The same as `cures.test.ts` for faults of configuration, names, clocks, ports and disks; with the flow engine. */
import { describe, expect, test } from 'vitest';
import { faultVerbIndex } from '../../src/faults/index.ts';
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
      cpuSecondsPerRequest: 0.012,
      replicasMax: 4,
      readiness: patientProbe,
      liveness: patientProbe,
    }),
    serviceSpec('store', {
      placement: [0, 1],
      replicasMax: 2,
      storage: storageSpec({ electionSeconds: null, operationsPerRequest: 10 }),
    }),
  ],
  calls: [callSpec(0, 1, { retriesMax: 0 }), callSpec(1, 2, { retriesMax: 0 })],
});

/** Fault, place, and repairs to be started one after another. */
const cures: readonly (readonly [fault: string, place: string, ...repairs: string[]])[] = [
  ['service.partition', 'back', 'service.reschedule back'],
  ['service.loss', 'back', 'service.reschedule back'],
  ['service.delay', 'back', 'service.reschedule back'],
  ['service.reset', 'back', 'service.reschedule back'],
  ['service.cut', 'store', 'service.fail-over store'],
  ['service.rpc-delay', 'back', 'service.reschedule back'],
  ['service.gc-pause', 'back', 'service.restart back'],
  ['service.cpu-stress', 'back', 'service.restart back'],
  ['service.scale-down', 'back', 'service.scale-out back'],
  ['service.bad-release', 'back', 'service.roll-back back'],
  ['service.misconfigured-dependency', 'front', 'service.roll-back front'],
  ['service.quota', 'back', 'service.roll-back back'],
  ['service.dns-error', 'back', 'service.pin-address back'],
  ['service.dns-spoof', 'store', 'service.pin-address store'],
  ['node.clock-skew', 'node-b', 'node.resync-clock node-b'],
  ['link.corrupt', 'node-a-uplink', 'node.drain node-a'],
  ['link.reorder', 'node-a-uplink', 'node.drain node-a'],
  ['disk.latency', 'store-disk-0', 'service.fail-over store'],
  ['disk.stress', 'store-disk-0', 'service.reschedule store'],
  ['disk.corrupt', 'store-disk-0', 'disk.restore store-disk-0'],
  ['disk.read-only', 'store-disk-0', 'disk.remount store-disk-0'],
  ['disk.pause', 'store-disk-0', 'service.fail-over store'],
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

describe('a retry storm', () => {
  /** So long a queue that requests in it outlive their callers' patience, at 60 % of the capacity. */
  const spec = clusterSpec({
    services: [
      serviceSpec('front', { placement: [0, 1], workers: 512, queueMax: 512 }),
      serviceSpec('back', {
        placement: [1, 2],
        workers: 16,
        queueMax: 400,
        serviceTimeSeconds: 0.05,
        cpuSecondsPerRequest: 0.012,
        readiness: patientProbe,
        liveness: patientProbe,
      }),
    ],
    calls: [callSpec(0, 1, { retriesMax: 3 })],
  });

  /** The same surge of half a minute, with or without the retry budget. */
  function overloaded(fault: 'service.retry-storm' | 'service.surge'): ContestedCluster {
    const contested = contestedCluster({ spec, traffic: createTraffic('flow') });
    contested.runTo(60);
    const action = { component: fault === 'service.surge' ? 0 : 1, verb: faultVerbIndex(fault, 'severe') };
    const surge = { durationSeconds: 30, parameters: { loadFactor: 3 } };
    contested.faults.start(action, fault === 'service.surge' ? surge : {});
    contested.runTo(150);
    expect(contested.cluster.effects.values.serviceSurge[0]).toBe(1);
    return contested;
  }

  test('outlives the surge that set it off, which alone is soon forgotten', () => {
    expect(successRatio(overloaded('service.surge'), 200)).toBeGreaterThan(SUCCESS_RATIO_MIN);
    expect(successRatio(overloaded('service.retry-storm'), 200)).toBeLessThan(0.5);
  });

  test.each(['service.disable-retries', 'service.rate-limit', 'service.open-breaker'])('is over after %s', (repair) => {
    const contested = overloaded('service.retry-storm');
    contested.repair(repair, 'back');
    contested.runTo(210);
    expect(successRatio(contested, 240)).toBeGreaterThan(SUCCESS_RATIO_MIN);
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
