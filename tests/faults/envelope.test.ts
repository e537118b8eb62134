/** What a script may narrow a fault to: replicas by mode, a peer, a direction, other parameters; and that it is state. */
import { describe, expect, test } from 'vitest';
import { type FaultOptions, faultKinds, faultVerbIndex, faultVerbs, parameterUnit } from '../../src/faults/index.ts';
import { callSpec, clusterSpec, serviceSpec } from '../support/cluster-spec.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

const [FRONT, BACK] = [0, 1];

/** Users -> front -> back -> base, ten replicas of each; front calls base as well. */
const spec = clusterSpec({
  services: ['front', 'back', 'base'].map((name) =>
    serviceSpec(name, { replicas: 10, replicasMax: 11, cpuRequestCores: 0.1 }),
  ),
  calls: [callSpec(0, 1), callSpec(1, 2), callSpec(0, 2)],
});

function start(contested: ContestedCluster, fault: string, place: string, options: FaultOptions): void {
  const { componentNames } = contested.cluster.topology;
  const action = { component: componentNames.indexOf(place), verb: faultVerbIndex(fault, 'mild') };
  expect(contested.faults.isPossible(action, options)).toBe(true);
  contested.faults.start(action, options);
}

function ready(options: { seed?: number; replicaShareMax?: number } = {}): ContestedCluster {
  const { seed = 8, replicaShareMax = 1 } = options;
  const contested = contestedCluster({ spec, seed, rules: { replicaShareMax } });
  contested.runTo(20);
  return contested;
}

describe('modes', () => {
  function slowed(options: FaultOptions, seed = 8): number {
    const contested = ready({ seed });
    start(contested, 'service.slow', 'back', options);
    return contested.cluster.effects.values.replicaSlow.filter((factor) => factor > 1).length;
  }

  test('one, all, so many, and a percentage of the replicas', () => {
    expect(slowed({ mode: 'one' })).toBe(1);
    expect(slowed({ mode: 'all' })).toBe(10);
    expect(slowed({ mode: 'fixed', value: 3 })).toBe(3);
    expect(slowed({ mode: 'fixed', value: 30 })).toBe(10);
    expect(slowed({ mode: 'fixed-percent', value: 29 })).toBe(3);
    expect(slowed({ mode: 'fixed-percent', value: 30 })).toBe(3);
    expect(slowed({ mode: 'fixed-percent', value: 31 })).toBe(4);
    expect(slowed({ mode: 'fixed-percent', value: 1 })).toBe(1);
  });

  test('a random percentage up to the stated one: the same with the same seed, and all sorts with others', () => {
    const counts = Array.from({ length: 40 }, (_, seed) => slowed({ mode: 'random-max-percent', value: 60 }, seed));
    expect(Math.min(...counts)).toBe(1);
    expect(Math.max(...counts)).toBe(6);
    expect(new Set(counts).size).toBe(6);
    expect(slowed({ mode: 'random-max-percent', value: 60 }, 3)).toBe(counts[3]);
  });

  test('a mode overrules the share that chaos may touch, and without one the share holds', () => {
    const contested = ready({ replicaShareMax: 0.2 });
    start(contested, 'service.slow', 'back', { mode: 'all' });
    start(contested, 'service.errors', 'front', { parameters: { replicasMax: 9 } });
    const { replicaSlow, replicaErrors } = contested.cluster.effects.values;
    expect(replicaSlow.filter((factor) => factor > 1)).toHaveLength(10);
    expect(replicaErrors.filter((share) => share > 0)).toHaveLength(2);
  });
});

describe('faults between two services', () => {
  test('without a peer they act on all that passes, users included', () => {
    const contested = ready();
    start(contested, 'service.partition', 'front', { mode: 'fixed', value: 2 });
    const { portRequestLoss, portResponseLoss } = contested.cluster.effects.values;
    // Two replicas, each with two calls of its own and one from the users.
    expect(portRequestLoss.filter((loss) => loss === 1)).toHaveLength(6);
    expect([...portResponseLoss]).toEqual([...portRequestLoss]);
  });

  test('with a peer they act on the calls between the two only, whoever makes them', () => {
    const contested = ready();
    const { topology, effects } = contested.cluster;
    start(contested, 'service.partition', 'back', { mode: 'all', peer: FRONT });
    const lost = [...effects.values.portRequestLoss.keys()].filter(
      (port) => effects.values.portRequestLoss[port] === 1,
    );
    const first = topology.calleePortStart[0]!;
    expect(lost).toEqual(Array.from({ length: 10 }, (_, slot) => first + slot));
  });

  test('a direction takes what the target sends or what it gets', () => {
    for (const [direction, asCaller, asCallee] of [
      ['to', 'portRequestLoss', 'portResponseLoss'],
      ['from', 'portResponseLoss', 'portRequestLoss'],
    ] as const) {
      const contested = ready();
      const { topology, effects } = contested.cluster;
      start(contested, 'service.loss', 'back', { mode: 'all', direction, parameters: { lossRatio: 0.25 } });
      const other = { portRequestLoss: 'portResponseLoss', portResponseLoss: 'portRequestLoss' } as const;
      const [own, others] = [topology.callerPortStart[1]!, topology.calleePortStart[0]!];
      expect(effects.values[asCaller][own]).toBe(0.25);
      expect(effects.values[other[asCaller]][own]).toBe(0);
      expect(effects.values[asCallee][others]).toBe(0.25);
      expect(effects.values[other[asCallee]][others]).toBe(0);
    }
  });

  test('a delay is added on each way it is stated for, and its jitters add up as independent ones do', () => {
    for (const [direction, ways] of [
      ['to', 1],
      ['both', 2],
    ] as const) {
      const contested = ready();
      const parameters = { delaySeconds: 0.1, jitterSeconds: 0.03, correlationRatio: 0.28 };
      start(contested, 'service.delay', 'back', { mode: 'all', direction, parameters });
      const { portDelay, portJitter } = contested.cluster.effects.values;
      expect(Math.max(...portDelay)).toBeCloseTo(ways * 0.1, 12);
      // A correlation of 0.28 leaves (1 - 0.28) / (1 + 0.28) = 0.75 squared of the variance.
      expect(Math.max(...portJitter)).toBeCloseTo(Math.sqrt(ways) * 0.03 * 0.75, 12);
    }
  });

  test('they hold for the replicas that exist when they start: one moved escapes, one restarted in place does not', () => {
    const contested = ready();
    const { cluster } = contested;
    const cutOff = (replica: number): boolean =>
      [...cluster.topology.portReplica.keys()].some(
        (port) => cluster.topology.portReplica[port] === replica && cluster.effects.values.portRequestLoss[port] === 1,
      );
    start(contested, 'service.partition', 'back', { mode: 'fixed', value: 2, peer: FRONT });
    const [one, two] = [...Array(22).keys()].filter(cutOff) as [number, number];
    cluster.restartReplica(one);
    expect(cluster.moveReplica(two)).toBe(true);
    contested.runTo(40);
    expect(cutOff(one)).toBe(true);
    expect(cutOff(two)).toBe(false);
    expect(contested.faults.activeCount()).toBe(1);
    cluster.moveReplica(one);
    expect(contested.faults.activeCount()).toBe(0);
  });

  test('one way only, an uplink goes silent only where nothing gets out', () => {
    for (const [direction, silent] of [
      ['to', 1],
      ['from', 0],
    ] as const) {
      const contested = ready();
      start(contested, 'link.partition', 'node-a-uplink', { direction });
      expect(contested.cluster.state.nodes.silent[0]).toBe(silent);
    }
  });
});

describe('parameters', () => {
  test('replace those of the severity one by one', () => {
    const contested = ready();
    start(contested, 'service.slow', 'back', { mode: 'one', parameters: { slowFactor: 3.5 } });
    expect(Math.max(...contested.cluster.effects.values.replicaSlow)).toBe(3.5);
    start(contested, 'node.cpu-stress', 'node-a', { parameters: { stolenCoreShare: 0.25 } });
    expect(contested.cluster.effects.values.nodeCpuStolen[0]).toBe(1);
  });

  test('are the same at every severity of a kind, and carry their unit in their name', () => {
    for (const { name, severities, parameterNames } of faultKinds) {
      for (const { parameters } of severities) expect(Object.keys(parameters), name).toEqual(parameterNames);
      for (const parameter of parameterNames) expect(parameterUnit(parameter), `${name} ${parameter}`).toBeDefined();
    }
    expect(faultVerbs).toHaveLength(faultKinds.reduce((sum, { severities }) => sum + severities.length, 0));
  });
});

describe('faults that go on by themselves', () => {
  test('a kill with grace and interval takes the replica out of balancing first, and kills it again and again', () => {
    const contested = ready();
    const { cluster, runTo } = contested;
    start(contested, 'service.kill', 'back', { mode: 'one', parameters: { graceSeconds: 5, intervalSeconds: 30 } });
    const replica = cluster.effects.values.replicaExcluded.indexOf(1);
    expect(replica).toBeGreaterThanOrEqual(11);
    runTo(24.9);
    expect(cluster.isLive(replica)).toBe(true);
    runTo(25);
    expect(cluster.isLive(replica)).toBe(false);
    expect(cluster.effects.values.replicaExcluded[replica]).toBe(0);
    runTo(54);
    expect(cluster.isLive(replica)).toBe(true);
    runTo(56);
    expect(cluster.effects.values.replicaExcluded[replica]).toBe(1);
    runTo(61);
    expect(cluster.isLive(replica)).toBe(false);
    expect(contested.faults.activeCount()).toBe(1);
    cluster.moveReplica(replica);
    expect(contested.faults.activeCount()).toBe(0);
  });

  test('garbage collection stops the same replica for so long, again and again, until its process is gone', () => {
    const contested = ready();
    const { cluster, runTo } = contested;
    start(contested, 'service.gc-pause', 'back', { mode: 'one', parameters: { pauseSeconds: 2, runSeconds: 3 } });
    const replica = cluster.effects.values.replicaFrozen.indexOf(1);
    const frozen: number[] = [];
    for (let seconds = 20.5; seconds < 40; seconds += 1) {
      runTo(seconds);
      frozen.push(cluster.effects.values.replicaFrozen[replica]!);
    }
    expect(frozen.join('')).toBe('11000110001100011000');
    cluster.restartReplica(replica);
    expect(contested.faults.activeCount()).toBe(0);
  });

  test('a retry storm outlives the surge that set it off', () => {
    const contested = ready();
    const { effects } = contested.cluster;
    start(contested, 'service.retry-storm', 'back', {});
    expect(effects.values.serviceSurge[FRONT]).toBe(2);
    contested.runTo(36);
    expect(effects.values.serviceSurge[FRONT]).toBe(1);
    expect(effects.values.serviceRetryBudgetOff[BACK]).toBe(1);
    contested.runTo(201);
    expect(effects.values.serviceRetryBudgetOff[BACK]).toBe(0);
  });

  test('a drain evicts one replica after another and keeps the machine closed', () => {
    const contested = ready();
    const { cluster, runTo } = contested;
    const on = (): number => {
      let count = 0;
      cluster.forReplicasOn(0, () => {
        count += 1;
      });
      return count;
    };
    const before = on();
    start(contested, 'node.drain', 'node-a', { parameters: { evictionSeconds: 10 } });
    expect(on()).toBe(before - 1);
    runTo(31);
    expect(on()).toBe(before - 2);
    runTo(190);
    expect(on()).toBe(0);
    expect(cluster.effects.values.nodeCordoned[0]).toBe(1);
  });

  test('replicas that are scaled away are gone, and wanted again in the end', () => {
    const contested = ready();
    const { cluster, runTo } = contested;
    start(contested, 'service.scale-down', 'back', { mode: 'fixed', value: 4, durationSeconds: 60 });
    expect(cluster.state.services.desired[BACK]).toBe(6);
    expect(cluster.liveReplicas(BACK)).toBe(6);
    runTo(100);
    expect(cluster.state.services.desired[BACK]).toBe(10);
    expect(cluster.servingReplicas(BACK)).toBe(10);
  });
});

describe('the envelope is state', () => {
  test('a restored snapshot goes on with the same parameters, replicas, peer and direction', () => {
    const [one, two] = [prepared(), prepared()];
    const middle = one.snapshot();
    for (const contested of [one, two]) contested.runTo(90);
    expect(one.hash()).toBe(two.hash());
    one.restore(middle);
    one.runTo(90);
    expect(one.hash()).toBe(two.hash());
  });
});

function prepared(): ContestedCluster {
  const contested = ready();
  const pulses = { pauseSeconds: 1.5, runSeconds: 4 };
  start(contested, 'service.gc-pause', 'back', { mode: 'random-max-percent', value: 70, parameters: pulses });
  start(contested, 'service.kill', 'front', { mode: 'fixed', value: 2, parameters: { intervalSeconds: 17 } });
  start(contested, 'service.delay', 'base', { peer: BACK, direction: 'from', parameters: { delaySeconds: 0.4 } });
  contested.runTo(33);
  return contested;
}
