/** A trained network as a policy, and drawing from masked logits. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { actionSpec, type Observation, observationSpec, type PolicyContext } from '../../src/contract/index.ts';
import { initialWeights, type NetworkShape, parameterGroup, parameterTable } from '../../src/neural/index.ts';
import { bestChoice, createNeuralPolicy, MaskedCategorical, type NeuralAgent } from '../../src/policies/index.ts';

const shape: NetworkShape = {
  componentFeatures: 2,
  clusterFeatures: 1,
  criticFeatures: 1,
  verbs: 2,
  encoderUnits: 8,
  embeddingUnits: 4,
  headUnits: 8,
  valueUnits: 4,
};
const feature = (name: string) => ({ name, unit: '1', meaning: name });
const spec = {
  observation: observationSpec({
    componentFeatures: [feature('a'), feature('b')],
    clusterFeatures: [feature('c')],
    criticFeatures: [feature('d')],
  }),
  action: actionSpec([
    { name: 'mend', target: 'thing', meaning: 'mend' },
    { name: 'swap', target: 'thing', meaning: 'swap' },
  ]),
};

function agentOf(changes: Partial<NeuralAgent> = {}): NeuralAgent {
  const identity = (width: number) => ({ means: new Float32Array(width), factors: new Float32Array(width).fill(1) });
  const scaling = { components: identity(2), cluster: identity(1), critic: identity(1) };
  const hashes = { observationHash: spec.observation.hash, actionHash: spec.action.hash };
  const own = {
    name: 'tested',
    role: 'order',
    shape,
    weights: initialWeights(shape, 1),
    scaling,
    acts: 'best' as const,
  };
  return { ...own, ...hashes, ...changes };
}

function contextOf(components: number, changes: Partial<PolicyContext> = {}): PolicyContext {
  const things = Array.from({ length: components }, (_, index) => ({ kind: 'thing', name: `thing-${index}` }));
  const none = things.map(() => []);
  const topology = { components: things, dependencies: none, dependents: none };
  return { role: 'order', topology, spec, seed: 1, ...changes };
}

function observationOf(components: number, mask?: readonly number[]): Observation {
  return {
    components: Float32Array.from({ length: components * 2 }, (_, index) => Math.sin(index)),
    cluster: Float32Array.of(0.5),
    critic: Float32Array.of(0),
    mask: Uint8Array.from(mask ?? new Array<number>(components * 2 + 1).fill(1)),
  };
}

describe('a neural policy', () => {
  test('always takes the same choice when it acts best', () => {
    const policy = createNeuralPolicy(agentOf());
    policy.reset(contextOf(3));
    const choices = Array.from({ length: 20 }, () => policy.act(observationOf(3)));
    expect(new Set(choices).size).toBe(1);
  });

  test('draws different choices when it samples, the same ones with the same seed', () => {
    const draw = (seed: number) => {
      const policy = createNeuralPolicy(agentOf({ acts: 'samples' }));
      policy.reset(contextOf(3, { seed }));
      return Array.from({ length: 40 }, () => policy.act(observationOf(3)));
    };
    expect(new Set(draw(1)).size).toBeGreaterThan(3);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });

  test.each(['best', 'samples'] as const)('never takes a masked choice when it acts %s', (acts) => {
    const policy = createNeuralPolicy(agentOf({ acts }));
    policy.reset(contextOf(2));
    const mask = [0, 0, 1, 0, 1];
    for (let index = 0; index < 30; index++) expect([2, 4]).toContain(policy.act(observationOf(2, mask)));
  });

  test('plays clusters of any size', () => {
    const policy = createNeuralPolicy(agentOf());
    for (const components of [1, 7, 2]) {
      policy.reset(contextOf(components));
      expect(policy.act(observationOf(components))).toBeLessThan(components * 2 + 1);
    }
  });

  test('scales what it sees as in training', () => {
    const factors = { means: Float32Array.of(0.3, -0.1), factors: Float32Array.of(4, 0.2) };
    const scaled = agentOf({ scaling: { ...agentOf().scaling, components: factors } });
    // Sharp weights, so that a difference in features shows in the choice.
    const { offset, rows, columns } = parameterGroup(parameterTable(shape), 'head.verbs.weights');
    for (let at = offset; at < offset + rows * columns; at++) scaled.weights[at]! *= 1000;
    const observation = observationOf(6);
    const { components } = observation;
    const byHand = components.map((value, at) => (value - factors.means[at % 2]!) * factors.factors[at % 2]!);
    const plain = createNeuralPolicy({ ...scaled, scaling: agentOf().scaling });
    const policy = createNeuralPolicy(scaled);
    plain.reset(contextOf(6));
    policy.reset(contextOf(6));
    expect(policy.act(observation)).toBe(plain.act({ ...observation, components: byHand }));
    expect(policy.act(observation)).not.toBe(plain.act(observation));
  });

  test('hears the neighbours of the topology it was told at reset, if its network has messages', () => {
    const heard = { ...shape, messages: true };
    const agent = agentOf({ shape: heard, weights: initialWeights(heard, 3) });
    const table = parameterTable(heard);
    const { offset, rows, columns } = parameterGroup(table, 'head.verbs.weights');
    for (let at = offset; at < offset + rows * columns; at++) agent.weights[at]! *= 1000;
    const policy = createNeuralPolicy(agent);
    const choiceAmong = (dependencies: number[][]): number => {
      const context = contextOf(6);
      const dependents = dependencies.map((_, id) => {
        return dependencies.flatMap((list, other) => (list.includes(id) ? [other] : []));
      });
      policy.reset({ ...context, topology: { ...context.topology, dependencies, dependents } });
      return policy.act(observationOf(6));
    };
    const chain = [[1], [2], [3], [4], [5], []];
    const star = [[], [0], [0], [0], [0], [0]];
    expect(choiceAmong(star)).not.toBe(choiceAmong(chain));
    expect(choiceAmong(chain)).toBe(choiceAmong(chain));
  });

  test('remembers over an episode if its network has a memory, and nothing beyond it', () => {
    const remembering = { ...shape, memoryUnits: 6 };
    const stream = new RandomStream(4, 'test');
    const weights = initialWeights(remembering, 3).map(() => 3 * stream.normal());
    const policy = createNeuralPolicy(agentOf({ shape: remembering, weights }));
    // A decision without a choice is remembered as well.
    const episode = (...firsts: number[]): number[] => {
      policy.reset(contextOf(4));
      for (const first of firsts) {
        const observation = observationOf(4, [1, 0, 0, 0, 0, 0, 0, 0, 0]);
        policy.act({ ...observation, components: observation.components.map((value) => value * first) });
      }
      return Array.from({ length: 3 }, () => policy.act(observationOf(4)));
    };
    const fresh = episode();
    expect(new Set([1, -1, 5, -5].map((first) => episode(first, first).join())).size).toBeGreaterThan(1);
    expect(episode()).toEqual(fresh);
  });

  test.each([
    ['another role', { role: 'chaos' }, {}],
    ['other features', {}, { observationHash: 'other' }],
    ['other actions', {}, { actionHash: 'other' }],
  ])('refuses %s than it was trained for', (_, context, agent) => {
    const policy = createNeuralPolicy(agentOf(agent));
    expect(() => policy.reset(contextOf(2, context))).toThrow(expect.objectContaining({ code: 'SPEC_MISMATCH' }));
  });
});

describe('drawing from masked logits', () => {
  const logits = Float32Array.of(9, 0, Math.log(3), -1e8, 50);
  const mask = Uint8Array.of(0, 0, 1, 1, 0, 1);
  // Logits 1 .. 4 with mask entries 2 .. 5: two legal ones, in the ratio 1 : 3, and the excluded -1e8; the last is 50.
  const at = { logitsStart: 1, maskStart: 2, count: 3 };

  test('takes choices in proportion to their weight', () => {
    const categorical = new MaskedCategorical(5);
    const stream = new RandomStream(1, 'test');
    const drawn = Array.from({ length: 4000 }, () => categorical.sample(logits, mask, at, stream.uniform()));
    expect(drawn.filter((choice) => choice === 0).length / 4000).toBeCloseTo(0.25, 1);
    expect(drawn.filter((choice) => choice === 1).length / 4000).toBeCloseTo(0.75, 1);
  });

  test('tells the log-probability of what was drawn', () => {
    const categorical = new MaskedCategorical(5);
    expect(categorical.sample(logits, mask, at, 0.9)).toBe(1);
    expect(categorical.logProbability).toBeCloseTo(Math.log(0.75), 6);
    expect(categorical.sample(logits, mask, at, 0)).toBe(0);
    expect(categorical.logProbability).toBeCloseTo(Math.log(0.25), 6);
  });

  test('takes the first of the best when asked for the best', () => {
    expect(
      bestChoice(Float32Array.of(1, 5, 5, 9), Uint8Array.of(1, 1, 1, 0), { logitsStart: 0, maskStart: 0, count: 4 }),
    ).toBe(1);
  });

  test('refuses a mask without a legal choice', () => {
    const nothing = () =>
      new MaskedCategorical(2).sample(logits, new Uint8Array(2), { logitsStart: 0, maskStart: 0, count: 2 }, 0);
    expect(nothing).toThrow('legal choice');
  });
});
