/** Faults in any mixture leave nothing behind: a property over random sequences of all kinds, with restarts and moves between. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cpuLimitCores,
  diskForeignShare,
  diskOperationSeconds,
  type EffectKind,
  effectForms,
  linkBufferBytes,
  linkForeignBytes,
  linkLossRatio,
  linkRate,
  linkSecondsPerByte,
  Phase,
  Way,
} from '../../src/cluster/index.ts';
import { type FaultMode, faultVerbs } from '../../src/faults/index.ts';
import { callSpec, clusterSpec, nodeSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

/** Room everywhere, a bounded pool and a store of three, so that every kind of fault finds something to act on. */
const spec = clusterSpec({
  nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1), nodeSpec('node-c', 2), nodeSpec('node-d', 2)],
  services: [
    serviceSpec('front', { replicas: 3, replicasMax: 4 }),
    serviceSpec('back', { replicas: 3, replicasMax: 4 }),
    serviceSpec('store', { replicas: 3, replicasMax: 3, storage: storageSpec(), placement: [0, 1, 2] }),
  ],
  calls: [callSpec(0, 1, { connectionsMax: 32 }), callSpec(1, 2)],
});
const modes: readonly (FaultMode | null)[] = [null, null, 'one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'];

const step = fc.record({
  verb: fc.nat({ max: faultVerbs.length - 1 }),
  place: fc.nat({ max: 99 }),
  mode: fc.constantFrom(...modes),
  direction: fc.constantFrom('to', 'from', 'both'),
  lastsSeconds: fc.double({ min: 0.5, max: 90, noNaN: true }),
  waitSeconds: fc.double({ min: 0, max: 30, noNaN: true }),
  /** What happens in between: mostly nothing. */
  deed: fc.constantFrom('none', 'none', 'none', 'restart', 'move', 'fail-over', 'free', 'roll-back'),
  replica: fc.nat({ max: 10 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

describe('faults in any mixture', () => {
  test('leave no effect behind once all have ended, to the bit', () => {
    const started = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), fc.nat({ max: 1000 }), (steps, seed) => {
        const contested = contestedCluster({ spec, seed });
        const fresh = derived(contested);
        contested.runTo(20);
        for (const each of steps) {
          const name = play(contested, each);
          if (name !== undefined) started.set(name, (started.get(name) ?? 0) + 1);
        }
        contested.runTo(contested.cluster.nowSeconds + 91);
        expect(contested.faults.activeCount()).toBe(0);
        expect(contested.cluster.effects.room).toBe(fresh.room);
        // Machines are heard again, and replicas that were scaled away are wanted again and on their way.
        expect(derived(contested)).toEqual(fresh);
      }),
      { seed: 20261122, numRuns: 250 },
    );
    // The sequences have reached (nearly) every fault there is, or the property says little.
    expect(started.size).toBeGreaterThan(0.9 * faultVerbs.length);
  });

  test('a target that dies in the middle of a fault is no error, and the fault is over with it', () => {
    for (const name of ['service.slow', 'service.gc-pause', 'service.delay', 'service.memory-stress']) {
      const contested = contestedCluster({ spec });
      contested.runTo(20);
      contested.fault(name, 'mild', 'front');
      const { cluster } = contested;
      for (let replica = 0; replica < 3; replica += 1) {
        cluster.killReplica(replica);
        cluster.moveReplica(replica);
      }
      contested.runTo(60);
      expect(contested.faults.activeCount(), name).toBe(0);
    }
  });
});

/** The name of the fault that was started, if it was possible. */
function play({ cluster, faults, runTo }: ContestedCluster, each: Step): string | undefined {
  const { topology } = cluster;
  const verb = faultVerbs[each.verb]!;
  const count = topology.counts[verb.target];
  const component = topology.offsets[verb.target] + (each.place % count);
  const action = { component, verb: each.verb };
  const mode = verb.kind.scope.replicas ? each.mode : null;
  const { direction: ways } = verb.kind.scope;
  // Of calls made and taken every service but the first and the last has both.
  const direction = ways === 'packets' || (ways === 'calls' && each.place % count === 1) ? each.direction : 'both';
  const options = { durationSeconds: each.lastsSeconds, mode, value: mode === 'fixed' ? 2 : 50, direction } as const;
  const possible = faults.isPossible(action, options);
  if (possible) faults.start(action, options);
  const replica = each.replica % topology.replicas;
  switch (each.deed) {
    case 'restart':
      cluster.restartReplica(replica);
      break;
    case 'move':
      if (cluster.state.replicas.phase[replica] !== Phase.absent) cluster.moveReplica(replica);
      break;
    case 'fail-over':
      cluster.failOver(2);
      break;
    case 'free':
      cluster.freeDisk(each.replica % topology.disks);
      break;
    case 'roll-back':
      cluster.effects.endConfig(each.replica % topology.services);
      break;
    case 'none':
      break;
  }
  runTo(cluster.nowSeconds + each.waitSeconds);
  return possible ? verb.name : undefined;
}

/** Everything that effects decide: their combined values, and what the control plane makes of them at once. */
function derived({ cluster }: ContestedCluster): { readonly room: number; readonly [part: string]: unknown } {
  const { effects, state } = cluster;
  const kinds = Object.keys(effectForms) as EffectKind[];
  return {
    room: effects.room,
    values: kinds.map((kind) => [kind, ...bits(effects.values[kind])]),
    links: allOf(cluster.topology.links, (link) => [
      linkRate(cluster, link),
      linkBufferBytes(cluster, link),
      linkForeignBytes(cluster, link),
      linkSecondsPerByte(cluster, link),
      linkLossRatio(cluster, link, Way.in),
      linkLossRatio(cluster, link, Way.out),
    ]),
    disks: allOf(cluster.topology.disks, (disk) => [
      diskOperationSeconds(cluster, disk),
      diskForeignShare(cluster, disk),
    ]),
    cores: allOf(cluster.topology.replicas, (replica) => [cpuLimitCores(cluster, replica)]),
    silent: [...state.nodes.silent],
    available: [...state.nodes.available],
    desired: [...state.services.desired],
  };
}

/** What the physics makes of the effects on each of so many. */
function allOf(count: number, of: (index: number) => number[]): bigint[] {
  return bits(Float64Array.from(Array.from({ length: count }, (_, index) => of(index)).flat()));
}

/** So that 0 and -0 differ. */
function bits(values: Float64Array): bigint[] {
  return [...new BigUint64Array(values.slice().buffer)];
}
