/** How rules are applied: first match per component, legal only, by priority, by how far off, by id. */

import { describe, expect, test } from 'vitest';
import type { Rule, RuleSet } from '../../src/decide/index.ts';
import { RuleEngine } from '../../src/decide/index.ts';
import { createRulesPolicy } from '../../src/policies/index.ts';
import { HandMadeWorld } from '../policies/hand-made-world.ts';

const world = new HandMadeWorld({ front: 'service', back: 'service', disk: 'disk' });
const { spec, topology } = world.context;

function rule(id: string, verb: string, when: Rule['when'], priority = 1): Rule {
  return { id, kind: id.replace(/-\d+$/, ''), when, do: verb, priority, support: 0, precision: 1, regret: 0 };
}

function ruleSet(...rules: Rule[]): RuleSet {
  return { observationHash: spec.observation.hash, actionHash: spec.action.hash, rules };
}

const failing: Rule['when'] = [{ feature: 'signal.errorRatio', op: '>', value: 0.1 }];

/** What fires, as `rule on component`. */
function firings(rules: RuleSet, observation = world.observe({})): string[] {
  const engine = new RuleEngine(rules, spec, topology);
  return engine.firings(observation).map((one) => `${one.rule.id} on ${topology.components[one.component]?.name}`);
}

describe('rules', () => {
  test('fire on components of their kind whose conditions all hold', () => {
    const rules = ruleSet(
      rule('service-1', 'service.restart', [...failing, { feature: 'signal.cpu', op: '<=', value: 0.5 }]),
      rule('disk-1', 'disk.replace', failing),
    );
    const observation = world.observe({
      of: {
        front: { 'signal.errorRatio': 0.2, 'signal.cpu': 0.6 },
        back: { 'signal.errorRatio': 0.2, 'signal.cpu': 0.5 },
        disk: { 'signal.errorRatio': 0.2 },
      },
    });
    expect(firings(rules, observation).sort()).toEqual(['disk-1 on disk', 'service-1 on back']);
  });

  test('may ask for features of the cluster', () => {
    const rules = ruleSet(
      rule('service-1', 'service.restart', [{ feature: 'cluster.door.shed', op: '>', value: 0.5 }]),
    );
    expect(firings(rules, world.observe({ cluster: { 'door.shed': 1 } }))).toHaveLength(2);
    expect(firings(rules, world.observe({ cluster: { 'door.shed': 0.5 } }))).toEqual([]);
  });

  test('go in their order on one component, and the next one fires where a repair is not on offer', () => {
    const rules = ruleSet(
      rule('service-1', 'service.restart', failing),
      rule('service-2', 'service.reschedule', failing, 9),
    );
    const of = { front: { 'signal.errorRatio': 0.2 } };
    expect(firings(rules, world.observe({ of }))).toEqual(['service-1 on front']);
    expect(firings(rules, world.observe({ of, illegal: ['service.restart'] }))).toEqual(['service-2 on front']);
  });

  test('of several components the highest priority goes first, then the one farthest off, then the first', () => {
    const rules = ruleSet(rule('service-1', 'service.restart', failing), rule('disk-1', 'disk.replace', failing, 2));
    const order = (front: number, back: number) =>
      firings(
        rules,
        world.observe({
          of: {
            front: { 'signal.errorRatio': front },
            back: { 'signal.errorRatio': back },
            disk: { 'signal.errorRatio': 0.2 },
          },
        }),
      );
    expect(order(0.3, 0.4)).toEqual(['disk-1 on disk', 'service-1 on back', 'service-1 on front']);
    expect(order(0.3, 0.3)).toEqual(['disk-1 on disk', 'service-1 on front', 'service-1 on back']);
  });

  test('for other features or verbs are refused', () => {
    const rules = { ...ruleSet(), observationHash: 'other' };
    expect(() => new RuleEngine(rules, spec, topology)).toThrow(expect.objectContaining({ code: 'SPEC_MISMATCH' }));
  });
});

describe('a policy that plays rules', () => {
  test('does what the first of them asks for, else nothing', () => {
    const policy = createRulesPolicy(ruleSet(rule('service-1', 'service.restart', failing)));
    policy.reset(world.context);
    expect(world.words(policy.act(world.observe({ of: { back: { 'signal.errorRatio': 0.2 } } })))).toBe(
      'service.restart on back',
    );
    expect(policy.act(world.observe({}))).toBe(0);
  });
});
