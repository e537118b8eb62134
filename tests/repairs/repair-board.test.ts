import { describe, expect, test } from 'vitest';
import { repairCatalogueMarkdown, repairKinds } from '../../src/repairs/index.ts';
import { type ContestedCluster, contestedCluster } from '../support/contested-cluster.ts';

const STORE = 2;

describe('price and risk', () => {
  test('a repair is charged at its start, whether it can work or not', () => {
    const { repair, repairs, runTo } = contestedCluster();
    runTo(20);
    repair('service.restart-unready', 'front');
    expect(repairs.spent).toBe(0.5);
    expect(repairs.inProgressCount()).toBe(1);
    runTo(40);
    expect(repairs.failed).toBe(1);
    expect(repairs.inProgressCount()).toBe(0);
    expect(repairs.spent).toBe(0.5);
  });

  test('attempts fail as often as stated, and then change nothing that lasts', () => {
    let failures = 0;
    const attempts = 400;
    const { cluster, repair, repairs, runTo } = contestedCluster({ repairBudget: 1e6 });
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      repair('service.fail-over', 'store');
      const leader = cluster.state.services.leader[STORE];
      runTo(attempt * 10);
      if (repairs.lastOutcome(STORE) === 'succeeded') continue;
      failures += 1;
      expect(cluster.state.services.leader[STORE]).toBe(leader);
    }
    // 5 % of 400, within 3.3 standard errors.
    expect(failures).toBeGreaterThan(5);
    expect(failures).toBeLessThan(35);
  });

  test('a budget that is spent offers nothing', () => {
    const { repair, offered, runTo } = contestedCluster({ repairBudget: 2.4 });
    runTo(20);
    repair('node.reboot', 'node-a');
    expect(offered()).toEqual([]);
  });

  test('the documentation lists every repair', () => {
    const text = repairCatalogueMarkdown();
    for (const { name, needs } of repairKinds) {
      expect(text).toContain(`| \`${name}\` |`);
      expect(text).toContain(`| ${needs} |`);
    }
    expect(text.split('\n')).toHaveLength(repairKinds.length + 3);
  });
});

describe('what is offered', () => {
  test('in a healthy cluster only what makes sense by its declaration', () => {
    const { offered, runTo } = contestedCluster();
    runTo(20);
    expect(offered()).toEqual([
      'service.restart front',
      'service.reschedule front',
      'service.roll-back front',
      'service.scale-out front',
      'service.shed-load front',
      'service.restart back',
      'service.reschedule back',
      'service.roll-back back',
      'service.scale-out back',
      'service.disable-retries back',
      'service.restart store',
      'service.reschedule store',
      'service.roll-back store',
      'service.fail-over store',
      'service.disable-retries store',
      'node.drain node-a',
      'node.resync-clock node-a',
      'node.drain node-b',
      'node.resync-clock node-b',
      'node.drain node-c',
      'node.resync-clock node-c',
      'link.reroute node-a-uplink',
      'link.reroute node-b-uplink',
      'link.reroute node-c-uplink',
      'link.reroute a--b',
      'link.reroute a--c',
      'link.reroute b--c',
      'disk.restore store-disk-0',
      'disk.replace store-disk-0',
      'disk.restore store-disk-1',
      'disk.replace store-disk-1',
    ]);
  });

  test('nothing on a component where a repair is in progress', () => {
    const { repair, offered, runTo } = contestedCluster();
    runTo(20);
    repair('service.restart', 'front');
    expect(offered().filter((choice) => choice.endsWith(' front'))).toEqual([]);
    runTo(60);
    expect(offered()).toContain('service.restart front');
  });

  test('it follows what monitoring has delivered, not what is true', () => {
    const { fault, offered, runTo } = contestedCluster();
    runTo(20);
    fault('disk.fill', 'severe', 'store-disk-0');
    fault('node.down', 'severe', 'node-a');
    const before = offered();
    expect(before).not.toContain('disk.free-space store-disk-0');
    expect(before).not.toContain('node.reboot node-a');
    runTo(25);
    expect(offered()).toContain('disk.free-space store-disk-0');
    expect(offered()).not.toContain('node.reboot node-a');
    // A machine is known to be gone after its grace.
    runTo(75);
    expect(offered()).toContain('node.reboot node-a');
  });

  test('an active fault alone does not change it', () => {
    const masks = ['none', 'service.slow', 'service.kill', 'node.down', 'link.partition', 'disk.lost'].map((name) => {
      const { fault, offered, runTo, cluster } = contestedCluster();
      runTo(20);
      const kind = name.split('.')[0];
      const place = { service: 'front', node: 'node-a', link: 'node-a-uplink', disk: 'store-disk-1' }[kind ?? ''];
      if (place !== undefined) fault(name, 'severe', place);
      expect(cluster.nowSeconds).toBe(20);
      return offered();
    });
    for (const mask of masks) expect(mask).toEqual(masks[0]);
  });

  test('what would work is known only to the privileged', () => {
    const { cluster, fault, repairs, offered, runTo } = contestedCluster();
    const replace = {
      component: cluster.topology.offsets.disk,
      verb: repairKinds.findIndex(({ name }) => name === 'disk.replace'),
    };
    runTo(20);
    expect(repairs.wouldWork(replace)).toBe(true);
    fault('disk.lost', 'severe', 'store-disk-1');
    expect(repairs.wouldWork(replace)).toBe(false);
    expect(offered()).toContain('disk.replace store-disk-0');
  });
});

describe('determinism', () => {
  test('the same seed and actions give the same bits, straight and after a restored snapshot', () => {
    const [one, two] = [contestedCluster({ seed: 5 }), contestedCluster({ seed: 5 })];
    const middles = [one, two].map((contested) => {
      contested.runTo(20);
      contested.repair('service.restart', 'front');
      contested.repair('node.drain', 'node-b');
      contested.repair('disk.replace', 'store-disk-1');
      contested.runTo(27);
      return contested.snapshot();
    });
    for (const contested of [one, two]) finish(contested);
    expect(one.hash()).toBe(two.hash());
    one.restore(middles[0]!);
    finish(one);
    expect(one.hash()).toBe(two.hash());
  });
});

function finish(contested: ContestedCluster): void {
  contested.runTo(50);
  contested.repair('service.shed-load', 'front');
  contested.runTo(120);
}
