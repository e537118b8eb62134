import { describe, expect, test } from 'vitest';
import { createEnvironment, createVectorEnvironment } from '../../src/environment/index.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { smallScenario } from '../support/small-scenario.ts';

/** The same cluster without its last node: fewer components. */
function smallerScenario() {
  const scenario = smallScenario();
  const cluster = clusterSpec();
  return { ...scenario, name: 'smaller', cluster: { ...cluster, nodes: cluster.nodes.slice(0, 2) } };
}

describe('the vector form', () => {
  test('holds the same numbers as single environments, whatever their sizes', () => {
    const scenarios = [smallScenario(), smallerScenario()];
    const vector = createVectorEnvironment(scenarios, { engine: 'flow', size: 2 });
    const singles = scenarios.map((scenario) => createEnvironment(scenario, { engine: 'flow' }));
    const silence = { chaos: new Int32Array(2), order: new Int32Array(2) };
    for (const [index, single] of singles.entries()) {
      vector.resetOne(index, 9 + index);
      single.reset({ seed: 9 + index });
    }
    for (let step = 0; step < 5; step += 1) {
      const mask = vector.buffers.chaos.mask;
      silence.chaos[0] = step === 2 ? mask.lastIndexOf(1, mask.length / 2 - 1) : 0;
      vector.step(silence);
      for (const [index, single] of singles.entries()) {
        const { observations, rewards } = single.step({ chaos: silence.chaos[index]!, order: 0 });
        for (const role of ['chaos', 'order'] as const) {
          expect(vector.buffers[role].rewards[index]).toBe(Math.fround(rewards[role]!));
          for (const part of ['components', 'cluster', 'critic', 'mask'] as const) {
            const all = vector.buffers[role][part];
            const start = (index * all.length) / 2;
            const length = observations[role]![part].length;
            expect(Array.from(all.slice(start, start + length))).toEqual(Array.from(observations[role]![part]));
          }
        }
      }
    }
  });

  test('keeps the final observation until the environment is reset', () => {
    const vector = createVectorEnvironment([smallScenario()], { engine: 'flow', size: 1 });
    vector.resetOne(0, 1);
    const silence = { chaos: new Int32Array(1), order: new Int32Array(1) };
    while (vector.terminated[0] === 0) vector.step(silence);
    expect(vector.episodeSummary(0)).toMatchObject({ repaired: 1, quiet: 1, faults: 0 });
    expect(() => vector.step(silence)).toThrowError(/reset/);
    vector.resetOne(0, 2);
    expect(vector.terminated[0]).toBe(0);
  });

  test('a restored environment goes on exactly as before', () => {
    const vector = createVectorEnvironment([smallScenario()], { engine: 'flow', size: 1 });
    const silence = { chaos: new Int32Array(1), order: new Int32Array(1) };
    vector.resetOne(0, 1);
    for (let step = 0; step < 4; step += 1) vector.step(silence);
    const state = vector.snapshotOne(0);
    vector.step(silence);
    const after = Array.from(vector.buffers.order.components);
    vector.resetOne(0, 5);
    vector.restoreOne(0, state);
    vector.step(silence);
    expect(Array.from(vector.buffers.order.components)).toEqual(after);
  });
});
