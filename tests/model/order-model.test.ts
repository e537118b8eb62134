/** The files of an exported model: they say what the model is, and prove what it computes. */

import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { actionSpec, observationSpec, type RoleSpec } from '../../src/contract/index.ts';
import { type GoldenVector, orderModelFiles } from '../../src/model/index.ts';
import type { NeuralAgent } from '../../src/policies/index.ts';
import { loadModel, logitError, predict, shape, trainedNetwork } from './layers-model.ts';

ort.env.wasm.numThreads = 1;

const features = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${name}.${index}`, unit: 'ratio', meaning: `the ${index}th` }));
const spec: RoleSpec = {
  observation: observationSpec({
    componentFeatures: features('component', shape.componentFeatures),
    clusterFeatures: features('cluster', shape.clusterFeatures),
    criticFeatures: features('critic', shape.criticFeatures),
  }),
  action: actionSpec(features('verb', shape.verbs).map(({ name, meaning }) => ({ name, target: 'node', meaning }))),
};
const agent: NeuralAgent = {
  ...trainedNetwork(2),
  name: 'candidate',
  role: 'order',
  observationHash: spec.observation.hash,
  actionHash: spec.action.hash,
  acts: 'best',
};
const origin = { spec, training: { seed: 7, steps: 1000 }, scores: { repaired: 0.6 }, codeVersion: '1.2.3+test' };
const files = orderModelFiles(agent, origin);
const textOf = (name: string) => String(files[name]);

describe('the files of an exported model', () => {
  test('are the same when exported again', () => {
    expect(Object.keys(files)).toEqual(['model.json', 'weights.bin', 'model.onnx', 'golden.json', 'card.json']);
    expect(orderModelFiles(agent, origin)).toEqual(files);
  });

  test('name every feature and verb with its unit, where it comes from and how good it is', () => {
    const card = JSON.parse(textOf('card.json'));
    expect(card).toMatchObject({
      name: 'candidate',
      role: 'order',
      acts: 'best',
      exportedBy: '1.2.3+test',
      training: { seed: 7, steps: 1000 },
      scores: { repaired: 0.6 },
    });
    const { observation, action } = spec;
    expect(card.observation).toEqual({
      hash: observation.hash,
      componentFeatures: observation.componentFeatures,
      clusterFeatures: observation.clusterFeatures,
    });
    expect(card.action).toEqual(action);
  });

  test('say on the card what the model itself takes and gives, in both formats', async () => {
    const layers = await loadModel(textOf('model.json'), (path) => files[path] as Uint8Array);
    const session = await ort.InferenceSession.create(files['model.onnx'] as Uint8Array);
    const { network } = JSON.parse(textOf('card.json'));
    const widths = network.inputs.map(({ name, shape: lengths }: { name: string; shape: unknown[] }) => [
      name,
      ...lengths.map((length) => (typeof length === 'number' ? length : null)),
    ]);
    expect(widths).toEqual(layers.inputs.map((input) => [input.name, ...input.shape]));
    const names = (values: { name: string }[]) => values.map(({ name }) => name);
    expect([names(network.inputs), names(network.outputs)]).toEqual([session.inputNames, session.outputNames]);
    expect(network.formats.map(({ outputs }: { outputs: string[] }) => outputs)).toEqual([
      layers.outputNames,
      session.outputNames,
    ]);
  });

  test('hold golden vectors that TensorFlow.js reproduces', async () => {
    const model = await loadModel(textOf('model.json'), (path) => files[path] as Uint8Array);
    const { vectors } = JSON.parse(textOf('golden.json')) as { vectors: GoldenVector[] };
    expect(vectors.map(({ components }) => components.length)).toEqual([1, 4, 11]);
    for (const { components, cluster, mask, logits, best } of vectors) {
      const own = predict(model, {
        size: 1,
        count: components.length,
        components: Float32Array.from(components.flat()),
        cluster: Float32Array.from(cluster),
        mask: Uint8Array.from(mask),
      });
      expect(logitError(own, logits)).toBeLessThan(1e-5);
      expect(own.indexOf(Math.max(...own))).toBe(best);
      expect(mask[best]).toBe(1);
    }
  });

  test.each([{ messages: true }, { memoryUnits: 4 }])('are refused for a network with %o', (variant) => {
    expect(() => orderModelFiles({ ...agent, shape: { ...agent.shape, ...variant } }, origin)).toThrow(
      expect.objectContaining({ code: 'EXPORT_UNSUPPORTED', message: expect.stringMatching(/message|memory/) }),
    );
  });

  test('are refused for another spec than the agent was trained on', () => {
    const other = { ...spec, action: actionSpec([{ name: 'other', target: 'node', meaning: 'another verb' }]) };
    expect(() => orderModelFiles(agent, { ...origin, spec: other })).toThrow(
      expect.objectContaining({ code: 'SPEC_MISMATCH' }),
    );
  });
});
