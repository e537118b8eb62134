import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StateLayout } from '../../src/base/index.ts';
import { clusterTopology, type EffectKind, Effects, effectForms } from '../../src/cluster/index.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const kinds = Object.keys(effectForms) as EffectKind[];

function freshEffects(): Effects {
  const layout = new StateLayout();
  const effects = new Effects(layout, clusterTopology(clusterSpec()));
  layout.build();
  effects.bind();
  effects.reset();
  return effects;
}

describe('effects', () => {
  test('combine as their kind says', () => {
    const effects = freshEffects();
    effects.start({ kind: 'linkLoss', target: 1, value: 0.5, owner: 1 });
    effects.start({ kind: 'linkLoss', target: 1, value: 0.2, owner: 2 });
    effects.start({ kind: 'replicaSlow', target: 0, value: 3, owner: 1 });
    effects.start({ kind: 'replicaSlow', target: 0, value: 2, owner: 2 });
    effects.start({ kind: 'linkThrottle', target: 0, value: 9, owner: 1 });
    effects.start({ kind: 'linkThrottle', target: 0, value: 7, owner: 2 });
    expect(effects.values.linkLoss[1]).toBeCloseTo(0.6, 12);
    expect(effects.values.replicaSlow[0]).toBe(6);
    expect(effects.values.linkThrottle[0]).toBe(7);
    effects.endOwner(2);
    expect(effects.values.linkLoss[1]).toBe(0.5);
    expect(effects.values.replicaSlow[0]).toBe(3);
    expect(effects.values.linkThrottle[0]).toBe(9);
  });

  test('a restart ends what is bound to the process, a move also what is bound to the pod', () => {
    const effects = freshEffects();
    effects.start({ kind: 'replicaHung', target: 0, value: 1, owner: 1 });
    effects.start({ kind: 'replicaCrashing', target: 0, value: 1, owner: 1 });
    effects.endProcess(0);
    expect(effects.values.replicaHung[0]).toBe(0);
    expect(effects.values.replicaCrashing[0]).toBe(1);
    effects.endPod(0);
    expect(effects.values.replicaCrashing[0]).toBe(0);
    expect(effects.hasOwner(1)).toBe(false);
  });

  test('leave every value bit-identical to a fresh one when all have ended, in any order', () => {
    const fresh = freshEffects();
    const one = fc.record({
      kind: fc.constantFrom(...kinds),
      target: fc.integer({ min: 0, max: 1 }),
      value: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      owner: fc.integer({ min: 1, max: 5 }),
    });
    const order = fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5 });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), order, (list, owners) => {
        const effects = freshEffects();
        for (const effect of list) effects.start(effect);
        for (const owner of owners) effects.endOwner(owner);
        for (const kind of kinds) expect(effects.values[kind]).toEqual(fresh.values[kind]);
      }),
      { seed: 7, numRuns: 50 },
    );
  });
});
