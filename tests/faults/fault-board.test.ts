import { describe, expect, test } from 'vitest';
import { type EffectKind, effectForms, Phase } from '../../src/cluster/index.ts';
import { faultCatalogueMarkdown, faultKinds, faultVerbs } from '../../src/faults/index.ts';
import { callSpec, clusterSpec, nodeSpec, serviceSpec, storageSpec } from '../support/cluster-spec.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

describe('the catalogue of faults', () => {
  test('every fault at every severity is legal somewhere in a healthy cluster, takes effect and leaves no effect behind', () => {
    // Callers of the store have a bounded number of connections, which some faults need.
    const spec = clusterSpec({ calls: [callSpec(0, 1), callSpec(1, 2, { connectionsMax: 32 })] });
    for (const verb of faultVerbs) {
      const contested = contestedCluster({ spec });
      contested.runTo(20);
      const before = effectValues(contested);
      const place = legalPlace(contested, verb.name);
      contested.fault(verb.kind.name, verb.severity.name, place);
      expect(contested.faults.activeCount(), verb.name).toBe(1);
      expect(effectValues(contested), verb.name).not.toEqual(before);
      const { durationSeconds } = verb.severity;
      if (durationSeconds === null) continue;
      contested.runTo(20 + durationSeconds + 0.001);
      expect(contested.faults.activeCount(), verb.name).toBe(0);
      expect(effectValues(contested), verb.name).toEqual(before);
    }
  });

  test('the severe form of a fault never costs less than the mild one', () => {
    for (const { name, severities } of faultKinds) {
      const [mild, severe] = severities;
      if (mild !== undefined && severe !== undefined) expect(severe.cost, name).toBeGreaterThanOrEqual(mild.cost);
    }
  });

  test('the documentation lists every fault with its parameters', () => {
    const text = faultCatalogueMarkdown();
    expect(text).toContain('| `link.loss` | link | mild | 1 | 240 s | lossRatio 0.03 |');
    expect(text.split('\n')).toHaveLength(faultVerbs.length + 3);
  });
});

describe('faults', () => {
  test('a severe kill takes as many replicas as the share of the contest allows and they go on crashing', () => {
    const spec = clusterSpec({ services: [serviceSpec('front', { replicas: 4, replicasMax: 4 })], calls: [] });
    const { cluster, fault, runTo } = contestedCluster({ spec, rules: { replicaShareMax: 0.5 } });
    runTo(20);
    fault('service.kill', 'severe', 'front');
    expect(cluster.liveReplicas(0)).toBe(2);
    runTo(60);
    expect(cluster.liveReplicas(0)).toBe(2);
    expect(Math.max(...cluster.state.replicas.restarts)).toBeGreaterThanOrEqual(2);
  });

  test('faults on a store hit its leader', () => {
    const { cluster, fault, runTo } = contestedCluster();
    runTo(20);
    fault('service.hang', 'severe', 'store');
    expect(cluster.effects.values.replicaFrozen[cluster.state.services.leader[2]!]).toBe(1);
  });

  test('a leak reaches the memory limit in the seconds it states and ends with the process', () => {
    const { cluster, faults, fault, runTo } = contestedCluster();
    runTo(20);
    fault('service.leak', 'severe', 'front');
    runTo(60);
    expect(cluster.liveReplicas(0)).toBe(2);
    runTo(67);
    expect(cluster.liveReplicas(0)).toBe(0);
    expect(faults.activeCount()).toBe(0);
  });

  test('a mild fill grows for a minute and then leaves 2 % of the disk', () => {
    const { cluster, fault, runTo } = contestedCluster();
    const used = () => (cluster.state.disks.usedBytes[0]! + cluster.effects.values.diskHoard[0]!) / 10e9;
    runTo(20);
    fault('disk.fill', 'mild', 'store-disk-0');
    runTo(51);
    expect(used()).toBeGreaterThan(0.4);
    expect(used()).toBeLessThan(0.6);
    runTo(120);
    expect(used()).toBeCloseTo(0.98, 2);
  });

  test('deleting the files stops a fill that is still growing', () => {
    const { cluster, faults, fault, runTo } = contestedCluster();
    runTo(20);
    fault('disk.fill', 'mild', 'store-disk-0');
    runTo(40);
    cluster.freeDisk(0);
    runTo(60);
    expect(cluster.effects.values.diskHoard[0]).toBe(0);
    expect(faults.activeCount()).toBe(0);
  });

  test('a fault whose effects a repair has ended is over before its time and reported as cured', () => {
    const { cluster, faults, fault, runTo } = contestedCluster();
    const ended: boolean[] = [];
    faults.onEnded = (_, cured) => {
      ended.push(cured);
    };
    runTo(20);
    fault('service.slow', 'mild', 'front');
    const replica = cluster.effects.values.replicaSlow.findIndex((value) => value > 1);
    cluster.restartReplica(replica);
    expect(faults.activeCount()).toBe(0);
    fault('link.delay', 'mild', 'node-a-uplink');
    expect(ended).toEqual([true]);
    runTo(300);
    expect(ended).toEqual([true, false]);
  });

  test('a stated duration replaces the own one of a fault', () => {
    const { cluster, faults, runTo } = contestedCluster();
    const verb = faultVerbs.findIndex(({ name }) => name === 'node.down.mild');
    const component = cluster.topology.offsets.node;
    faults.start({ component, verb }, { durationSeconds: 7 });
    runTo(6.9);
    expect(cluster.effects.values.nodeDown[0]).toBe(1);
    runTo(7);
    expect(cluster.effects.values.nodeDown[0]).toBe(0);
    faults.start({ component, verb }, { durationSeconds: null });
    runTo(2000);
    expect(cluster.effects.values.nodeDown[0]).toBe(1);
  });
});

describe('the rules of the contest', () => {
  test('nothing is legal that costs more than the budget left', () => {
    const { fault, legal, runTo, faults } = contestedCluster({ rules: { chaosBudget: 3.5 } });
    runTo(20);
    fault('service.slow', 'severe', 'front');
    fault('service.leak', 'severe', 'back');
    expect(faults.budgetLeft).toBe(0.5);
    const costs = legal().map((choice) => faultVerbs.find(({ name }) => choice.startsWith(`${name} `))!.severity.cost);
    expect(new Set(costs)).toEqual(new Set([0.5]));
  });

  test('nothing is legal while as many faults as allowed are in force', () => {
    const { fault, legal, runTo } = contestedCluster({ rules: { faultsConcurrentMax: 1 } });
    runTo(20);
    fault('link.loss', 'mild', 'node-a-uplink');
    expect(legal()).toEqual([]);
    runTo(20 + 241);
    expect(legal().length).toBeGreaterThan(0);
  });

  test('a component is left alone during its cooldown, others are not', () => {
    const { fault, legal, runTo, faults } = contestedCluster({ rules: { cooldownSeconds: 30 } });
    runTo(20);
    fault('link.loss', 'mild', 'a--c');
    runTo(45);
    expect(legal().some((choice) => choice.endsWith(' a--c'))).toBe(false);
    expect(legal()).toContain('link.flood.mild b--c');
    runTo(50);
    expect(legal()).toContain('link.flood.mild a--c');
    expect(legal()).not.toContain('link.loss.mild a--c');
    expect(faults.secondsSinceStart(0)).toBe(Infinity);
  });

  test('protected components and kinds that are not allowed are never legal', () => {
    const { legal, runTo } = contestedCluster({
      rules: { protected: [0], faultsAllowed: ['service.slow', 'disk.lost'] },
    });
    runTo(20);
    const kinds = ['service.slow.mild', 'service.slow.severe', 'disk.lost.severe'];
    const places = ['back', 'store', 'store-disk-0', 'store-disk-1'];
    for (const choice of legal()) {
      const [kind, place] = choice.split(' ');
      expect(kinds).toContain(kind);
      expect(places).toContain(place);
    }
    expect(legal()).toContain('service.slow.mild back');
  });

  test('no more replicas of a service are touched than its share, over all faults, but always one', () => {
    const { fault, legal, runTo } = contestedCluster({ rules: { replicaShareMax: 0.34 } });
    runTo(20);
    fault('service.errors', 'severe', 'front');
    expect(legal().some((choice) => choice.startsWith('service.') && choice.endsWith(' front'))).toBe(false);
    expect(legal()).toContain('service.errors.mild back');
  });

  test('a machine is left alone when it holds more of a service than may be touched', () => {
    const services = [serviceSpec('front', { replicas: 3, replicasMax: 3, placement: [0, 0, 1] })];
    const spec = clusterSpec({ services, calls: [] });
    const { legal, runTo } = contestedCluster({ spec, rules: { replicaShareMax: 0.34 } });
    runTo(20);
    expect(legal()).not.toContain('node.down.mild node-a');
    expect(legal()).not.toContain('link.loss.mild node-a-uplink');
    expect(legal()).toContain('node.down.mild node-b');
  });

  test('machines and uplinks of one zone only are faulty at a time', () => {
    const { fault, legal, runTo } = contestedCluster();
    runTo(20);
    fault('link.delay', 'mild', 'node-a-uplink');
    expect(legal().filter((choice) => /node-[bc]/.test(choice))).toEqual([]);
    expect(legal()).toContain('node.down.mild node-a');
    runTo(300);
    expect(legal()).toContain('node.down.mild node-b');
  });
});

describe('what no repair could undo', () => {
  test('the last complete copy of a store is never lost', () => {
    const { cluster, fault, legal, runTo } = contestedCluster();
    runTo(20);
    fault('disk.lost', 'severe', 'store-disk-0');
    expect(cluster.state.replicas.phase[cluster.topology.diskReplica[0]!]).toBe(Phase.backoff);
    const wouldCost = /disk\.(lost|slow|latency|errors|corrupt|pause).* store-disk-1/;
    expect(legal().filter((choice) => wouldCost.test(choice))).toEqual([]);
  });

  test('a store without followers keeps its disk, and may still be filled', () => {
    const store = serviceSpec('store', { replicas: 1, replicasRequired: 1, replicasMax: 1, storage: storageSpec() });
    const spec = clusterSpec({ services: [serviceSpec('front'), store], calls: [callSpec(0, 1)] });
    const { legal, runTo } = contestedCluster({ spec });
    runTo(20);
    const onDisk = legal().filter((choice) => choice.endsWith('store-disk-0'));
    const kinds = new Set(onDisk.map((choice) => choice.replace(/\.(mild|severe) .*/, '')));
    expect([...kinds]).toEqual(['disk.fill', 'disk.stress', 'disk.read-only']);
  });

  test('a machine goes off only where the others have room for what runs on it', () => {
    const tight = [serviceSpec('front', { replicas: 3, replicasMax: 3, placement: [0, 1, 2], cpuRequestCores: 2.5 })];
    const { legal, runTo } = contestedCluster({ spec: clusterSpec({ services: tight, calls: [] }) });
    runTo(20);
    expect(legal()).not.toContain('node.down.mild node-a');
    expect(legal()).not.toContain('link.partition.mild node-a-uplink');
    expect(legal()).toContain('node.cpu-stress.mild node-a');
    expect(legal()).toContain('link.flood.mild node-a-uplink');
  });

  test('room on the machine itself does not count', () => {
    const services = [
      serviceSpec('front', { replicas: 1, replicasMax: 1, placement: [0], cpuRequestCores: 1 }),
      serviceSpec('filler', { placement: [1, 2], replicasMax: 2, cpuRequestCores: 3.5 }),
    ];
    const { legal, runTo } = contestedCluster({ spec: clusterSpec({ services, calls: [] }) });
    runTo(20);
    expect(legal()).not.toContain('node.down.mild node-a');
    expect(legal()).not.toContain('link.delay.mild node-a-uplink');
  });

  test('two zones are parted only where every store has a copy that can lead in a third', () => {
    const { legal, runTo } = contestedCluster();
    runTo(20);
    // The store lies in zones a and b.
    expect(legal()).not.toContain('link.partition.mild a--b');
    expect(legal()).toContain('link.partition.mild a--c');
    expect(legal()).toContain('link.partition.mild b--c');
  });

  test('two zones without a third are never parted under a store', () => {
    const spec = clusterSpec({ zones: ['a', 'b'], nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1)] });
    const { legal, runTo } = contestedCluster({ spec });
    runTo(20);
    expect(legal()).not.toContain('link.partition.mild a--b');
  });

  test('an illegal fault cannot be started', () => {
    const { cluster, faults, fault, runTo } = contestedCluster();
    runTo(20);
    const lost = faultVerbs.findIndex(({ name }) => name === 'disk.lost.severe');
    expect(faults.isPossible({ component: cluster.topology.offsets.disk + 1, verb: lost })).toBe(true);
    fault('disk.lost', 'severe', 'store-disk-0');
    expect(faults.isPossible({ component: cluster.topology.offsets.disk + 1, verb: lost })).toBe(false);
    expect(() => fault('disk.lost', 'severe', 'store-disk-1')).toThrow(/disk\.lost\.severe.*store-disk-1/);
    expect(faults.isPossible({ component: 0, verb: lost })).toBe(false);
  });
});

describe('determinism', () => {
  test('the same seed and actions give the same bits, straight and after a restored snapshot', () => {
    const [one, two] = [contestedCluster({ seed: 5 }), contestedCluster({ seed: 5 })];
    playHalf(one);
    const middle = one.snapshot();
    playRest(one);
    playHalf(two);
    playRest(two);
    expect(one.hash()).toBe(two.hash());
    one.restore(middle);
    playRest(one);
    expect(one.hash()).toBe(two.hash());
    const other = contestedCluster({ seed: 6 });
    playHalf(other);
    playRest(other);
    expect(other.hash()).not.toBe(two.hash());
  });
});

function playHalf(contested: ContestedCluster): void {
  contested.runTo(20);
  contested.fault('disk.fill', 'mild', 'store-disk-0');
  contested.fault('service.slow', 'mild', 'front');
  contested.runTo(40);
}

function playRest(contested: ContestedCluster): void {
  contested.fault('service.kill', 'mild', 'back');
  contested.runTo(100);
}

/** A place where chaos may do this, found as an agent finds it. */
function legalPlace({ legal }: ContestedCluster, verb: string): string {
  const choice = legal().find((each) => each.startsWith(`${verb} `));
  expect(choice, `${verb} is legal nowhere`).toBeDefined();
  return choice!.slice(verb.length + 1);
}

function effectValues({ cluster }: ContestedCluster): Record<string, number[]> {
  const kinds = Object.keys(effectForms) as EffectKind[];
  return Object.fromEntries(kinds.map((kind) => [kind, [...cluster.effects.values[kind]]]));
}
