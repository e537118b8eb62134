import { describe, expect, it } from 'vitest';
import type { Observation, Policy } from '../../src/contract/index.ts';
import { createRunbookPolicy } from '../../src/policies/index.ts';
import { foreignContext, HandMadeWorld } from './hand-made-world.ts';

const shop = new HandMadeWorld(
  {
    web: 'service',
    cart: 'service',
    store: 'service',
    'node-1': 'node',
    'node-1-uplink': 'link',
    'store-disk-0': 'disk',
  },
  {
    needs: {
      web: ['cart', 'node-1'],
      cart: ['store', 'node-1'],
      store: ['store-disk-0', 'node-1'],
      'node-1': ['node-1-uplink'],
    },
  },
);
const usersSuffer = { 'door.successDeficit': 0.5 };
const failing = { 'signal.errorRatio': 0.4 };

function started(): Policy {
  const policy = createRunbookPolicy();
  policy.reset(shop.context);
  return policy;
}

/** What the runbook does first, seeing the same for a while. */
function firstAction(policy: Policy, observation: Observation): string {
  for (let decision = 0; decision < 6; decision += 1) {
    const choice = policy.act(observation);
    if (choice !== 0) return shop.words(choice);
  }
  return 'nothing';
}

describe('the runbook', () => {
  it('leaves a healthy system alone', () => {
    expect(firstAction(started(), shop.observe())).toBe('nothing');
  });

  it('frees a disk that is filling up', () => {
    const observation = shop.observe({ of: { 'store-disk-0': { 'signal.diskUsed': 0.93 } } });
    expect(firstAction(started(), observation)).toBe('disk.free-space on store-disk-0');
  });

  it('waits one decision for a symptom to last', () => {
    const policy = started();
    expect(policy.act(shop.observe({ of: { 'store-disk-0': { 'signal.diskUsed': 0.93 } } }))).toBe(0);
    expect(policy.act(shop.observe())).toBe(0);
    expect(policy.act(shop.observe({ of: { 'store-disk-0': { 'signal.diskUsed': 0.93 } } }))).toBe(0);
  });

  it('treats the disk, not the services above it that fail because of it', () => {
    const observation = shop.observe({
      cluster: usersSuffer,
      of: { web: failing, cart: failing, store: failing, 'store-disk-0': { 'signal.diskUsed': 0.99 } },
    });
    expect(firstAction(started(), observation)).toBe('disk.free-space on store-disk-0');
  });

  it('treats the deepest failing service when nothing below it is ill', () => {
    const observation = shop.observe({ cluster: usersSuffer, of: { web: failing, cart: failing } });
    expect(firstAction(started(), observation)).toBe('service.restart on cart');
  });

  it('does not restart a failing service while users get what they want', () => {
    expect(firstAction(started(), shop.observe({ of: { cart: failing } }))).toBe('nothing');
  });

  it('boots a machine that is gone rather than the replicas that went with it', () => {
    const unready = { 'signal.readyRatio': 0.5 };
    const observation = shop.observe({ of: { 'node-1': { 'signal.nodeReady': 0 }, web: unready, cart: unready } });
    expect(firstAction(started(), observation)).toBe('node.reboot on node-1');
  });

  it('goes on to the next repair when the first did not help', () => {
    const policy = started();
    const full = { 'signal.diskUsed': 0.95 };
    expect(firstAction(policy, shop.observe({ of: { 'store-disk-0': full } }))).toBe('disk.free-space on store-disk-0');
    const later = shop.observe({ of: { 'store-disk-0': { ...full, 'repair.recency': 0.5, 'repair.succeeded': 1 } } });
    expect(shop.words(policy.act(later))).toBe('disk.replace on store-disk-0');
  });

  it('gives a repair time to work before the next one', () => {
    const policy = started();
    const full = { 'signal.diskUsed': 0.95 };
    firstAction(policy, shop.observe({ of: { 'store-disk-0': full } }));
    const working = shop.observe({ of: { 'store-disk-0': { ...full, 'repair.inProgress': 1 } } });
    expect(firstAction(policy, working)).toBe('nothing');
    const justDone = shop.observe({
      of: { 'store-disk-0': { ...full, 'repair.recency': 0.98, 'repair.succeeded': 1 } },
    });
    expect(firstAction(policy, justDone)).toBe('nothing');
  });

  it('asks for the same repair again when nothing was done in its place', () => {
    const policy = started();
    const full = shop.observe({ of: { 'store-disk-0': { 'signal.diskUsed': 0.95 } } });
    for (let decision = 0; decision < 3; decision += 1) {
      expect(firstAction(policy, full)).toBe('disk.free-space on store-disk-0');
      policy.overruled?.(0);
    }
  });

  it('takes in the repair that somebody did in place of its own', () => {
    const policy = started();
    const full = { 'signal.diskUsed': 0.95 };
    firstAction(policy, shop.observe({ of: { 'store-disk-0': full } }));
    policy.overruled?.(shop.choice('disk.replace', 'store-disk-0'));
    const later = shop.observe({ of: { 'store-disk-0': { ...full, 'repair.recency': 0.5, 'repair.succeeded': 1 } } });
    expect(shop.words(policy.act(later))).toBe('disk.free-space on store-disk-0');
  });

  it('takes a repair of the service above an ill disk as one for the disk', () => {
    const policy = started();
    const slow = { 'signal.diskAwait': 0.9 };
    const hurting = { store: failing, 'store-disk-0': { ...slow, 'dependents.max.anomaly': 0.4 } };
    expect(policy.act(shop.observe({ cluster: usersSuffer, of: hurting }))).toBe(0);
    policy.overruled?.(shop.choice('service.fail-over', 'store'));
    expect(firstAction(policy, shop.observe({ cluster: usersSuffer, of: hurting }))).toBe(
      'disk.replace on store-disk-0',
    );
  });

  it('skips a repair that is not offered', () => {
    const observation = shop.observe({
      of: { 'store-disk-0': { 'signal.diskUsed': 0.95 } },
      illegal: ['disk.free-space'],
    });
    expect(firstAction(started(), observation)).toBe('disk.replace on store-disk-0');
  });

  it('repairs around a link through the machine behind it when the link itself offers nothing', () => {
    const observation = shop.observe({
      cluster: usersSuffer,
      of: { 'node-1-uplink': { 'signal.loss': 0.2 } },
      illegal: ['link.reroute', 'link.throttle'],
    });
    expect(firstAction(started(), observation)).toBe('node.drain on node-1');
  });

  it('fails a store over when its disk hurts it, and replaces the disk of a spare replica', () => {
    const slow = { 'signal.diskAwait': 0.9 };
    const hurting = shop.observe({
      cluster: usersSuffer,
      of: { store: failing, 'store-disk-0': { ...slow, 'dependents.max.anomaly': 0.4 } },
    });
    expect(firstAction(started(), hurting)).toBe('service.fail-over on store');
    expect(firstAction(started(), shop.observe({ of: { 'store-disk-0': slow } }))).toBe('disk.replace on store-disk-0');
  });

  it('does not touch a bad link while users get what they want', () => {
    const observation = shop.observe({ of: { 'node-1-uplink': { 'signal.loss': 0.2 } } });
    expect(firstAction(started(), observation)).toBe('nothing');
  });

  it('leaves a service alone while what it needs is under repair', () => {
    const observation = shop.observe({
      of: { store: { 'signal.readyRatio': 0.5 }, 'store-disk-0': { 'repair.inProgress': 1 } },
    });
    expect(firstAction(started(), observation)).toBe('nothing');
  });

  it('forgets an earlier episode at reset', () => {
    const policy = started();
    const full = shop.observe({ of: { 'store-disk-0': { 'signal.diskUsed': 0.95 } } });
    firstAction(policy, full);
    policy.reset(shop.context);
    expect(policy.act(full)).toBe(0);
    expect(shop.words(policy.act(full))).toBe('disk.free-space on store-disk-0');
  });

  it('refuses an environment whose features it does not know', () => {
    expect(() => createRunbookPolicy().reset(foreignContext())).toThrow(/no feature/);
  });
});
